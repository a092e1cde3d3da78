import { shallowRef } from "vue";

import type { AccountRow } from "@/ipc/bindings";

type Fits = (row: AccountRow, word: string) => boolean;

/** By what is written, until the table of pinyin is there. */
const fitsPlainly: Fits = (row, word) => row.name.toLowerCase().includes(word) || (row.app_id ?? "").toLowerCase().includes(word);
const fits = shallowRef(fitsPlainly);

/** Fetches what knows pinyin; the start does not wait for it. */
export async function learnPinyin(): Promise<void> {
  const { fit } = await import("@/shared/finding");
  fits.value = (row, word) => fit({ name: row.name, also: row.app_id ?? "" }, word) !== null;
}

/** The rows whose name (also in pinyin) or AppID fits, in the order given. */
export function matching(rows: readonly AccountRow[], typed: string): readonly AccountRow[] {
  const word = typed.trim().toLowerCase();
  return word === "" ? rows : rows.filter((row) => fits.value(row, word));
}
