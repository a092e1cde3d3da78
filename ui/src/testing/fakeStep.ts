// Mounts the wizard at one of its steps, for a shop that answered everything before it.
import { expect } from "vitest";

import WizardPage from "@/features/wizard/WizardPage.vue";
import type { Language, Step } from "@/ipc/bindings";
import { walkTo } from "@/ipc/fake/shops";
import type { FakeAccount, FakeWorld } from "@/ipc/fake/world";

import { mountWithHost, type Mounted } from "./fakeMount";
import { texts } from "./texts";

export interface MountedStep extends Mounted {
  account: FakeAccount;
}

export async function mountStep(
  step: Step,
  change: (account: FakeAccount, world: FakeWorld) => void = () => undefined,
  language: Language = "zh",
): Promise<MountedStep> {
  let account: FakeAccount | undefined;
  const mounted = await mountWithHost(WizardPage, {
    language,
    path: "/wizard/account-1",
    world: (world) => {
      account = walkTo(world, step);
      change(account, world);
    },
  });
  if (!account) throw new Error("the world was not made");
  expect(mounted.has(`step.${step}`)).toBe(true);
  return Object.assign(mounted, { account });
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
