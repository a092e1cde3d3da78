// What the curve draws, as plain numbers: days are midnights in UTC, so that no computer's time zone moves them.
import type { Day, Instant, UsageDays, UsagePeriods } from "@/ipc/bindings";
import { dayAt } from "@/shared/days";

export type Grain = "day" | "week" | "month";

/** One bar, or one estimate. */
export interface Point {
  readonly day: Day;
  /** Seconds, as the chart counts. */
  readonly at: number;
  readonly known: UsageDays | null;
  /** A day that is not over. */
  readonly open: boolean;
  /** Its calls are the mean of several days of which only the sum is known. */
  readonly mean: boolean;
  /** Calls as drawn: of several days with one sum, the mean of a day. */
  readonly calls: number | null;
  readonly ahead: { readonly p10: number; readonly p50: number; readonly p90: number } | null;
}

export const DAY = 86_400;

export const seconds = (day: Instant | Day): number => Date.parse(`${day.slice(0, 10)}T00:00:00Z`) / 1000;

/** Past and future in one row, oldest first. A day of which both are known keeps both. */
export function points(periods: UsagePeriods, grain: Grain, soFar: UsageDays | null): Point[] {
  const found = new Map<Day, Point>();
  const past = (known: UsageDays, open: boolean) => {
    const spread = grain === "day" ? known.days : 1;
    for (let offset = 0; offset < spread; offset += 1) {
      const at = seconds(known.day) + offset * DAY;
      const calls = known.calls === null ? null : known.calls / spread;
      const day = dayAt(at);
      found.set(day, { day, at, known, open, mean: spread > 1, calls, ahead: null });
    }
  };
  for (const known of periods.past) past(known, false);
  if (soFar && grain === "day") past(soFar, true);
  for (const { day, p10, p50, p90 } of periods.ahead) {
    const here = found.get(day) ?? { day, at: seconds(day), known: null, open: false, mean: false, calls: null };
    found.set(day, { ...here, ahead: { p10, p50, p90 } });
  }
  return [...found.values()].sort((a, b) => a.at - b.at);
}

/** Drawn in outline: a sum of several days, shared out; or a day that is not over. */
export const isLoose = (point: Point): boolean =>
  point.open || point.mean || point.known?.origin === "estimated" || point.known?.origin === "typed_in";

/** The columns of the chart: time, whole bars, loose bars, low, high, middle. */
export function columns(row: readonly Point[]): (number | null)[][] {
  return [
    row.map((point) => point.at),
    row.map((point) => (isLoose(point) ? null : point.calls)),
    row.map((point) => (isLoose(point) ? point.calls : null)),
    row.map((point) => point.ahead?.p10 ?? null),
    row.map((point) => point.ahead?.p90 ?? null),
    row.map((point) => point.ahead?.p50 ?? null),
  ];
}

/** A stretch of time on screen. */
export interface Range {
  readonly from: number;
  readonly until: number;
}

/** What is seen first: a few months on both sides of now; everything, when that is less. */
export function firstRange(row: readonly Point[], grain: Grain): Range {
  const first = row[0]?.at ?? 0;
  const last = row.at(-1)?.at ?? first;
  const now = row.findLast((point) => point.known !== null)?.at ?? first;
  const reach = { day: 60, week: 364, month: 1100 }[grain] * DAY;
  const room = { day: 1, week: 7, month: 31 }[grain] * DAY;
  return { from: Math.max(first - room / 2, now - reach), until: Math.min(last + room, now + reach * 0.7) };
}

/** Nearer or farther, around a place that stays where it is; never farther than everything. */
export function zoomed(range: Range, factor: number, around: number, whole: Range): Range {
  const least = 5 * DAY;
  const length = Math.min(Math.max((range.until - range.from) * factor, least), whole.until - whole.from);
  const share = (around - range.from) / (range.until - range.from);
  const from = Math.min(Math.max(around - length * share, whole.from), whole.until - length);
  return { from, until: from + length };
}

/** Moved so that a place is in sight. */
export function showing(range: Range, at: number): Range {
  if (at >= range.from && at <= range.until) return range;
  const length = range.until - range.from;
  const from = at < range.from ? at - length * 0.1 : at - length * 0.9;
  return { from, until: from + length };
}

/** Where a stretch of time lies in a range, in percent; nothing when it is out of sight. */
export function placed(range: Range, from: number, until: number): { left: number; width: number } | null {
  const start = Math.max(from, range.from);
  const end = Math.min(until, range.until);
  if (end <= start) return null;
  const length = range.until - range.from;
  return { left: ((start - range.from) / length) * 100, width: ((end - start) / length) * 100 };
}

/** What was used, newest first, then what is ahead, nearest first: nobody looks up the day in three months first. */
export function inReadingOrder(points: readonly Point[]): Point[] {
  const past = points.filter((point) => point.known);
  return [...past.toReversed(), ...points.filter((point) => !point.known)];
}
