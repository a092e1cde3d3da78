// Which moment of the payment the drawing shows; the numbers are StepIllustration's frames.
import type { PurchaseState } from "@/ipc/bindings";

export type PayMethod = "personal" | "company";

export const MOMENTS = { pack: 1, order: 2, personal: 3, company: 4, arrival: 5 } as const;

/** What is drawn when a state begins. */
export function momentOf(state: PurchaseState | null): number {
  return state === "picked" || state === "given_up" ? MOMENTS.pack : MOMENTS.arrival;
}
