// The price list as a table that the import takes back as it is (crates/companion/src/prices/file.rs).
import type { ExportColumn, ExportTable, ExportValue, Language, PriceRowView } from "@/ipc/bindings";
import type { useText } from "@/shared/text";

export function exportedPrices(rows: readonly PriceRowView[], t: ReturnType<typeof useText>["t"], language: Language): ExportTable {
  const columns: { column: ExportColumn; value: (row: PriceRowView) => ExportValue | null }[] = [
    { column: { head: t("settings.prices.capability"), kind: "text" }, value: (row) => t(`settings.prices.${row.capability}`) },
    { column: { head: t("settings.prices.calls"), kind: "count" }, value: (row) => row.calls },
    { column: { head: t("settings.prices.days"), kind: "count" }, value: (row) => row.days },
    { column: { head: t("settings.prices.price"), kind: "money" }, value: (row) => row.price },
    { column: { head: t("settings.prices.list_price"), kind: "money" }, value: (row) => row.list_price },
    { column: { head: t("settings.prices.from_label"), kind: "day" }, value: (row) => row.from },
    { column: { head: t("settings.prices.source"), kind: "text" }, value: (row) => row.source[language] },
    { column: { head: t("settings.prices.as_of_label"), kind: "day" }, value: (row) => row.as_of },
  ];
  return {
    name: t("settings.prices.title"),
    columns: columns.map(({ column }) => column),
    rows: rows.map((row) => columns.map(({ value }) => value(row))),
  };
}
