import { flushPromises } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";

import type { ExportTable } from "@/ipc/bindings";
import { useNotes } from "@/shared/ui/notes";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type Mounted, type MountOptions } from "@/testing/mount";
import { until } from "@/testing/page";
import { expectReachable, expectTranslated } from "@/testing/step";

import UsagePage from "./UsagePage.vue";

// There is no canvas to draw on here; the picture is looked at in a browser.
vi.mock("./UsageChart.vue", () => ({
  __esModule: true,
  default: { name: "UsageChart", props: ["points", "cursor", "range", "dayLabel", "countLabel"], render: () => null },
}));

const open = (scene = "usage.days", options: MountOptions = {}) => mountWithHost(UsagePage, { path: "/usage", scene, ...options });

const press = async (page: Mounted, key: string) => {
  await page.get("usage.keys").trigger("keydown", { key });
  await flushPromises();
  return page.get("usage.reading").text();
};

describe("usage", () => {
  it("shows the three figures and until when it lasts", async () => {
    const page = await open();
    const figure = (name: string) => page.get(`usage.${name}`).attributes("data-value");
    const { used, remaining, total } = page.host.read("getUsage")!;
    expect([figure("used"), figure("remaining"), figure("total")]).toEqual([used, remaining, total].map(({ value }) => `${value}`));
    // The pack of two months ago ends after its 365 days with calls left: a date, no estimate of one.
    expect(page.get("usage.run_out").text()).toBe("还能用到 2027 年 9 月 22 日。那天最后一个包到期，到时候预计还没用完。");
    expect((await open("shop")).get("usage.run_out").text()).toMatch(/^还够用到 2027 年 12 月 9 日左右/);
    expect(page.get("usage.curve").text()).toContain(`${page.host.read("getUsageCurve").known_days} 天的用量`);
  });

  it("is read with the arrows, day by day", async () => {
    const page = await open();
    expect(await press(page, "ArrowRight")).toMatch(/^11 月 21 日 · 到现在用了 \d+ 次 · 预计 \d+ 次/);
    expect(await press(page, "ArrowLeft")).toMatch(/^11 月 20 日 · 用了 \d+ 次$/);
    expect(await press(page, "End")).toMatch(/预计 \d+ 次（\d+–\d+ 次）$/);
    expect(await press(page, "Home")).toContain("9 月 23 日");
    const before = page.get("usage.reading").text();
    expect(await press(page, "+")).toBe(before);
    expect(await press(page, "x")).toBe(before);
  });

  it("counts by week and by month", async () => {
    const page = await open();
    await page.click("usage.grain.month");
    expect(await press(page, "ArrowRight")).toMatch(/^2026 年 11 月 · 用了 \d+ 次/);
    await page.click("usage.grain.week");
    expect(await press(page, "Home")).toMatch(/^9 月 \d+ 日起的一周 · 用了/);
  });

  it("can be read as a table", async () => {
    const page = await open();
    await page.click("usage.as_table");
    expect(page.has("usage.table")).toBe(true);
    expect(page.has("usage.keys")).toBe(false);
    expect(page.get("usage.as_table").attributes("aria-pressed")).toBe("true");
  });

  it("tells the trial apart, and where the calls went", async () => {
    const page = await open();
    expect(page.get("usage.trial").text()).toContain(`${page.host.read("getUsage")!.lots[0]!.used} / 1,000`);
    expect(page.get("usage.lot_table").findAll("tbody tr")).toHaveLength(1);
    expect(page.get("usage.story").text()).toMatch(/体验额度用了 \d+ 次/);
    expect(page.get("usage.story").text()).toContain("现在用的就是它");
  });

  it("exports what it shows", async () => {
    const page = await open();
    page.host.answer("exportTable", { name: "用量 晋味小馆会员中心.xlsx", path: "/exports/用量 晋味小馆会员中心.xlsx" });
    await page.get("usage.export").trigger("keydown", { key: "Enter" });
    await flushPromises();
    document.querySelector('[data-testid="usage.export.xlsx"]')?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await until(() => expect(useNotes().notes.value.at(-1)?.text).toContain("用量 晋味小馆会员中心.xlsx"));
    const [sent] = page.host.sent("exportTable");
    const { name, columns, rows } = sent?.table as ExportTable;
    expect([sent?.format, name]).toEqual(["xlsx", "用量 晋味小馆会员中心"]);
    const { day, so_far } = page.host.read("getUsageCurve");
    expect(rows).toHaveLength(day.past.length + (so_far ? 1 : 0) + day.ahead.length);
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
  });

  it("says what is missing while only one reading is there", async () => {
    const page = await open("shop");
    expect(page.get("usage.curve").text()).toContain("只有微信给的每月平均数");
    const few = await open("shop", { change: (host) => host.answer("getUsageCurve", { method: "monthly_at_most" }) });
    expect(few.get("usage.curve").text()).toContain("每月 50 次或更少");
  });

  it("has one button while no usage was read", async () => {
    const page = await open("shop.empty");
    await page.host.leadsTo("shop.connecting");
    await page.click("usage.connect");
    await until(() => expect(page.path()).toBe(`/wizard/${page.account}`));
    expect(page.host.sent("goToStep")).toEqual([{ account: page.account, step: "connect" }]);
  });

  it("keeps old figures and says how old they are", async () => {
    const page = await open("shop.stale");
    expect(page.has("usage.stale")).toBe(true);
    expect(page.get("usage.remaining").attributes("data-value")).toBe("1806");
  });

  it("explains a failed reading next to the last figures, and reads again", async () => {
    const page = await open("shop.offline");
    expect(page.get("error").attributes("data-code")).toBe("unreachable");
    await page.host.leadsTo("shop.read_again");
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
    expect(page.host.calls("syncUsage")).toBe(1);
  });

  it("explains when the curve cannot be read", async () => {
    const page = await open();
    page.host.refuse("getUsageCurve", "disk_failed");
    page.host.emit({ account: page.account, tags: ["usage"] });
    await flushPromises();
    expect(page.get("error").attributes("data-code")).toBe("disk_failed");
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
  });

  it.each(["zh", "en"] as const)("is accessible, reachable and complete in %s", async (language) => {
    const page = await open("usage.days", { language });
    await expectAccessible(page.element);
    expectReachable(page.element);
    expectTranslated(page.element);
    await page.click("usage.as_table");
    await expectAccessible(page.element);
  });
});
