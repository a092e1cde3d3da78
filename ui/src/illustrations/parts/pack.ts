// The packs in the drawing of the console: the one that is bought, among others.
import type { Money } from "@/ipc/bindings";
import { formatCount, formatMoney } from "@/shared/formats";

export interface DrawnPack {
  readonly calls: number;
  readonly days: number;
  readonly price: Money;
}

/** As most shops buy; the prices of 365 days (docs/billing-rules.md §2). */
const SAMPLES = [
  [1_000, "30.00"],
  [5_000, "150.00"],
  [10_000, "300.00"],
  [50_000, "1500.00"],
].map(([calls, price]) => ({ calls, days: 365, price }) as DrawnPack);

/** `¥30`: a drawing has no room for what is nothing. */
export const drawnPrice = ({ price }: DrawnPack) => formatMoney(price).replace(/\.00$/, "");

/** Four tiles of the validity that is bought, and which of them it is. */
export function drawnPacks(pack: DrawnPack = SAMPLES[0] as DrawnPack) {
  const among = SAMPLES.some(({ calls }) => calls === pack.calls);
  const tiles = (among ? SAMPLES : [pack, ...SAMPLES.slice(0, 3)]).map((one) => (one.calls === pack.calls ? pack : one));
  return tiles.map((one) => ({
    calls: formatCount(one.calls),
    // What another pack costs for another validity is not drawn: nobody asked for it.
    price: one.days === pack.days ? drawnPrice(one) : "",
    chosen: one === pack,
  }));
}
