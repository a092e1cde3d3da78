import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import { formatCount } from "@/shared/formats";
import { useNotes } from "@/shared/ui/notes";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type MountOptions } from "@/testing/mount";
import { until } from "@/testing/page";
import { expectReachable, expectTranslated } from "@/testing/step";

import OverviewPage from "./OverviewPage.vue";

const open = (scene = "shop", options: MountOptions = {}) => mountWithHost(OverviewPage, { path: "/overview", scene, ...options });

describe("overview", () => {
  it("answers before it shows figures", async () => {
    const page = await open();
    const answer = page.get("overview.answer");
    expect(answer.attributes("data-kind")).toBe("enough");
    // The trial brings the end, by use: the pack ends before, unused.
    expect(answer.text()).toMatch(/^还够用到 2027 年 12 月 9 日左右最早 2027 年 11 月 21 日，最晚要到两年以后/);
    expect(answer.text()).toContain("预计");
    expect(page.get("overview.remaining").attributes("data-value")).toBe("1806");
    expect(page.get("overview.advice").attributes("data-kind")).toBe("buy_nothing");
    const order = answer.element.compareDocumentPosition(page.get("overview.remaining").element);
    expect(order & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
  });

  it.each([
    ["zh", "小游戏", "你自己填的"],
    ["en", "mini-game", "you typed these figures in"],
  ] as const)("says in %s that the figures of a mini-game were typed in, and leads to newer ones", async (language, what, how) => {
    const page = await open("game", { language });
    expect(page.get("overview.game").text()).toContain(what);
    expect(page.get("overview.game").text()).toContain(how);
    expect(page.get("overview.remaining").attributes("data-value")).toBe("964");
    // Three figures say nothing of packs.
    expect(page.has("overview.order")).toBe(false);
    await page.host.leadsTo("game.connect");
    await page.click("overview.game_update");
    await until(() => expect(page.path()).toBe(`/wizard/${page.account}`));
    expect(page.host.sent("goToStep")).toEqual([{ account: page.account, step: "connect" }]);
    expect((await open()).has("overview.game")).toBe(false);
  });

  it("names the range of an estimate, and what helps", async () => {
    const answer = (await open("packs.buy")).get("overview.answer");
    expect(answer.attributes("data-kind")).toBe("ends_soon_by_use");
    // 100 calls at 300 a month last ten days.
    expect(answer.text()).toMatch(/^快用完了，只够用到 12 月 1 日左右最早 11 月 27 日，最晚 12 月 7 日/);
    expect(answer.get("[data-testid='overview.acts']").text()).toBe("去选资源包");
  });

  it("shows lots in the host's order, the mode and the next expiry", async () => {
    const page = await open();
    const lots = page.get("overview.order").findAll("li");
    expect(lots.map((lot) => lot.attributes("data-lot"))).toEqual(page.host.read("getUsage")?.lots.map((lot) => lot.id));
    expect(page.get("overview.mode").attributes("data-mode")).toBe("authorized");
    const expiry = page.host.read("getOverview").next_expiry;
    expect(page.get("overview.expiry").text()).toContain(`预计有 ${formatCount(expiry?.wasted ?? 0)} 次用不完`);
    expect(page.get("overview.alerts").text()).toContain("退款");
  });

  it("says what customers see when nothing is left, and where to buy", async () => {
    const page = await open("shop.dry");
    expect(page.get("overview.answer").attributes("data-kind")).toBe("dry_used_up");
    expect(page.get("overview.answer").text()).toContain("该功能使用次数已达当前小程序上限");
    await page.click("overview.buy");
    await until(() => expect(page.path()).toBe("/packs"));
  });

  it("lets members type their numbers first where customers are turned away", async () => {
    const page = await open("shop.dry_card");
    expect(page.get("overview.to_manual").text()).toContain("先让会员手动输入");
    await page.host.leadsTo("shop.dry_manual");
    await page.click("overview.to_manual");
    await until(() => expect(page.get("overview.answer").attributes("data-kind")).toBe("dry_manual"));
    expect(page.host.sent("setMode")).toEqual([{ account: page.account, mode: "manual" }]);
    expect(page.get("overview.answer").text()).toContain("领卡不受影响");
    expect(page.has("overview.to_manual")).toBe(false);
  });

  it("leads to the mode where it cannot be switched here", async () => {
    const page = await open("shop.dry");
    expect(page.get("overview.to_manual").text()).toBe("先改成会员手动输入");
  });

  it("leads a refund alert to the order", async () => {
    const page = await open();
    await page.click("overview.orders");
    await until(() => expect(page.path()).toBe("/orders"));
  });

  it("leads to the wizard's own step while that is not finished", async () => {
    const page = await open("wizard.dry");
    await page.host.leadsTo("wizard.dry_pack");
    await page.click("overview.buy");
    await until(() => expect(page.path()).toBe(`/wizard/${page.account}`));
    expect(page.host.sent("goToStep")).toEqual([{ account: page.account, step: "pack" }]);
  });

  it("tells a free account that it pays nothing", async () => {
    const page = await open("shop.free");
    expect(page.get("overview.answer").attributes("data-kind")).toBe("pays_nothing");
    expect(page.has("overview.advice")).toBe(false);
    expect(page.has("overview.order")).toBe(false);
  });

  it("keeps the figure and turns its time amber when it is stale", async () => {
    const page = await open("shop.stale");
    expect(page.has("overview.stale")).toBe(true);
    expect(page.get("overview.remaining").text()).toBe("1,806 次");
    await page.host.leadsTo("shop.read_again");
    await page.click("overview.sync");
    expect(page.has("overview.stale")).toBe(false);
  });

  it("explains a failed reading next to the last figures, and reads again", async () => {
    const page = await open("shop.offline");
    expect(page.get("error").attributes("data-code")).toBe("unreachable");
    expect(page.get("overview.remaining").attributes("data-value")).toBe("1806");
    await page.host.leadsTo("shop.read_again");
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
    expect(page.host.sent("syncUsage")).toEqual([{ account: page.account }]);
  });

  it("follows what changes elsewhere", async () => {
    const page = await open();
    await page.host.becomes("shop.later", { account: page.account, tags: ["usage"] });
    await flushPromises();
    expect(page.get("overview.remaining").attributes("data-value")).toBe("1706");
  });

  it("has one button while no usage was read", async () => {
    const page = await open("shop.empty");
    expect(page.get("overview.answer").attributes("data-kind")).toBe("none");
    await page.host.leadsTo("shop.connecting");
    await page.click("overview.connect");
    await until(() => expect(page.path()).toBe(`/wizard/${page.account}`));
    expect(page.host.sent("goToStep")).toEqual([{ account: page.account, step: "connect" }]);
  });

  it("reminds again on the advice's day, and takes that back", async () => {
    const page = await open();
    expect(page.has("overview.reminder")).toBe(false);
    const name = page.get("overview.remind").text();
    expect(name).toMatch(/^到 \d{4} 年 \d+ 月 \d+ 日再提醒我$/);
    await page.host.leadsTo("shop.reminder", "shop.no_reminder");
    await page.click("overview.remind");
    expect(page.get("overview.reminder").text()).toContain("打开软件时，会在「提醒」里看到");
    expect(page.has("overview.remind")).toBe(false);
    const { notes, undo } = useNotes();
    await undo(notes.value[0]!.id);
    await flushPromises();
    const advice = page.host.read("getOverview").advice;
    const day = advice?.kind === "buy_nothing" ? advice.look_again?.slice(0, 10) : undefined;
    expect(page.host.sent("setReminder")).toEqual([day, null].map((day) => ({ account: page.account, day })));
    expect(page.get("overview.remind").text()).toBe(name);
  });

  it("tells on the day, until it was seen; and again if that was a slip", async () => {
    const page = await open("shop.reminded");
    expect(page.get("overview.alerts").text()).toMatch(/你定的是 (2026 年 )?11 月 21 日/); // the year where it is over
    expect(page.has("overview.reminder")).toBe(false);
    await page.host.leadsTo("shop.no_reminder", "shop.reminded");
    await page.click("overview.reminded");
    expect(page.get("overview.alerts").text()).not.toContain("再看一次");
    const { notes, undo } = useNotes();
    await undo(notes.value[0]!.id);
    await flushPromises();
    expect(page.host.sent("setReminder").map(({ day }) => day)).toEqual([null, "2026-11-21"]);
    expect(page.has("overview.reminded")).toBe(true);
  });

  it("leads back to an unfinished wizard", async () => {
    const page = await open("wizard.mode");
    await page.click("overview.continue");
    await until(() => expect(page.path()).toBe(`/wizard/${page.account}`));
  });

  it("explains when it cannot be read at all", async () => {
    const page = await open();
    page.host.refuse("getOverview", "disk_failed");
    page.host.emit({ account: page.account, tags: ["usage"] });
    await flushPromises();
    expect(page.get("error").attributes("data-code")).toBe("disk_failed");
    expect(page.get("overview.remaining").attributes("data-value")).toBe("1806");
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
  });

  it.each(["zh", "en"] as const)("is accessible, reachable and complete in %s", async (language) => {
    const page = await open("shop", { language });
    await expectAccessible(page.element);
    expectReachable(page.element);
    expectTranslated(page.element);
  });
});
