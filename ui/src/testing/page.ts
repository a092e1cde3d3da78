// Small questions to a mounted page.
import { vi } from "vitest";

import type { Mounted } from "./mount";

/** Waits for what the page debounces or loads; long, for a computer that does much else. */
export const until = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 20 });

/** The step's primary button says that it cannot be pressed yet. */
export const blocked = (page: Pick<Mounted, "get">) => page.get("wizard.next").attributes("aria-disabled") === "true";

/** Whether a secret stands anywhere on the page, as text or in a field. */
export function stands(secret: string): boolean {
  const fields = [...document.querySelectorAll("input")].map((field) => field.value);
  return document.body.innerHTML.includes(secret) || fields.includes(secret);
}
