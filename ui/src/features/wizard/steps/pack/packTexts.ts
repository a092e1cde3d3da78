// How a pack of the price list is named and where its row comes from.
import type { PackView } from "@/ipc/bindings";
import type { TextKey } from "@/shared/text";

/** Keys of the tariff's sources; a source added later (an imported list) is shown by the name it carries. */
const SOURCES: Record<string, TextKey> = {
  guide_2023: "pack.source_guide_2023",
  assumption: "pack.source_assumption",
  wechat_docs: "pack.source_wechat_docs",
  notice_2023: "pack.source_notice_2023",
};

export function sourceName(source: string, t: (key: TextKey) => string): string {
  const key = SOURCES[source];
  return key ? t(key) : source;
}

/** The validities of the list, longest first, each with its packs in the host's order. */
export function byValidity(packs: readonly PackView[]): { days: number; packs: PackView[] }[] {
  const days = [...new Set(packs.map((pack) => pack.days))].sort((a, b) => b - a);
  return days.map((one) => ({ days: one, packs: packs.filter((pack) => pack.days === one) }));
}

/** Where and when the whole list was seen, if every row says the same. */
export function commonOrigin(packs: readonly PackView[]): { source: string; as_of: string } | null {
  const [first] = packs;
  if (!first) return null;
  const same = packs.every((pack) => pack.source === first.source && pack.as_of === first.as_of);
  return same ? { source: first.source, as_of: first.as_of } : null;
}
