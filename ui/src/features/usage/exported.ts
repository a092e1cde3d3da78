// The curve as a table for a spreadsheet.
import type { ExportTable, ExportValue, UsageCurveView } from "@/ipc/bindings";
import type { TextKey, TextValues } from "@/shared/text";

import { points, type Grain } from "./curve";

export function usageTable(
  curve: UsageCurveView,
  grain: Grain,
  account: string,
  t: (key: TextKey, values?: TextValues) => string,
): ExportTable {
  // A sum of several days is one row, as nobody knows how it is shared.
  const past = curve[grain].past.concat(grain === "day" && curve.so_far ? [curve.so_far] : []);
  const known = past.map((one): (ExportValue | null)[] => [
    one.day,
    one.days,
    one.calls,
    t(`usage.page.origin_${one.origin}`),
    null,
    null,
    null,
  ]);
  const ahead = points(curve[grain], grain, curve.so_far).flatMap((point): (ExportValue | null)[][] => {
    if (!point.ahead) return [];
    const { p10, p50, p90 } = point.ahead;
    return [[point.day, null, null, t("usage.page.origin_ahead"), p10, p50, p90]];
  });
  return {
    name: [t("usage.page.file"), account].filter(Boolean).join(" "),
    columns: [
      { head: t("usage.page.column_from_day"), kind: "day" },
      { head: t("usage.page.column_days"), kind: "count" },
      { head: t("usage.page.column_calls"), kind: "count" },
      { head: t("usage.page.column_origin"), kind: "text" },
      { head: t("usage.page.column_p10"), kind: "count" },
      { head: t("usage.page.column_p50"), kind: "count" },
      { head: t("usage.page.column_p90"), kind: "count" },
    ],
    rows: [...known, ...ahead],
  };
}
