/** The asked-for moment of a drawing, brought into the range it has. */
export function frameOf<const Frames extends readonly number[]>(asked: number, frames: Frames): Frames[number] {
  const within = Math.min(frames.length, Math.max(1, Math.round(asked))) - 1;
  return frames[within] ?? (frames[0] as Frames[number]);
}
