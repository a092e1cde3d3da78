// What the curve says in words: a bar, an estimate, and what the estimate rests on.
import type { Day, UsageCurveView } from "@/ipc/bindings";
import { formatCount, formatDay } from "@/shared/formats";
import { useText } from "@/shared/text";

import type { Grain, Point } from "./curve";

export function useCurveWords() {
  const { t, tn, language } = useText();

  const day = (day: Day) => formatDay(day, language.value);

  function when(point: Point, grain: Grain): string {
    if (grain === "week") return t("usage.page.week_of", { day: day(point.known?.day ?? point.day) });
    if (grain === "month") return t("usage.page.month_of", { year: point.day.slice(0, 4), month: Number(point.day.slice(5, 7)) });
    return day(point.day);
  }

  function past(point: Point, grain: Grain): string {
    const known = point.known;
    if (!known) return "";
    if (known.calls === null) return t("usage.page.past_unknown");
    const calls = formatCount(known.calls);
    if (point.open) return t("usage.page.past_open", { calls });
    if (grain === "day" && known.days > 1) return t("usage.page.past_several", { days: known.days, calls });
    if (known.origin === "estimated") return t("usage.page.past_about", { calls });
    if (known.origin === "typed_in") return t("usage.page.past_typed", { calls });
    return t("usage.page.past", { calls });
  }

  function ahead(point: Point): string {
    if (!point.ahead) return "";
    const { p10, p50, p90 } = point.ahead;
    return t("usage.page.ahead", { likely: formatCount(p50), least: formatCount(p10), most: formatCount(p90) });
  }

  return {
    day,
    when,
    past,
    ahead,
    read: (point: Point, grain: Grain) => [when(point, grain), past(point, grain), ahead(point)].filter(Boolean).join(" · "),
    methodText: ({ method, known_days }: UsageCurveView) =>
      method ? tn(`usage.method.${method}`, known_days, { days: formatCount(known_days) }) : t("usage.page.no_forecast"),
  };
}
