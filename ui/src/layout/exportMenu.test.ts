import { flushPromises } from "@vue/test-utils";
import { beforeEach, describe, expect, it } from "vitest";

import type { ExportTable, Language } from "@/ipc/bindings";
import { useNotes } from "@/shared/ui/notes";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost } from "@/testing/mount";
import { expectTranslated } from "@/testing/step";

import ExportMenu from "./ExportMenu.vue";

const table: ExportTable = {
  name: "用量",
  columns: [{ head: "日期", kind: "day" }],
  rows: [["2026-11-21"]],
};

const saved = (name: string) => ({ name, path: `/exports/${name}` });

async function open(language: Language = "zh") {
  const page = await mountWithHost(ExportMenu, { language, props: { table: () => table, testid: "x" }, change: (host) => host.answer("exportTable", saved("用量.xlsx")) });
  async function choose(format: string) {
    await page.get("x").trigger("keydown", { key: "Enter" });
    await flushPromises();
    const item = document.querySelector<HTMLElement>(`[data-testid="x.${format}"]`);
    item?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await flushPromises();
  }
  return Object.assign(page, { choose });
}

const { notes, show, clear } = useNotes();
const note = () => notes.value.at(-1);

describe("export", () => {
  beforeEach(clear);

  it("says where the file is, and opens the folder", async () => {
    const page = await open();
    await page.choose("xlsx");
    expect(note()).toMatchObject({ text: "已存为 用量.xlsx", show: { name: "打开文件夹" } });
    await show(note()!.id);
    expect(page.host.sent("exportTable")).toEqual([{ format: "xlsx", table }]);
    expect(page.host.sent("showExport")).toEqual([{ name: "用量.xlsx" }]);
  });

  it("says what the file is called, where that name was taken", async () => {
    const page = await open();
    page.host.answer("exportTable", saved("用量 (2).csv"));
    await page.choose("csv");
    expect(note()?.text).toContain("用量 (2).csv");
    expect(page.host.sent("exportTable")).toEqual([{ format: "csv", table }]);
  });

  it("explains a full disk", async () => {
    const page = await open();
    page.host.refuse("exportTable", "disk_full");
    await page.choose("xlsx");
    expect(page.get("error").attributes("data-code")).toBe("disk_full");
    expect(note()).toBeUndefined();
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
  });

  it("moves nothing on the page when the file is there", async () => {
    const page = await open();
    const before = page.element.innerHTML.length;
    await page.choose("xlsx");
    await page.choose("csv");
    expect(page.element.innerHTML).toHaveLength(before);
  });

  it.each(["zh", "en"] as const)("is accessible and complete in %s", async (language) => {
    const page = await open(language);
    await page.choose("xlsx");
    await expectAccessible(page.element);
    expectTranslated(page.element);
  });
});
