// All mini-programs as a table for a spreadsheet: what stands on the screen, in its words.
import type { AccountRow, ExportColumn, ExportTable, ExportValue } from "@/ipc/bindings";
import type { useText } from "@/shared/text";

export function accountsTable(rows: readonly AccountRow[], says: (row: AccountRow) => string, t: ReturnType<typeof useText>["t"]): ExportTable {
  const columns: { column: ExportColumn; value: (row: AccountRow) => ExportValue | null }[] = [
    { column: { head: t("accounts.column.name"), kind: "text" }, value: (row) => row.name },
    { column: { head: "AppID", kind: "text" }, value: (row) => row.app_id },
    { column: { head: t("accounts.export.environment"), kind: "text" }, value: (row) => t(`app.${row.environment}`) },
    { column: { head: t("accounts.column.state"), kind: "text" }, value: says },
    { column: { head: t("accounts.column.remaining"), kind: "count" }, value: (row) => row.remaining },
    { column: { head: t("accounts.column.monthly"), kind: "count" }, value: (row) => row.monthly },
    { column: { head: t("accounts.export.earliest"), kind: "day" }, value: (row) => row.earliest },
    { column: { head: t("accounts.export.likely"), kind: "day" }, value: (row) => row.likely },
    { column: { head: t("accounts.export.latest"), kind: "day" }, value: (row) => row.latest },
    { column: { head: t("accounts.column.expiry"), kind: "moment" }, value: (row) => row.next_expiry?.expires_at ?? null },
    { column: { head: t("accounts.export.expiring"), kind: "count" }, value: (row) => row.next_expiry?.calls ?? null },
    { column: { head: t("accounts.column.mode"), kind: "text" }, value: (row) => row.mode && t(`mode.${row.mode}_title`) },
    { column: { head: t("accounts.column.read"), kind: "moment" }, value: (row) => row.read_at },
  ];
  return {
    name: t("app.rail.accounts"),
    columns: columns.map(({ column }) => column),
    rows: rows.map((row) => columns.map(({ value }) => value(row))),
  };
}
