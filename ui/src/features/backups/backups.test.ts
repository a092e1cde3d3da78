import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import App from "@/app/App.vue";
import type { Language } from "@/ipc/bindings";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type MountOptions } from "@/testing/mount";
import { until } from "@/testing/page";
import { expectReachable, expectTranslated } from "@/testing/step";

import { BackupsCard } from "./index";

const open = (options: MountOptions = {}) => mountWithHost(BackupsCard, { scene: "settings", ...options });
type Page = Awaited<ReturnType<typeof open>>;

const shown = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
const names = (page: Page) => page.host.read("getBackups").map(({ name }) => name) as [string, ...string[]];

/** Chooses one and says yes. */
async function restore(page: Page, name: string) {
  await page.click(`backups.restore.${name}`);
  await until(() => expect(shown("backups.ask")).not.toBeNull());
  shown("backups.ask.do")?.click();
  await flushPromises();
}

describe("backups", () => {
  it("say when each was made, why, and how large it is", async () => {
    const page = await open();
    const rows = page.get("backups.list").findAll("li").map((row) => row.text());
    expect(rows).toHaveLength(6);
    expect(rows[0]).toContain("每天的备份");
    expect(rows[0]).toContain("0.4 MB");
    expect(rows[3]).toContain("升级前的备份");
    expect(rows[4]).toMatch(/被换下来的数据.*1\.3 MB.*留 30 天/);
  });

  it("restore nothing before the shop has read what that means", async () => {
    const page = await open();
    await page.click(`backups.restore.${names(page)[1]}`);
    await until(() => expect(shown("backups.ask")).not.toBeNull());
    const text = shown("backups.ask")?.textContent ?? "";
    for (const word of ["另存成一份备份", "密码和密钥不在备份里", "从微信重新读", "会先问你", "重新打开"]) expect(text).toContain(word);
    expect(page.host.calls("restoreBackup")).toBe(0);
    document.body.querySelector<HTMLElement>("[data-testid='backups.ask'] header button")?.click();
    await until(() => expect(shown("backups.ask")).toBeNull());
    expect(page.host.calls("restoreBackup")).toBe(0);
  });

  it("restore the one that was chosen, and say that the app starts again", async () => {
    const page = await open();
    page.host.answer("restoreBackup", null as never);
    const [, wanted] = names(page);
    await restore(page, wanted ?? "");
    expect(page.host.sent("restoreBackup")).toEqual([{ name: wanted }]);
    await until(() => expect(page.has("backups.restarting")).toBe(true));
    expect(page.has("backups.list")).toBe(false);
  });

  it.each(["backup_damaged", "backup_newer", "backup_gone", "disk_full"] as const)("stay to choose from after %s", async (code) => {
    const page = await open();
    page.host.refuse("restoreBackup", code);
    await restore(page, names(page)[0]);
    expect(page.get("error").attributes("data-code")).toBe(code);
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
    expect(page.get("backups.list").findAll("li")).toHaveLength(6);
  });

  it("say that there is none", async () => {
    const page = await open({ change: (host) => host.answer("getBackups", []) });
    expect(page.has("backups.none")).toBe(true);
  });

  it.each<Language>(["zh", "en"])("are accessible, reachable and complete in %s", async (language) => {
    const page = await open({ language });
    await expectAccessible(page.element);
    expectTranslated(page.element);
    expectReachable(page.element);
    await page.click(`backups.restore.${names(page)[0]}`);
    await until(() => expect(shown("backups.ask")).not.toBeNull());
    await expectAccessible(document.body);
    expectTranslated(document.body);
  });
});

describe("backups on the page of an app that cannot start", () => {
  it.each(["database_damaged", "database_missing", "stored_word_unknown"] as const)("are restored, and the app starts: %s", async (code) => {
    const page = await mountWithHost(App, { words: "first", change: (host) => host.refuseAlways("getApp", code) });
    await until(() => expect(page.has("backups.list")).toBe(true));
    expectTranslated(document.body);
    page.host.answer("restoreBackup", null as never);
    page.host.refuseNoMore("getApp");
    await restore(page, names(page)[0]);
    expect(page.host.calls("restartApp")).toBe(1);
    await until(() => expect(page.has("step.welcome")).toBe(true));
  });

  it("are not offered where they mend nothing", async () => {
    const page = await mountWithHost(App, { change: (host) => host.refuseAlways("getApp", "disk_full") });
    await until(() => expect(page.has("app.failed")).toBe(true));
    expect(page.host.calls("getBackups")).toBe(0);
  });
});
