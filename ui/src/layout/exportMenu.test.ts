import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import type { ExportTable, Language } from "@/ipc/bindings";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost } from "@/testing/fakeMount";
import { expectTranslated } from "@/testing/fakeStep";

import ExportMenu from "./ExportMenu.vue";

const table: ExportTable = {
  name: "用量",
  columns: [{ head: "日期", kind: "day" }],
  rows: [["2026-11-21"]],
};

async function open(language: Language = "zh") {
  const page = await mountWithHost(ExportMenu, { language, props: { table: () => table, testid: "x" } });
  async function choose(format: string) {
    await page.get("x").trigger("keydown", { key: "Enter" });
    await flushPromises();
    const item = document.querySelector<HTMLElement>(`[data-testid="x.${format}"]`);
    item?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await flushPromises();
  }
  return Object.assign(page, { choose });
}

describe("export", () => {
  it("says where the file is, and opens the folder", async () => {
    const page = await open();
    await page.choose("xlsx");
    expect(page.get("x.saved").text()).toContain("用量.xlsx");
    await page.click("x.show");
    expect(page.host.control.world.opened).toEqual(["export:用量.xlsx"]);
  });

  it("never writes over a file", async () => {
    const page = await open();
    await page.choose("csv");
    await page.choose("csv");
    expect(page.get("x.saved").text()).toContain("用量 (2).csv");
    expect(page.host.control.world.exports.map((one) => one.table)).toEqual([table, table]);
  });

  it("explains a full disk", async () => {
    const page = await open();
    page.host.control.failNext("exportTable", "disk_full");
    await page.choose("xlsx");
    expect(page.get("error").attributes("data-code")).toBe("disk_full");
    expect(page.has("x.saved")).toBe(false);
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
  });

  it.each(["zh", "en"] as const)("is accessible and complete in %s", async (language) => {
    const page = await open(language);
    await page.choose("xlsx");
    await expectAccessible(page.element);
    expectTranslated(page.element);
  });
});
