// How the price list is laid out, and where its rows come from.
import type { Day, PackId, PackView } from "@/ipc/bindings";

/** "Buy nothing yet" is a choice like any other. */
export const NOTHING = "nothing";
export type PackChoice = PackId | typeof NOTHING;

/** The validities of the list, longest first, each with its packs in the host's order. */
export function byValidity(packs: readonly PackView[]): { days: number; packs: PackView[] }[] {
  const days = [...new Set(packs.map((pack) => pack.days))].sort((a, b) => b - a);
  return days.map((one) => ({ days: one, packs: packs.filter((pack) => pack.days === one) }));
}

/** Where and when the whole list was seen, if every row says the same. */
export function commonOrigin(packs: readonly PackView[]): { source: string; as_of: Day } | null {
  const [first] = packs;
  if (!first) return null;
  const same = packs.every((pack) => pack.source === first.source && pack.as_of === first.as_of);
  return same ? { source: first.source, as_of: first.as_of } : null;
}

/** Packs of which the host says that hardly anything would be used, put away unless one of them is meant. */
export function foldFarBeyond(packs: readonly PackView[], meant: PackChoice | null): { shown: PackView[]; folded: number } {
  const shown = packs.filter((pack) => !pack.far_beyond || pack.id === meant);
  return { shown, folded: packs.length - shown.length };
}
