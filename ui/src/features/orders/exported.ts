// Orders as a table for a spreadsheet.
import type { ExportColumn, ExportTable, ExportValue, OrderView } from "@/ipc/bindings";

import type { useOrderWords } from "./orderWords";

type Words = ReturnType<typeof useOrderWords>;

export function ordersTable(orders: readonly OrderView[], account: string, { t, refundLine }: Words): ExportTable {
  const columns: { column: ExportColumn; value: (order: OrderView) => ExportValue | null }[] = [
    { column: { head: t("orders.number"), kind: "text" }, value: (order) => order.number },
    { column: { head: t("orders.lot"), kind: "text" }, value: (order) => order.lot },
    { column: { head: t("orders.export.calls"), kind: "count" }, value: (order) => order.calls },
    { column: { head: t("orders.export.days"), kind: "count" }, value: (order) => order.days },
    { column: { head: t("orders.export.amount"), kind: "money" }, value: (order) => order.amount },
    {
      column: { head: t("orders.export.amount_from"), kind: "text" },
      value: (order) => order.amount && t(order.amount_is_estimate ? "orders.export.from_price_list" : "orders.export.from_purchase"),
    },
    { column: { head: t("orders.column.paid"), kind: "moment" }, value: (order) => order.paid_at },
    { column: { head: t("orders.column.expires"), kind: "moment" }, value: (order) => order.expires_at },
    { column: { head: t("orders.column.used"), kind: "count" }, value: (order) => order.used },
    { column: { head: t("orders.column.state"), kind: "text" }, value: (order) => t(`orders.state.${order.state}`) },
    { column: { head: t("orders.refund.title"), kind: "text" }, value: refundLine },
    { column: { head: t("orders.origin_name"), kind: "text" }, value: (order) => t(`orders.origin.${order.origin}`) },
  ];
  return {
    name: [t("app.rail.orders"), account].filter(Boolean).join(" "),
    columns: columns.map(({ column }) => column),
    rows: orders.map((order) => columns.map(({ value }) => value(order))),
  };
}
