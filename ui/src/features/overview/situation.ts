// A situation in words. Which one it is, its colour and its acts are the host's; here it only gets its sentences, the
// same on every page.
import type { Day, RunOutView, Situation, Tone } from "@/ipc/bindings";
import { formatDay } from "@/shared/formats";
import { useText } from "@/shared/text";

/** Situations that say until when the quota lasts. */
const DATED = ["ends_today", "ends_soon_by_use", "ends_soon_by_expiry", "trial_enough", "enough", "lasts_long"] as const satisfies readonly Situation[];
type Dated = (typeof DATED)[number];

export const isDated = (kind: Situation): kind is Dated => DATED.some((dated) => dated === kind);

/** Colours of words; an estimate that calls for nothing looks like one. */
export function toneOf(kind: Situation, tone: Tone): string {
  if (tone === "calm" && isDated(kind)) return "text-estimate";
  return { danger: "text-danger", warn: "text-warn", muted: "text-muted", calm: "text-text" }[tone];
}

export function useSituationWords() {
  const { t, language } = useText();
  const day = (at: Day) => formatDay(at, language.value);

  function headline(kind: Situation, runOut: RunOutView | null | undefined): string {
    const likely = runOut?.likely;
    switch (kind) {
      case "ends_today":
        return t(runOut?.by_expiry ? "overview.answer.ends_today_by_expiry" : "overview.answer.ends_today");
      case "trial_enough":
        return likely ? t("overview.answer.trial_enough", { day: day(likely) }) : t("overview.answer.trial_long");
      case "enough":
        return t(runOut?.by_expiry ? "overview.answer.enough_until_expiry" : "overview.answer.enough", { day: likely ? day(likely) : "" });
      case "ends_soon_by_use":
      case "ends_soon_by_expiry":
        return t(`overview.answer.${kind}`, { day: likely ? day(likely) : "" });
      default:
        return t(`overview.answer.${kind}`);
    }
  }

  /** Within which days it ends, or that it ends by date. */
  function range({ earliest, latest, by_expiry: byExpiry }: RunOutView): string {
    if (!earliest) return "";
    if (earliest === latest) return byExpiry ? t("overview.why.by_expiry") : "";
    return latest
      ? t("overview.why.range", { earliest: day(earliest), latest: day(latest) })
      : t("overview.why.range_open", { earliest: day(earliest) });
  }

  function why(kind: Situation, runOut: RunOutView | null | undefined, readAt: string): string {
    if (kind === "ends_today") return t(runOut?.by_expiry ? "overview.why.ends_today_by_expiry" : "overview.why.ends_today");
    if (isDated(kind)) return runOut ? range(runOut) : "";
    return t(`overview.why.${kind}`, { time: readAt });
  }

  return { headline, why, range };
}
