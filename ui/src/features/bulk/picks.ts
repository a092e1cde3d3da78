// What the shop makes of a suggestion: a pack and a number for each account. The suggestion itself is the host's.
import type { AllocationPlanView, PackId, PickedShare, ShareView } from "@/ipc/bindings";

export interface Pick {
  readonly sku: PackId;
  readonly count: number;
}

/** By account. */
export type Picks = Readonly<Record<string, Pick>>;

export function suggested(plan: AllocationPlanView): Picks {
  const first = plan.packs[0]?.sku ?? null;
  const pick = ({ app_id, sku, count }: ShareView): Pick | null => {
    const offered = sku ?? first;
    // Only who has an AppID that is known can be sent anything.
    return app_id !== null && offered !== null ? { sku: offered, count } : null;
  };
  return Object.fromEntries(
    plan.shares.flatMap((share) => {
      const found = pick(share);
      return found ? [[share.account, found]] : [];
    }),
  );
}

/** Calls of a pick; a pack of unknown size counts for nothing. */
export function callsOf(plan: AllocationPlanView, pick: Pick | undefined): number {
  const pack = plan.packs.find((one) => one.sku === pick?.sku);
  return (pack?.calls ?? 0) * (pick?.count ?? 0);
}

export function sum(plan: AllocationPlanView, picks: Picks): { calls: number; accounts: number; allocations: number } {
  const sent = Object.values(picks).filter((pick) => pick.count > 0);
  return {
    calls: sent.reduce((all, pick) => all + callsOf(plan, pick), 0),
    accounts: sent.length,
    allocations: sent.reduce((all, pick) => all + pick.count, 0),
  };
}

/** What goes to the host, in the plan's order. */
export function toSend(plan: AllocationPlanView, picks: Picks): PickedShare[] {
  return plan.shares.flatMap((share) => {
    const pick = picks[share.account];
    return share.app_id && pick && pick.count > 0 ? [{ app_id: share.app_id, sku: pick.sku, count: pick.count }] : [];
  });
}

/** A whole number between nothing and the host's limit, from what was typed. */
export function countFrom(typed: string, most: number): number {
  const number = Number.parseInt(typed, 10);
  return Number.isFinite(number) ? Math.min(Math.max(0, number), most) : 0;
}
