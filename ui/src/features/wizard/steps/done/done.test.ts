import { describe, expect, it, vi } from "vitest";

import { expectAccessible } from "@/testing/axe";
import type { Mounted } from "@/testing/mount";
import { until } from "@/testing/page";
import { expectReachable, expectTranslated, mountStep } from "@/testing/step";

// jsdom draws nothing; the journey in the real window takes the picture itself.
vi.mock("./picture", () => ({ pictureOf: async () => window.btoa("a picture") }));

const row = (page: Mounted, name: string) => page.get("done.summary").get(`[data-row="${name}"]`).text();

const SAVED = { name: "验号管家 晋味小馆会员中心.png", path: "/exports/验号管家 晋味小馆会员中心.png" };

describe("done", () => {
  it("sums up what was set up", async () => {
    const page = await mountStep("done");
    expect(row(page, "name")).toBe("晋味小馆会员中心");
    expect(row(page, "environment")).toBe("体验环境");
    expect(row(page, "app_id")).toBe("wxfacade0000000001");
    expect(row(page, "mode")).toBe("授权获取");
    expect(row(page, "remaining")).toBe("1,806 次");
    expect(row(page, "bought")).toContain("1,000 次，365 天，¥30.00");
    expect(row(page, "bought")).toContain("有效期 2026 年 11 月 21 日至 2027 年 11 月 21 日");
  });

  it("says when to look again after buying nothing", async () => {
    const page = await mountStep("done", { scene: "wizard.done_nothing" });
    expect(row(page, "bought")).toBe("没有买");
    expect(row(page, "look_again")).toMatch(/\d+ 月 \d+ 日/);
  });

  it("says that a pack is still on its way", async () => {
    const page = await mountStep("done", {
      change: ({ read, answer }) => answer("getSummary", { bought: { ...read("getPurchase")!, state: "waiting", arrived_at: null } }),
    });
    expect(row(page, "bought")).toBe("1,000 次，还在等到账");
  });

  it("tells a free account that it pays nothing", async () => {
    const page = await mountStep("done", { scene: "wizard.free" });
    expect(page.text()).toContain("微信不收你的费用");
    expect(page.get("done.summary").text()).not.toMatch(/快用完|再买/);
    const paying = await mountStep("done");
    expect(paying.get("done.summary").text()).toMatch(/快用完.*再买/);
  });

  it("prints through the host", async () => {
    const page = await mountStep("done");
    await page.click("done.print");
    expect(page.host.calls("printSummary")).toBe(1);
  });

  it("keeps the sheet as a picture, and says where", async () => {
    const page = await mountStep("done");
    page.host.answer("exportPicture", SAVED);
    await page.click("done.picture");
    expect(page.host.sent("exportPicture")).toEqual([{ name: "验号管家 晋味小馆会员中心", png: window.btoa("a picture") }]);
    expect(page.get("done.picture.saved").text()).toContain("验号管家 晋味小馆会员中心.png");
    expect(document.querySelector(".paper")).toBeNull();
    await page.click("done.picture.show");
    expect(page.host.sent("showExport")).toEqual([{ name: SAVED.name }]);
  });

  it("explains a full disk, and takes the picture again", async () => {
    const page = await mountStep("done");
    page.host.refuse("exportPicture", "disk_full");
    await page.click("done.picture");
    expect(page.get("error").attributes("data-code")).toBe("disk_full");
    page.host.answer("exportPicture", SAVED);
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
    expect(page.has("done.picture.saved")).toBe(true);
  });

  it("finishes and opens the overview", async () => {
    const page = await mountStep("done");
    await page.host.leadsTo("shop");
    await page.click("wizard.next");
    expect(page.host.sent("finishWizard")).toEqual([{ account: page.account }]);
    await vi.waitFor(() => expect(page.path()).toBe("/overview"), 10_000);
  });

  it.each(["disk_full", "step_not_ready", "internal"] as const)("stays and explains %s", async (code) => {
    const page = await mountStep("done");
    page.host.refuse("finishWizard", code);
    await page.click("wizard.next");
    expect(page.get("error").attributes("data-code")).toBe(code);
    expect(page.path()).toBe(`/wizard/${page.account}`);
  });

  it("explains a printer that cannot be reached, and tries again", async () => {
    const page = await mountStep("done");
    page.host.refuse("printSummary", "window_failed");
    await page.click("done.print");
    expect(page.get("error").attributes("data-code")).toBe("window_failed");
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
    expect(page.host.calls("printSummary")).toBe(2);
  });

  it("explains a summary that cannot be read, and reads it again", async () => {
    const page = await mountStep("mode");
    page.host.refuseAlways("getSummary", "disk_failed");
    await page.host.leadsTo("wizard.done");
    await page.click("mode.keep");
    await until(() => expect(page.has("error")).toBe(true));
    expect(page.get("error").attributes("data-code")).toBe("disk_failed");
    page.host.refuseNoMore("getSummary");
    await page.click("error.act");
    expect(page.has("done.summary")).toBe(true);
  });

  it.each(["zh", "en"] as const)("is accessible, reachable and complete in %s", async (language) => {
    const page = await mountStep("done", { language });
    expectTranslated(page.get("step.done").element);
    expectReachable(page.get("step.done").element);
    await expectAccessible();
  });
});
