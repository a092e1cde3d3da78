import { fit } from "@/app/keyboard/finding";
import type { AccountRow } from "@/ipc/bindings";

/** The rows whose name (also in pinyin) or AppID fits, in the order given. */
export function matching(rows: readonly AccountRow[], typed: string): readonly AccountRow[] {
  const word = typed.trim().toLowerCase();
  if (word === "") return rows;
  return rows.filter((row) => fit({ name: row.name, also: row.app_id ?? "" }, word) !== null);
}
