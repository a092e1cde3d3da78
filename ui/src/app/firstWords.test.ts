// A start shows the overview, the table of all, or any step of the wizard before the words of the other pages are there.
import { describe, expect, it, vi } from "vitest";

import { STEPS, type Language } from "@/ipc/bindings";
import { mountWithHost } from "@/testing/mount";
import { expectTranslated } from "@/testing/step";

import App from "./App.vue";

async function expectSpoken(language: Language, path: RegExp, scene: string): Promise<void> {
  const page = await mountWithHost(App, { language, words: "first", scene });
  expect(page.path()).toMatch(path);
  expectTranslated(document.body);
}

describe.each(["zh", "en"] as const)("the first words in %s", (language) => {
  it.each(STEPS)("suffice for the wizard at %s", (step) => expectSpoken(language, /^\/wizard/, step === "welcome" ? "wizard" : `wizard.${step}`));

  it("suffice for the overview", () => expectSpoken(language, /^\/overview/, "shop"));

  it("suffice for the table of all", () => expectSpoken(language, /^\/accounts/, "accounts"));

  it("are not all", async () => {
    vi.spyOn(console, "warn").mockReturnValue(); // names each missing word
    await mountWithHost(App, { language, words: "first", path: "/settings", scene: "settings" });
    expect(() => expectTranslated(document.body)).toThrow();
  });
});
