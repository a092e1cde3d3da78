import { describe, expect, it } from "vitest";

import { dayAt, givenDay, isWithin, typedDay } from "./days";

describe("days", () => {
  it("are taken from a field once they are written in full", () => {
    expect(typedDay(" 2026-12-01 ")).toBe("2026-12-01");
    expect(["", "2026-12", "2026-12-1", "1.12.2026", "2026-12-01T00:00"].map(typedDay)).toEqual([null, null, null, null, null]);
  });

  it("are in the calendar", () => {
    expect(["2026-02-30", "2027-02-29", "2026-13-01", "2026-00-10"].map(typedDay)).toEqual([null, null, null, null]);
    expect(typedDay("2028-02-29")).toBe("2028-02-29");
  });

  it("are taken as people write them once the field is left", () => {
    expect(["2026-1-3", "2026/1/3", "2026年1月3日", "２０２６－０１－０３", " 2026 年 1 月 3 日"].map(givenDay)).toEqual(Array(5).fill("2026-01-03"));
    expect(["", "1月3日", "2026-02-30", "soon"].map(givenDay)).toEqual([null, null, null, null]);
  });

  it("are within bounds, the first and the last among them", () => {
    const [first, last] = [typedDay("2026-11-21")!, typedDay("2027-11-20")!];
    expect(["2026-11-20", "2026-11-21", "2027-11-20", "2027-11-21"].map((day) => isWithin(typedDay(day)!, first, last))).toEqual([false, true, true, false]);
    expect(isWithin(first)).toBe(true);
  });

  it("are the ones that a chart counts from midnight to midnight in UTC", () => {
    expect([dayAt(0), dayAt(86_399), dayAt(86_400)]).toEqual(["1970-01-01", "1970-01-01", "1970-01-02"]);
  });
});
