// The slider's scale: 10 to 100,000 calls a month, twenty even steps to each tenfold, rounded to two figures.
export const POSITIONS = 80;
const LOWEST = 10;

export function callsAt(position: number): number {
  const exact = LOWEST * 10 ** (position / 20);
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(exact)) - 1);
  return Math.round(exact / unit) * unit;
}

/** The nearest position for a volume that may lie between two or outside the scale. */
export function positionOf(calls: number): number {
  const exact = Math.log10(Math.max(LOWEST, calls) / LOWEST) * 20;
  return Math.min(POSITIONS, Math.round(exact));
}
