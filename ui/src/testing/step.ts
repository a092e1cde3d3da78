// Mounts the wizard at one of its steps, for a shop that answered everything before it.
import { expect } from "vitest";

import WizardPage from "@/features/wizard/WizardPage.vue";
import type { Language, Step } from "@/ipc/bindings";

import { mountWithHost, type Mounted } from "./mount";
import type { RecordedHost } from "./recorded";
import { texts } from "./texts";

export interface StepOptions {
  /** What was recorded, where it is not the step's usual scene. */
  scene?: string;
  change?: (host: RecordedHost) => unknown;
  language?: Language;
}

export async function mountStep(step: Step, { scene = `wizard.${step}`, ...options }: StepOptions = {}): Promise<Mounted> {
  const mounted = await mountWithHost(WizardPage, { path: "/wizard/:account", scene, ...options });
  expect(mounted.has(`step.${step}`)).toBe(true);
  return mounted;
}

/** A key that was shown instead of its text, such as `usage.next`. */
export function expectTranslated(element: Element): void {
  const key = new RegExp(`\\b(${Object.keys(texts.zh).join("|")})\\.[a-z_]+`);
  // One by one: words of neighbours touch each other in the text of the whole.
  const words = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) expect(words.currentNode.textContent).not.toMatch(key);
}

/** Every control can be reached by Tab and says what it is. */
export function expectReachable(element: Element): void {
  const controls = [...element.querySelectorAll("button, input, select, summary, [role=slider]")];
  expect(controls.length).toBeGreaterThan(0);
  const unreachable = controls.filter((control) => {
    // One tab stop a group, arrows inside.
    if (control.matches("[role=radio], [role=tab], [data-reka-collection-item]")) return false;
    // The button next to it opens it.
    if (control.matches("input[type=file]")) return false;
    return control.hasAttribute("disabled") || Number(control.getAttribute("tabindex") ?? 0) < 0;
  });
  expect(unreachable.map((control) => control.outerHTML)).toEqual([]);
}
