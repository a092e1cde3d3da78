import { describe, expect, it } from "vitest";

import type { InboxAlert } from "@/ipc/bindings";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type Mounted, type MountOptions } from "@/testing/mount";
import { until } from "@/testing/page";
import { expectReachable, expectTranslated } from "@/testing/step";
import { typed } from "@/testing/typed";

import InboxPage from "./InboxPage.vue";

const open = (scene = "inbox", options: MountOptions = {}) => mountWithHost(InboxPage, { path: "/inbox", scene, ...options });
const items = (page: Mounted) => page.host.read("getInbox").items;
/** The page with one alert and nothing else. */
const openWith = (alert: InboxAlert) =>
  open("inbox", { change: ({ read, answer }) => answer("getInbox", { items: [{ ...read("getInbox").items[0]!, alert }], unread: 1 }) });

describe("inbox", () => {
  it("lists what was not seen first, of every mini-program, and counts it in the rail", async () => {
    const page = await open();
    const unread = items(page).filter((item) => !item.read);
    const read = items(page).filter((item) => item.read);
    expect(unread.length).toBeGreaterThan(1);
    expect(read.length).toBeGreaterThan(0);
    expect(new Set(unread.map((item) => item.account)).size).toBe(2);
    const shown = (group: string) => page.get(`inbox.${group}`).findAll("li").map((row) => row.attributes("data-testid"));
    expect(shown("unread")).toEqual(unread.map(({ id }) => `inbox.item.${id}`));
    expect(shown("read")).toEqual(read.map(({ id }) => `inbox.item.${id}`));
    expect(page.get("rail.unread").text()).toContain(`${unread.length} 条未读`);
    for (const item of unread) expect(page.get(`inbox.item.${item.id}`).text()).toContain(item.account_name);
  });

  it.each<[InboxAlert, string, string]>([
    [{ kind: "quota_low", percent: 20, remaining: 1_196 }, "只剩 1,196 次，不到总数的 20 %", "/packs"],
    [{ kind: "quota_low", percent: 0, remaining: 0 }, "额度用完了", "/overview"],
    [{ kind: "ends_soon", day: typed("2026-12-06"), days: 15, calls: 806 }, "12 月 6 日有额度到期，还剩 806 次", "/overview"],
    [{ kind: "runs_out_soon", days: 9 }, "预计再过 9 天", "/packs"],
    [{ kind: "runs_out_soon", days: 0 }, "预计今天", "/packs"],
    [{ kind: "will_expire", day: typed("2027-11-21"), calls: 300 }, "预计有 300 次用不完", "/orders"],
    [{ kind: "guarded", act: "to_manual", dry_run: false, remaining: 186 }, "只剩 186 次，已让会员手动输入", "/packs"],
    [{ kind: "guarded", act: "back", dry_run: false, remaining: 1_186 }, "还剩 1,186 次，已换回授权获取", "/member_card"],
    [{ kind: "guarded", act: "allocate", dry_run: false, remaining: 186 }, "已从集采额度里分来一份", "/member_card"],
    [{ kind: "guarded", act: "to_manual", dry_run: true, remaining: 186 }, "本来会让会员手动输入", "/member_card"],
    [{ kind: "guard_stuck", remaining: 120 }, "守护想动手，却办不成", "/member_card"],
    [{ kind: "usage_high", calls: 1_900, expected: 140 }, "一天几乎不会超过 140 次", "/member_card"],
  ])("says what happened and leads to the page that helps: %j", async (alert, words, path) => {
    const page = await openWith(alert);
    const { id, account } = items(page)[0]!;
    expect(page.get(`inbox.item.${id}`).text()).toContain(words);
    page.host.answer("markInboxRead", { items: [], unread: 0 });
    page.host.answer("selectAccount", page.host.read("getApp"));
    await page.click(`inbox.help.${id}`);
    await until(() => expect(page.path()).toBe(path));
    expect(page.host.sent("selectAccount")).toEqual([{ account }]);
    expect(page.host.sent("markInboxRead")).toEqual([{ id }]);
  });

  it("marks one as seen, and all", async () => {
    const page = await open();
    const first = items(page)[0]!;
    const { items: all, unread } = page.host.read("getInbox");
    page.host.answer("markInboxRead", { items: all.map((item) => (item.id === first.id ? { ...item, read: true } : item)), unread: unread - 1 });
    await page.click(`inbox.mark.${first.id}`);
    expect(page.host.sent("markInboxRead")).toEqual([{ id: first.id }]);
    await until(() => expect(page.has(`inbox.mark.${first.id}`)).toBe(false));
    expect(page.get(`inbox.item.${first.id}`).attributes("data-read")).toBe("true");
    const seen = await open();
    await seen.host.leadsTo("inbox.seen");
    await seen.click("inbox.mark_all");
    expect(seen.host.sent("markInboxRead")).toEqual([{ id: null }]);
    await until(() => expect(seen.has("inbox.unread")).toBe(false));
    expect(seen.has("inbox.mark_all")).toBe(false);
  });

  it("keeps an alert unread when marking it fails, and says why", async () => {
    const page = await open();
    const first = items(page)[0]!;
    page.host.refuse("markInboxRead", "disk_full");
    await page.click(`inbox.help.${first.id}`);
    expect(page.get("error").attributes("data-code")).toBe("disk_full");
    expect(page.path()).toBe("/inbox");
    expect(page.has(`inbox.mark.${first.id}`)).toBe(true);
  });

  it("leads to the limits while there is nothing to tell", async () => {
    const page = await open("shop", {
      change: ({ read, answer }) => {
        answer("getInbox", { items: [], unread: 0 });
        answer("getApp", { ...read("getApp"), unread: 0 });
      },
    });
    expect(page.has("inbox.none")).toBe(true);
    expect(page.has("rail.unread")).toBe(false);
    await page.click("inbox.to_settings");
    await until(() => expect(page.path()).toContain("/settings"));
  });

  it.each(["zh", "en"] as const)("is accessible, reachable and complete in %s", async (language) => {
    const page = await open("inbox", { language });
    await expectAccessible(page.element);
    expectReachable(page.element);
    expectTranslated(page.element);
  });
});
