import { describe, expect, it } from "vitest";

import type { Day, Instant } from "@/ipc/bindings";
import { typed } from "@/testing/typed";

import { formatCount, formatDate, formatDay, formatFullDay, formatMoment, formatMoney, formatUnitPrice } from "./formats";

describe("formats", () => {
  it("groups money without touching a float", () => {
    expect(formatMoney(typed("1500.00"))).toBe("¥1,500.00");
    expect(formatMoney(typed("7.5"))).toBe("¥7.5");
    expect(formatMoney(typed("30"))).toBe("¥30.00");
    expect(formatUnitPrice(typed("0.0267"))).toBe("¥0.0267");
    expect(formatMoney(typed("-28000.10"))).toBe("−¥28,000.10");
    // More digits than a float can hold.
    expect(formatMoney(typed("90071992547409931.07"))).toBe("¥90,071,992,547,409,931.07");
  });

  it("groups counts", () => {
    expect(formatCount(0)).toBe("0");
    expect(formatCount(999)).toBe("999");
    expect(formatCount(10_000_000)).toBe("10,000,000");
  });

  it("writes Beijing days wherever the computer stands", () => {
    // 17:30 UTC is already the next day in Beijing.
    const late = typed<Instant>("2027-03-11T17:30:00Z");
    expect(formatDay(late, "zh", typed("2027-01-01T00:00:00+08:00"))).toBe("3 月 12 日");
    expect(formatDay(late, "en", typed("2027-01-01T00:00:00+08:00"))).toBe("12 Mar");
    expect(formatFullDay(late, "zh")).toBe("2027 年 3 月 12 日");
    expect(formatFullDay(late, "en")).toBe("12 Mar 2027");
    expect(formatDate(late)).toBe("2027-03-12");
    const whole = typed<Day>("2027-03-12");
    expect([formatFullDay(whole, "en"), formatDate(whole)]).toEqual(["12 Mar 2027", "2027-03-12"]);
  });

  it("names the year when it is another one", () => {
    expect(formatDay(typed("2027-03-12T00:00:00+08:00"), "zh", typed("2026-11-21T10:32:00+08:00"))).toBe("2027 年 3 月 12 日");
    expect(formatDay(typed("2027-03-12T00:00:00+08:00"), "en", typed("2026-11-21T10:32:00+08:00"))).toBe("12 Mar 2027");
  });

  it("says only the time today", () => {
    const now = typed<Instant>("2026-11-21T23:00:00+08:00");
    expect(formatMoment(typed("2026-11-21T00:05:00+08:00"), "zh", now)).toBe("00:05");
    expect(formatMoment(typed("2026-11-20T23:59:00+08:00"), "zh", now)).toBe("11 月 20 日 23:59");
    expect(formatMoment(typed("2026-11-20T23:59:00+08:00"), "en", now)).toBe("20 Nov 23:59");
  });
});
