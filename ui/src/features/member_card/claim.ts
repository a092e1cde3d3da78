// What a customer goes through to get a card, moment by moment, in each mode.
import type { AcquisitionMode, CustomersSeeView } from "@/ipc/bindings";

export type ClaimScene = "start" | "sheet" | "number" | "success" | "dry" | "no_cards";

const SCENES: Record<AcquisitionMode, readonly ClaimScene[]> = {
  authorized: ["start", "sheet", "success", "dry"],
  manual: ["start", "number", "success"],
};

export const MODES = Object.keys(SCENES) as readonly AcquisitionMode[];

/** In the customer's order. Without cards there is nothing to go through. */
export function scenesOf(mode: AcquisitionMode, seen: CustomersSeeView): readonly ClaimScene[] {
  return seen.cards_dry ? ["no_cards"] : SCENES[mode];
}

/** What a customer meets today: the notice, when authorising fails; else the moment the mode is about. */
export function sceneNow(mode: AcquisitionMode, seen: CustomersSeeView): ClaimScene {
  if (seen.cards_dry) return "no_cards";
  if (mode === "manual") return "number";
  return seen.quota_dry ? "dry" : "sheet";
}
