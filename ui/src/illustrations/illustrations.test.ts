import { describe, expect, it } from "vitest";

import { STEPS } from "@/ipc/bindings";
import type { Language, Step } from "@/ipc/bindings";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost } from "@/testing/mount";
import { expectTranslated } from "@/testing/step";

import StepIllustration from "./StepIllustration.vue";

const sources = import.meta.glob<string>("./**/*.vue", { eager: true, query: "?raw", import: "default" });

const draw = (step: Step, frame?: number, language: Language = "zh") =>
  mountWithHost(StepIllustration, { language, props: { step, frame } });
const title = (element: Element) => {
  const id = element.getAttribute("aria-labelledby") ?? "";
  return element.querySelector(`[id="${id}"]`)?.textContent ?? "";
};

describe("illustrations", () => {
  it.each(STEPS.flatMap((step) => [[step, "zh"], [step, "en"]] as const))("%s has a named drawing in %s", async (step, language) => {
    const { element } = await draw(step, undefined, language);
    expect(element.getAttribute("role")).toBe("img");
    expect(title(element)).not.toBe("");
    expectTranslated(element);
    await expectAccessible();
  });

  it("shows each of the five moments of 小程序助手, with where to tap", async () => {
    const titles = new Set<string>();
    for (const frame of [1, 2, 3, 4, 5]) {
      const { element } = await draw("login", frame);
      expect(element.querySelectorAll('[data-part="tap"]').length).toBe(1);
      titles.add(title(element));
    }
    expect(titles.size).toBe(5);
  });

  it("shows each moment of the payment", async () => {
    const titles = new Set<string>();
    for (const frame of [1, 2, 3, 4, 5, 6]) titles.add(title((await draw("payment", frame)).element));
    expect(titles.size).toBe(6);
  });

  it.each([[5_000, 365, "150.00"], [100_000, 365, "3000.00"], [250, 90, "7.50"]] as const)("draws the console with the %i calls that are bought", async (calls, days, price) => {
    const pack = { calls, days, price };
    const drawn = async (frame: number) => (await mountWithHost(StepIllustration, { props: { step: "payment", frame, pack } })).element;
    const packs = await drawn(2);
    expect(packs.querySelectorAll(".ill-tint.ill-stroke-leaf").length).toBe(1);
    expect(packs.querySelector(".ill-tint.ill-stroke-leaf")?.parentElement?.textContent).toContain(calls.toLocaleString("en"));
    expect(packs.querySelector(".ill-text-brand.ill-strong")?.textContent).toContain(String(days));
    expect((await drawn(3)).textContent).toContain(`¥ ${Number(price).toLocaleString("en", { minimumFractionDigits: price.endsWith("00") ? 0 : 2 })}`);
  });

  it("brings a moment that does not exist into range", async () => {
    expect(title((await draw("login", 99)).element)).toBe(title((await draw("login", 5)).element));
    expect(title((await draw("login", -1)).element)).toBe(title((await draw("login", 1)).element));
  });

  it("draws with classes on tokens: no inline style, no colour of its own", () => {
    expect(Object.keys(sources).length).toBeGreaterThan(15);
    for (const [path, source] of Object.entries(sources)) {
      expect(source, path).not.toMatch(/\bstyle=|#[0-9a-f]{3,8}\b|\bfill="#|rgb\(/i);
    }
  });
});
