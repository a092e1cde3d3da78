// Which moment of the payment the drawing shows; the numbers are StepIllustration's frames.
import type { PurchaseState } from "@/ipc/bindings";

export type PayMethod = "personal" | "company";

export const MOMENTS = { buy: 1, pack: 2, order: 3, personal: 4, company: 5, arrival: 6 } as const;

/** What is drawn when a state begins. */
export function momentOf(state: PurchaseState | null): number {
  return state === "picked" || state === "given_up" ? MOMENTS.buy : MOMENTS.arrival;
}
