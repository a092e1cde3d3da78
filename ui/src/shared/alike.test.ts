import { describe, expect, it } from "vitest";

import type { LotLife, LotView, OrderView } from "@/ipc/bindings";

import { livesAlike, lotsAlike, ordersAlike } from "./alike";

const lot = (id: string, change: object = {}) =>
  ({ id, source: "allocated", state: "in_effect", total: 250, used: 0, remaining: 250, ended: null, effective_at: "2027-01-08T01:00:00Z", expires_at: "2027-04-08T01:00:00Z", wasted: null, ...change }) as unknown as LotView;

describe("what reads alike", () => {
  it("is one line with the figures of all, where the first of them stood", () => {
    const lots = [lot("a", { used: 100, remaining: 150 }), lot("b"), lot("c", { wasted: 20 }), lot("d"), lot("e")];
    expect(lotsAlike(lots).map(({ id, count, total, used, remaining, wasted }) => [id, count, total, used, remaining, wasted])).toEqual([
      ["a", 1, 250, 100, 150, null],
      ["b", 3, 750, 0, 750, null],
      ["c", 1, 250, 0, 250, 20],
    ]);
  });

  it("keeps every call of any lots", () => {
    const lots = Array.from({ length: 18 }, (_, place) => lot(`p${place}`, place < 4 ? { state: "spent", ended: "used_up", used: 250, remaining: 0 } : {}));
    const sum = (rows: readonly LotView[], figure: "total" | "used" | "remaining") => rows.reduce((all, row) => all + row[figure], 0);
    const grouped = lotsAlike(lots);
    expect(grouped.map(({ count }) => count)).toEqual([4, 14]);
    for (const figure of ["total", "used", "remaining"] as const) expect(sum(grouped, figure)).toBe(sum(lots, figure));
  });

  it("differs by any day, state or source", () => {
    const lives = [
      { id: "a", source: "paid", state: "in_effect", total: 1_000, used: 5, effective_at: null, expires_at: null, exhausted_at: null },
      { id: "b", source: "paid", state: "in_effect", total: 1_000, used: 5, effective_at: null, expires_at: "2027-04-08T01:00:00Z", exhausted_at: null },
    ] as unknown as LotLife[];
    expect(livesAlike(lives)).toHaveLength(2);
  });

  it("leaves every order that was paid for a line of its own", () => {
    const order = (id: string, origin: string, lot: string) => ({ id, origin, lot, calls: 250, days: 90 }) as unknown as OrderView;
    const orders = [order("1", "allocated", "x"), order("2", "seen", "y"), order("3", "seen", "z"), order("4", "allocated", "w")];
    expect(ordersAlike(orders).map((group) => group.map(({ id }) => id))).toEqual([["1", "4"], ["2"], ["3"]]);
  });
});
