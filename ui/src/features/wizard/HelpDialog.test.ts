import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import { STEPS } from "@/ipc/bindings";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost } from "@/testing/mount";
import { expectTranslated, mountStep } from "@/testing/step";
import { texts as words } from "@/testing/texts";

import HelpDialog from "./HelpDialog.vue";

const dialog = () => document.querySelector('[data-testid="wizard.help"]');

describe("help", () => {
  it.each(STEPS.flatMap((step) => [[step, "zh"], [step, "en"]] as const))("has its own text for %s in %s", async (step, language) => {
    await mountWithHost(HelpDialog, { language, props: { open: true, step, environment: "live" } });
    const texts = words[language].help.step[step];
    for (const text of Object.values(texts)) expect(dialog()?.textContent).toContain(text);
    expectTranslated(dialog() as Element);
    await expectAccessible();
  });

  it("never says the same thing for two steps", () => {
    for (const texts of [words.zh.help, words.en.help]) {
      const all = Object.values(texts.step).flatMap((step) => Object.values(step));
      expect(all.length).toBe(STEPS.length * 7);
      expect(new Set(all).size).toBe(all.length);
    }
  });

  it("opens for the step on screen, and closes by Escape", async () => {
    const page = await mountStep("payment");
    expect(dialog()).toBeNull();
    await page.click("wizard.stuck");
    expect(dialog()?.textContent).toContain(words.zh.help.step.payment.q1);
    dialog()?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await flushPromises();
    expect(dialog()).toBeNull();
  });

  it("says in practice that nothing can go wrong", async () => {
    await mountWithHost(HelpDialog, { props: { open: true, step: "login", environment: "practice" } });
    expect(dialog()?.textContent).toContain(words.zh.help.practice);
  });

  it("opens WeChat's page, and explains when it cannot", async () => {
    const page = await mountWithHost(HelpDialog, { props: { open: true, step: "pack", environment: "live" } });
    const official = () => document.querySelector<HTMLElement>('[data-testid="help.official"]');
    page.host.refuse("openHelpPage", "window_failed");
    official()?.click();
    await flushPromises();
    expect(document.querySelector('[data-testid="error"]')?.getAttribute("data-code")).toBe("window_failed");
    official()?.click();
    await flushPromises();
    expect(page.host.sent("openHelpPage")).toEqual([{ page: "official_charge_guide" }, { page: "official_charge_guide" }]);
  });
});
