// A start shows the overview, the table of all, or any step of the wizard before the words of the other pages are there.
import { describe, expect, it, vi } from "vitest";

import { STEPS, type Language } from "@/ipc/bindings";
import { fillAccounts, walkTo } from "@/ipc/fake/shops";
import type { FakeWorld } from "@/ipc/fake/world";
import { mountWithHost } from "@/testing/fakeMount";
import { expectTranslated } from "@/testing/fakeStep";

import App from "./App.vue";

async function expectSpoken(language: Language, path: RegExp, world: (world: FakeWorld) => unknown): Promise<void> {
  const page = await mountWithHost(App, { language, words: "first", world: (one) => void world(one) });
  expect(page.path()).toMatch(path);
  expectTranslated(document.body);
}

describe.each(["zh", "en"] as const)("the first words in %s", (language) => {
  it.each(STEPS)("suffice for the wizard at %s", (step) => expectSpoken(language, /^\/wizard/, (world) => walkTo(world, step)));

  it("suffice for the overview", () => expectSpoken(language, /^\/overview/, (world) => walkTo(world, "done", true)));

  it("suffice for the table of all", () => expectSpoken(language, /^\/accounts/, (world) => fillAccounts(world, 3)));

  it("are not all", async () => {
    vi.spyOn(console, "warn").mockReturnValue(); // names each missing word
    await mountWithHost(App, { language, words: "first", path: "/settings", world: (world) => void walkTo(world, "done", true) });
    expect(() => expectTranslated(document.body)).toThrow();
  });
});
