// A plan in words. What is better and by how much is the host's; here it only gets its sentence.
import { toValue, type MaybeRefOrGetter } from "vue";

import type { BoughtPacks, Drawback, PackId, PackView, PlanView, RunOutRisk } from "@/ipc/bindings";
import { formatCount, formatDay, formatMoney } from "@/shared/formats";
import { useText } from "@/shared/text";

export function usePlanWords(packs: MaybeRefOrGetter<readonly PackView[]>) {
  const { t, tn, language } = useText();

  const packName = (id: PackId): string => {
    const pack = toValue(packs).find((one) => one.id === id);
    return pack ? t("packs.pack_name", { calls: formatCount(pack.calls), days: pack.days }) : id;
  };

  const planName = (plan: PlanView): string => (plan.first === null ? t("packs.plan.nothing") : packName(plan.first));

  /** Which packs and how many of each, in the order of their first purchase. */
  const packsWords = (bought: readonly BoughtPacks[]): string =>
    bought.map(({ pack, times }) => t("packs.bought.packs", { pack: packName(pack), times })).join(t("packs.bought.then"));

  /** When it is bought first, and whether anything else is bought later. */
  const planTime = (plan: PlanView): string => {
    const [first] = plan.schedule;
    if (!first) return t("packs.plan.nothing_text");
    const day = formatDay(first.day, language.value);
    return plan.packs.length > 1 ? t("packs.plan.mixed", { day, packs: packsWords(plan.packs) }) : t("packs.plan.from", { day });
  };

  const riskWords = (risk: RunOutRisk): string => {
    const level = t(`packs.risk.${risk.level}`, { percent: risk.at_most_percent });
    return risk.from ? t("packs.risk.since", { level, day: formatDay(risk.from, language.value) }) : level;
  };

  const drawbackWords = ({ drawback }: { drawback: Drawback | null }): string | null => {
    switch (drawback?.kind) {
      case "costs_more":
        return t("packs.drawback.costs_more", { money: formatMoney(drawback.yuan) });
      case "more_errands":
        return tn("packs.drawback.more_errands", drawback.times, { times: drawback.times });
      case "more_waste":
        return t("packs.drawback.more_waste", { calls: formatCount(drawback.calls) });
      case "less_left":
        return t("packs.drawback.less_left", { calls: formatCount(drawback.calls) });
      case "nothing":
        return t("packs.drawback.nothing");
      default:
        return null;
    }
  };

  return { packName, packsWords, planName, planTime, riskWords, drawbackWords };
}
