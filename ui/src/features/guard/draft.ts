// The rule as it is being typed: numbers are text until they are sent.
import type { GuardRule, ProviderId } from "@/ipc/bindings";

export interface Draft {
  state: GuardRule["state"];
  measure: GuardRule["measure"];
  actBelow: string;
  backAt: string;
  actsADay: string;
  provider: ProviderId | "";
  poolADay: string;
  thisComputer: boolean;
}

/** What a shop begins with where it has not said how many calls of a pool a day. */
const POOL_A_DAY = "1000";
const WHOLE = /^\d{1,9}$/u;

export const isWhole = (text: string) => WHOLE.test(text.trim());

export const draftOf = (rule: GuardRule): Draft => ({
  state: rule.state,
  measure: rule.measure,
  actBelow: String(rule.act_below),
  backAt: String(rule.back_at),
  actsADay: String(rule.acts_a_day),
  provider: rule.pool?.provider ?? "",
  poolADay: rule.pool ? String(rule.pool.calls_a_day) : POOL_A_DAY,
  thisComputer: rule.this_computer,
});

/** Before the host has answered. */
export const NO_DRAFT: Draft = { state: "off", measure: "calls", actBelow: "", backAt: "", actsADay: "", provider: "", poolADay: "", thisComputer: false };

/** `null` while a number is none; whether they fit together the host says. */
export function ruleOf(draft: Draft): GuardRule | null {
  const numbers = [draft.actBelow, draft.backAt, draft.actsADay, ...(draft.provider === "" ? [] : [draft.poolADay])];
  if (!numbers.every(isWhole)) return null;
  return {
    state: draft.state,
    measure: draft.measure,
    act_below: Number(draft.actBelow),
    back_at: Number(draft.backAt),
    acts_a_day: Number(draft.actsADay),
    pool: draft.provider === "" ? null : { provider: draft.provider, calls_a_day: Number(draft.poolADay) },
    this_computer: draft.thisComputer,
  };
}
