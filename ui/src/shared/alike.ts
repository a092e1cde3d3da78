// What reads alike is one line: nine packs for one mini-program are "9 × 250", not nine lines.
import type { LotLife, LotView, OrderView } from "@/ipc/bindings";

/** The rows that say the same, in the order of the first of each. */
export function alike<T>(rows: readonly T[], says: (row: T) => readonly unknown[]): T[][] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = JSON.stringify(says(row));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}

/** Lots that stand alike, as one with the figures of all. */
export type Lots<L> = L & { readonly count: number };

export const lotsAlike = (lots: readonly LotView[]): Lots<LotView>[] =>
  alike(lots, (lot) => [{ ...lot, id: "" }]).map((group) => summed(group, ["total", "used", "remaining", "wasted"]));

export const livesAlike = (lots: readonly LotLife[]): Lots<LotLife>[] =>
  alike(lots, (lot) => [{ ...lot, id: "" }]).map((group) => summed(group, ["total", "used"]));

/** Figures that are not known are so for each of them: they are alike. */
function summed<L extends LotView | LotLife>(group: readonly L[], figures: readonly (keyof L)[]): Lots<L> {
  const [first] = group;
  if (!first) throw new Error("a group of nothing");
  const sums = figures.map((figure) => [figure, typeof first[figure] === "number" ? (first[figure] as number) * group.length : first[figure]]);
  return { ...first, ...Object.fromEntries(sums), count: group.length };
}

/** Allocations that stand alike; what a shop paid for is a line of its own, for it has a number and a refund of its own. */
export const ordersAlike = (orders: readonly OrderView[]): OrderView[][] =>
  alike(orders, (order) => [order.origin === "allocated" ? { ...order, id: "", lot: "" } : order.id]);
