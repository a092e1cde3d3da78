import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import en from "@/locales/en/help.json";
import zh from "@/locales/zh/help.json";
import { mountWithHost } from "@/shared/testing/mount";
import { expectAccessible } from "@/shared/testing/axe";
import { expectTranslated, mountStep } from "@/shared/testing/step";

import HelpDialog from "./HelpDialog.vue";
import { STEP_ORDER } from "./frame";

const dialog = () => document.querySelector('[data-testid="wizard.help"]');

describe("help", () => {
  it.each(STEP_ORDER.flatMap((step) => [[step, "zh"], [step, "en"]] as const))("has its own text for %s in %s", async (step, language) => {
    await mountWithHost(HelpDialog, { language, props: { open: true, step, environment: "live" } });
    const texts = (language === "zh" ? zh : en).step[step];
    for (const text of Object.values(texts)) expect(dialog()?.textContent).toContain(text);
    expectTranslated(dialog() as Element);
    await expectAccessible();
  });

  it("never says the same thing for two steps", () => {
    for (const texts of [zh, en]) {
      const all = Object.values(texts.step).flatMap((step) => Object.values(step));
      expect(all.length).toBe(STEP_ORDER.length * 7);
      expect(new Set(all).size).toBe(all.length);
    }
  });

  it("opens for the step on screen, and closes by Escape", async () => {
    const page = await mountStep("payment");
    expect(dialog()).toBeNull();
    await page.click("wizard.stuck");
    expect(dialog()?.textContent).toContain(zh.step.payment.q1);
    dialog()?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await flushPromises();
    expect(dialog()).toBeNull();
  });

  it("says in practice that nothing can go wrong", async () => {
    await mountWithHost(HelpDialog, { props: { open: true, step: "login", environment: "practice" } });
    expect(dialog()?.textContent).toContain(zh.practice);
  });

  it("opens WeChat's page, and explains when it cannot", async () => {
    const page = await mountWithHost(HelpDialog, { props: { open: true, step: "pack", environment: "live" } });
    const official = () => document.querySelector<HTMLElement>('[data-testid="help.official"]');
    page.host.control.failNext("openHelpPage", "window_failed");
    official()?.click();
    await flushPromises();
    expect(document.querySelector('[data-testid="error"]')?.getAttribute("data-code")).toBe("window_failed");
    official()?.click();
    await flushPromises();
    expect(page.host.control.world.opened).toEqual(["official_charge_guide"]);
  });
});
