import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from "vitest";

import App from "@/app/App.vue";
import type { ExportTable, Language } from "@/ipc/bindings";
import { useNotes } from "@/shared/ui/notes";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost } from "@/testing/mount";
import { until } from "@/testing/page";
import { recorded } from "@/testing/recorded";
import { expectTranslated } from "@/testing/step";

// Loaded before a test counts on it.
import "./ChosenBar.vue";

// Nothing is laid out here: the box says how large it would be.
let sizes: MockInstance[] = [];
beforeEach(() => {
  sizes = [vi.spyOn(Element.prototype, "clientHeight", "get"), vi.spyOn(HTMLElement.prototype, "offsetHeight", "get")];
  for (const size of sizes) size.mockReturnValue(600);
  useNotes().clear();
});
afterEach(() => sizes.forEach((size) => size.mockRestore()));

async function open(language: Language = "zh") {
  const page = await mountWithHost(App, { path: "/accounts", scene: "three", language });
  await until(() => expect(page.has("accounts.table")).toBe(true));
  const ids = page.host.read("getAccounts").accounts.map(({ id }) => id);
  async function tick(...places: number[]) {
    for (const place of places) {
      const box = document.querySelector<HTMLInputElement>(`[data-chooses="${ids[place]}"]`);
      if (!box) throw new Error(`row ${place} cannot be ticked`);
      box.click();
      await flushPromises();
    }
    await until(() => expect(page.has("accounts.chosen")).toBe(true));
  }
  return Object.assign(page, { ids, tick });
}
const said = () => useNotes().notes.value.at(-1)?.text;

describe("ticked mini-programs", () => {
  it("are read again, those and no others, and the failed ones are counted", async () => {
    const page = await open();
    await page.tick(0, 2);
    expect(page.get("accounts.chosen").text()).toContain("已选 2 个");
    // A tick opens nothing.
    expect(page.path()).toBe("/accounts");
    page.host.refuseAlways("syncUsage", "unreachable");
    await page.click("accounts.chosen.read");
    await until(() => expect(said()).toContain("2 个没读到"));
    expect(page.host.sent("syncUsage")).toEqual([page.ids[0], page.ids[2]].map((account) => ({ account })));
  });

  it("are archived together, and taken up again by one undo", async () => {
    const page = await open();
    page.host.answer("archiveAccount", (await recorded("settings")).read("getSettings"));
    await page.tick(0, 1);
    await page.click("accounts.chosen.archive");
    await until(() => expect(said()).toBe("已归档 2 个"));
    await useNotes().undo(useNotes().notes.value.at(-1)!.id);
    const sent = [true, false].flatMap((archived) => [0, 1].map((place) => ({ account: page.ids[place], archived })));
    expect(page.host.sent("archiveAccount")).toEqual(sent);
    expect(page.has("accounts.chosen")).toBe(false);
  });

  it("are exported alone; a search narrows what is acted on", async () => {
    const page = await open();
    page.host.answer("exportTable", { name: "全部小程序.csv", path: "/exports/全部小程序.csv" });
    await page.click("accounts.table.choose_all");
    await until(() => expect(page.get("accounts.chosen").text()).toContain("已选 3 个"));
    await page.type("accounts.search", "面");
    await until(() => expect(page.get("accounts.chosen").text()).toContain("已选 1 个"));
    await page.get("accounts.chosen.export").trigger("keydown", { key: "Enter" });
    await flushPromises();
    document.querySelector<HTMLElement>('[data-testid="accounts.chosen.export.csv"]')?.click();
    await until(() => expect(said()).toContain("全部小程序.csv"));
    expect((page.host.sent("exportTable")[0]!.table as ExportTable).rows).toHaveLength(1);
    await page.click("accounts.chosen.none");
    expect(page.has("accounts.summary")).toBe(true);
  });

  it.each(["zh", "en"] as const)("are accessible and complete in %s", async (language) => {
    const page = await open(language);
    await page.tick(0);
    await expectAccessible(page.element);
    expectTranslated(page.element);
  });
});
