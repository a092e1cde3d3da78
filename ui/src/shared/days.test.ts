import { describe, expect, it } from "vitest";

import { dayAt, typedDay } from "./days";

describe("days", () => {
  it("are taken from a field once they are written in full", () => {
    expect(typedDay(" 2026-12-01 ")).toBe("2026-12-01");
    expect(["", "2026-12", "2026-12-1", "1.12.2026", "2026-12-01T00:00"].map(typedDay)).toEqual([null, null, null, null, null]);
  });

  it("are the ones that a chart counts from midnight to midnight in UTC", () => {
    expect([dayAt(0), dayAt(86_399), dayAt(86_400)]).toEqual(["1970-01-01", "1970-01-01", "1970-01-02"]);
  });
});
