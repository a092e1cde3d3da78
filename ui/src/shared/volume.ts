// The even scale every slider of calls stands on: 10 to 1,000,000 a month, each step a round number.
export const VOLUMES: readonly number[] = [
  10, 20, 30, 50, 80, 100, 150, 200, 300, 500, 800, 1_000, 1_500, 2_000, 3_000, 5_000, 8_000, 10_000, 20_000, 50_000,
  100_000, 200_000, 500_000, 1_000_000,
];

/** The slider's position for a volume the host speaks of: the first step that is not below it. */
export function positionOf(calls: number): number {
  const found = VOLUMES.findIndex((volume) => volume >= calls);
  return found < 0 ? VOLUMES.length - 1 : found;
}

export function volumeAt(position: number): number {
  return VOLUMES[Math.min(VOLUMES.length - 1, Math.max(0, Math.round(position)))] ?? 0;
}
