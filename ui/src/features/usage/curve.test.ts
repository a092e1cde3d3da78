import { describe, expect, it } from "vitest";

import type { Day, UsageAhead, UsageDays } from "@/ipc/bindings";
import { dayAt } from "@/shared/days";
import { typed } from "@/testing/typed";

import { columns, DAY, firstRange, inReadingOrder, isLoose, placed, points, seconds, showing, zoomed } from "./curve";

const days = (day: Day, count: number, calls: number | null, origin: UsageDays["origin"] = "derived"): UsageDays => ({
  day,
  days: count,
  calls,
  origin,
});

describe("points", () => {
  const past = [days(typed("2026-11-17"), 3, 30), days(typed("2026-11-20"), 1, 7), days(typed("2026-11-21"), 1, null)];
  const ahead: UsageAhead[] = [
    { day: typed("2026-11-22"), p10: 1, p50: 4, p90: 9 },
    { day: typed("2026-11-23"), p10: 2, p50: 5, p90: 9 },
  ];
  const row = points({ past, ahead }, "day", days(typed("2026-11-22"), 1, 2));

  it("stand in one row, a sum of several days as its mean", () => {
    expect(row.map((point) => [point.day, point.calls])).toEqual([
      ["2026-11-17", 10],
      ["2026-11-18", 10],
      ["2026-11-19", 10],
      ["2026-11-20", 7],
      ["2026-11-21", null],
      ["2026-11-22", 2],
      ["2026-11-23", null],
    ]);
  });

  it("are read from the newest that was used, and only then ahead", () => {
    const read = inReadingOrder(row).map((point) => point.day);
    expect(read).toEqual(["2026-11-22", "2026-11-21", "2026-11-20", "2026-11-19", "2026-11-18", "2026-11-17", "2026-11-23"]);
  });

  it("keep what is used so far next to the estimate of the same day", () => {
    expect(row[5]).toMatchObject({ open: true, ahead: { p50: 4 } });
  });

  it("are drawn in outline where nothing exact is known", () => {
    expect(row.map(isLoose)).toEqual([true, true, true, false, false, true, false]);
    const [, whole, loose, , , middle] = columns(row);
    expect(whole).toEqual([null, null, null, 7, null, null, null]);
    expect(loose).toEqual([10, 10, 10, null, null, 2, null]);
    expect(middle).toEqual([null, null, null, null, null, 4, 5]);
  });

  it("leave out the open day where weeks are shown", () => {
    expect(points({ past: [days(typed("2026-11-16"), 7, 40)], ahead: [] }, "week", days(typed("2026-11-22"), 1, 2))).toHaveLength(1);
    expect(points({ past: [], ahead: [] }, "day", null)).toEqual([]);
  });
});

describe("what is in sight", () => {
  const whole = { from: 0, until: 100 * DAY };

  it("zooms around a place that stays where it is, and never beyond everything", () => {
    expect(zoomed(whole, 0.5, 50 * DAY, whole)).toEqual({ from: 25 * DAY, until: 75 * DAY });
    expect(zoomed({ from: 25 * DAY, until: 75 * DAY }, 10, 50 * DAY, whole)).toEqual(whole);
    const nearest = zoomed(whole, 0.0001, 99 * DAY, whole);
    expect(nearest.until - nearest.from).toBeCloseTo(5 * DAY);
    expect(nearest.until).toBeLessThanOrEqual(whole.until);
  });

  it("follows the cursor", () => {
    const range = { from: 10 * DAY, until: 20 * DAY };
    expect(showing(range, 15 * DAY)).toBe(range);
    const after = showing(range, 30 * DAY);
    expect(after.from).toBeLessThan(30 * DAY);
    expect(after.until).toBeGreaterThan(30 * DAY);
    expect(showing(range, 0).from).toBeLessThan(0);
  });

  it("begins around the present", () => {
    const past = Array.from({ length: 400 }, (_, place) => days(dayAt(place * DAY), 1, 1));
    const ahead = Array.from({ length: 92 }, (_, place) => ({ day: dayAt((400 + place) * DAY), p10: 0, p50: 1, p90: 2 }));
    const range = firstRange(points({ past, ahead }, "day", null), "day");
    expect(range.from).toBe(339 * DAY);
    expect(range.until).toBe(441 * DAY);
    expect(firstRange([], "day").until).toBeGreaterThan(0);
  });

  it("places lots on the same scale", () => {
    const range = { from: seconds(typed("2026-01-01")), until: seconds(typed("2026-01-11")) };
    expect(placed(range, seconds(typed("2026-01-06")), seconds(typed("2027-01-01")))).toEqual({ left: 50, width: 50 });
    expect(placed(range, 0, seconds(typed("2026-01-02")))).toEqual({ left: 0, width: 10 });
    expect(placed(range, 0, seconds(typed("2025-01-02")))).toBeNull();
  });
});
