// The comparison as files: a table for a spreadsheet, and a ticket for WeChat's support. Neither names a customer.
import type { BillDaysView, BillView, ExportTable, Instant } from "@/ipc/bindings";
import { formatCount } from "@/shared/formats";
import type { TextKey, TextValues } from "@/shared/text";

type Say = (key: TextKey, values?: TextValues) => string;

export const REASONS = ["again", "other_version", "not_fetched", "midnight"] as const;

/** `2026-11-20 09:05` of an instant in Beijing time. */
export const clock = (at: Instant) => at.slice(0, 16).replace("T", " ");

export const dayName = (day: Pick<BillDaysView, "first" | "last">, t: Say) =>
  day.first === day.last ? day.first : t("bill.days.span", { first: day.first, last: day.last });

export const callsOf = (day: BillDaysView, reason: (typeof REASONS)[number]) => day.reasons.find((one) => one.reason === reason)?.calls ?? 0;

export const sourceName = (bill: BillView, t: Say) =>
  bill.source.kind === "file" ? t("bill.source.file", { name: bill.source.name }) : t("bill.source.member_card");

export function billTable(bill: BillView, t: Say): ExportTable {
  const counts = ["charged", "members", "typed", ...REASONS, "missing", "unsure", "uncharged"] as const;
  const head = (name: (typeof counts)[number]) =>
    (REASONS as readonly string[]).includes(name) ? t(`bill.reason.${name as (typeof REASONS)[number]}`) : t(`bill.days.${name as "charged"}`);
  return {
    name: [t("bill.days.file"), bill.account].filter(Boolean).join(" "),
    columns: [
      { head: t("bill.days.from_day"), kind: "day" },
      { head: t("bill.days.to_day"), kind: "day" },
      ...counts.map((name) => ({ head: head(name), kind: "count" as const })),
    ],
    rows: bill.days.map((day) => [
      day.first,
      day.last,
      day.charged,
      day.members,
      day.typed,
      ...REASONS.map((reason) => callsOf(day, reason)),
      day.missing,
      day.open,
      day.uncharged,
    ]),
  };
}

/** What is proven, in words that support can work with: days of which the records are whole, and nothing of the others. */
export function ticketText(bill: BillView, t: Say): string {
  const n = formatCount;
  const at = (time: Instant | null) => (time === null ? "–" : clock(time));
  const days = bill.days.filter((day) => day.missing > 0);
  const lines = days.flatMap((day) => {
    const [before, after] = day.readings;
    const charged = day.charged ?? 0;
    const recorded = charged - day.missing;
    const line = t("bill.ticket.line", { day: dayName(day, t), charged: n(charged), recorded: n(recorded), missing: n(day.missing) });
    if (!before || !after) return [line];
    const values = { from: clock(before.at), before: n(before.used), until: clock(after.at), after: n(after.used) };
    return [line, t("bill.ticket.readings", values)];
  });
  const calls = (reason: (typeof REASONS)[number]) => bill.reasons.find((one) => one.reason === reason)?.calls ?? 0;
  const ruledOut = REASONS.map((reason) => t("bill.ticket.ruled_out_line", { reason: t(`bill.reason.${reason}`), n: n(calls(reason)) }));
  return [
    t("bill.ticket.head"),
    "",
    t("bill.ticket.account", { name: bill.account, app_id: bill.app_id ?? "–" }),
    t("bill.ticket.days", { first: bill.first ?? "–", last: bill.last ?? "–" }),
    t("bill.ticket.records", { source: sourceName(bill, t), n: n(bill.records), from: at(bill.records_from), until: at(bill.records_until) }),
    "",
    t("bill.ticket.missing", { n: n(bill.missing) }),
    ...lines,
    "",
    t("bill.ticket.ruled_out"),
    ...ruledOut,
    "",
    ...(bill.left_out > 0 ? [t("bill.ticket.left_out", { n: n(bill.left_out) }), ""] : []),
    t("bill.ticket.foot"),
  ].join("\n");
}
