// An order in words. Whether it can be given back, and until when, is the host's to say.
import type { Day, ExpectedDays, Instant, OrderView, RefundReason } from "@/ipc/bindings";
import { formatCount, formatDay, formatMoment } from "@/shared/formats";
import { useText } from "@/shared/text";

/** The shelves orders can be looked through by. */
export const SHELVES = ["all", "refund", "open", "ended"] as const;
export type Shelf = (typeof SHELVES)[number];

/** Asked for, an order is not over before WeChat has taken its pack back. */
const OPEN: readonly OrderView["state"][] = ["waiting", "arrived", "not_yet", "untouched", "in_use", "refund_asked"];
const REFUND: readonly OrderView["refund"]["kind"][] = ["possible", "asked", "returned"];

export function isOn(shelf: Shelf, order: OrderView): boolean {
  if (shelf === "all") return true;
  if (shelf === "refund") return REFUND.includes(order.refund.kind);
  return OPEN.includes(order.state) === (shelf === "open");
}

export function useOrderWords() {
  const { t, tn, language } = useText();
  const day = (at: Instant | Day) => formatDay(at, language.value);
  const moment = (at: Instant) => formatMoment(at, language.value);

  const packName = (order: OrderView) =>
    order.days === null
      ? t("orders.pack_only", { calls: formatCount(order.calls) })
      : t("orders.pack", { calls: formatCount(order.calls), days: order.days });

  const usedText = (order: OrderView) =>
    order.used === null ? t("orders.used_unknown") : t("orders.used", { used: formatCount(order.used), total: formatCount(order.calls) });

  const expected = (days: ExpectedDays | null) => {
    if (!days) return null;
    const range = t("orders.between", { from: day(days.from), to: day(days.to) });
    return days.certain ? range : t("orders.uncertain", { range });
  };

  const reasonsText = (reasons: readonly RefundReason[]) => reasons.map((reason) => t(`orders.reason.${reason}`)).join(t("orders.reason_and"));

  /** One line about the money: until when, why not, or where it is. */
  const refundLine = ({ refund }: OrderView): string => {
    switch (refund.kind) {
      case "possible":
        return t("orders.refund.until", { time: moment(refund.until) });
      case "refused":
        return reasonsText(refund.reasons);
      case "asked":
        return refund.late ? t("orders.refund.late_short") : t("orders.refund.asked_short");
      case "returned":
        return t("orders.refund.returned_short");
      case "not_known":
        return t("orders.refund.not_known_short");
    }
  };

  return { t, tn, day, moment, packName, usedText, expected, reasonsText, refundLine };
}
