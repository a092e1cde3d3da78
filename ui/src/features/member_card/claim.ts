// What a customer goes through to get a card, moment by moment, in each mode.
import type { AcquisitionMode, CustomersSeeView } from "@/ipc/bindings";

export type ClaimScene = "start" | "sheet" | "number" | "success" | "dry" | "no_cards";

/** `now`: the moment a mode is about; `dry`: what customers meet in its place once nothing of the quota is left. */
const CLAIMS: Record<AcquisitionMode, { scenes: readonly ClaimScene[]; now: ClaimScene; dry?: ClaimScene }> = {
  authorized: { scenes: ["start", "sheet", "success", "dry"], now: "sheet", dry: "dry" },
  manual: { scenes: ["start", "number", "success"], now: "number" },
};

export const MODES = Object.keys(CLAIMS) as readonly AcquisitionMode[];

/** In the customer's order. Without cards there is nothing to go through. */
export function scenesOf(mode: AcquisitionMode, seen: CustomersSeeView): readonly ClaimScene[] {
  return seen.cards_dry ? ["no_cards"] : CLAIMS[mode].scenes;
}

/** What a customer meets today: the notice, when authorising fails; else the moment the mode is about. */
export function sceneNow(mode: AcquisitionMode, seen: CustomersSeeView): ClaimScene {
  if (seen.cards_dry) return "no_cards";
  const { now, dry } = CLAIMS[mode];
  return seen.quota_dry && dry ? dry : now;
}
