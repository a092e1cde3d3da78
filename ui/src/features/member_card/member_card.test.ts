import { flushPromises } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";

import type { ErrorCode, Instant, ModeChangeView } from "@/ipc/bindings";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type Mounted, type MountOptions } from "@/testing/mount";
import { until } from "@/testing/page";
import type { RecordedHost } from "@/testing/recorded";
import { expectReachable, expectTranslated } from "@/testing/step";
import { typed } from "@/testing/typed";

import { sceneNow, scenesOf } from "./claim";
import MemberCardPage from "./MemberCardPage.vue";

async function open(scene = "member_card", options: MountOptions = {}) {
  const change = async (host: RecordedHost) => {
    // The page reads when it opens.
    host.answer("syncMemberCard", host.read("getMemberCard"));
    await options.change?.(host);
  };
  const page = await mountWithHost(MemberCardPage, { path: "/member_card", scene, ...options, change });
  await flushPromises();
  return page;
}

const mode = (page: Mounted) => page.get("member_card.mode").attributes("data-mode");
const scene = (page: Mounted, of: string) => page.get(`member_card.${of}`).get("[data-scene]").attributes("data-scene");

const live = (live_member_card: boolean) => ({ read, answer }: RecordedHost) => {
  const [account] = read("getApp").accounts;
  answer("getApp", { live_member_card, accounts: [{ ...account!, environment: "live" }] });
};

describe("member card", () => {
  it("reads the platform once when it opens, and shows what it reports with when and from where", async () => {
    const page = await open();
    expect(page.host.calls("syncMemberCard")).toBe(1);
    expect(page.get("member_card.quota").attributes("data-value")).toBe("10000");
    expect(page.get("member_card.issued").attributes("data-value")).toBe("837");
    expect(page.get("member_card.cards_left").attributes("data-value")).toBe("9163");
    expect(page.get("member_card.sms").attributes("data-value")).toBe("550");
    expect(page.get("member_card.balances").text()).toContain("从平台读取");
    await page.click("member_card.read");
    expect(page.host.calls("syncMemberCard")).toBe(2);
  });

  it("switches at once, and shows it only when it was read back", async () => {
    const page = await open();
    expect(mode(page)).toBe("authorized");
    expect(page.has("member_card.switch.authorized")).toBe(false);
    const release = page.host.hold("setMode");
    await page.host.leadsTo("member_card.manual");
    await page.click("member_card.switch.manual");
    expect(mode(page)).toBe("authorized");
    expect(page.get("member_card.switch.manual").attributes("aria-busy")).toBe("true");
    await page.click("member_card.switch.manual");
    release();
    await flushPromises();
    expect(page.host.sent("setMode")).toEqual([{ account: page.account, mode: "manual" }]);
    expect(mode(page)).toBe("manual");
    expect(page.get("member_card.undo").text()).toContain("已切换为会员手动输入");
    expect(page.get("mode.history").text()).toContain("已确认");
  });

  it("takes a switch back by one press, and says that it was taken back", async () => {
    const page = await open();
    await page.host.leadsTo("member_card.manual", "member_card.undone");
    await page.click("member_card.switch.manual");
    const change = page.host.read("getMemberCard").undo?.change;
    await page.click("member_card.take_back");
    expect(page.host.sent("undoMode")).toEqual([{ account: page.account, change }]);
    expect(mode(page)).toBe("authorized");
    expect(page.has("member_card.undo")).toBe(false);
    expect(page.get("mode.history").text()).toContain("撤销");
  });

  it("offers to take it back no longer than the host does", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const page = await open();
      await page.host.leadsTo("member_card.manual");
      await page.click("member_card.switch.manual");
      expect(page.has("member_card.undo")).toBe(true);
      await vi.advanceTimersByTimeAsync(119_000);
      expect(page.has("member_card.undo")).toBe(true);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(page.has("member_card.undo")).toBe(false);
      expect(page.has("member_card.switch.authorized")).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it("goes through what customers see, moment by moment", async () => {
    const page = await open();
    expect(scene(page, "authorized")).toBe("sheet");
    expect(page.get("member_card.authorized").text()).toContain("申请获取并验证你的手机号");
    expect(scene(page, "manual")).toBe("number");
    await page.click("member_card.scene.authorized.dry");
    expect(page.get("member_card.authorized").text()).toContain("该功能使用次数已达当前小程序上限，暂时无法使用");
    await page.click("member_card.scene.authorized.success");
    expect(page.get("member_card.authorized").text()).toContain("领卡成功");
  });

  it("shows today's customers the notice when the quota is dry, and that cards are out", async () => {
    const dry = await open("member_card.dry");
    expect(scene(dry, "authorized")).toBe("dry");
    expect(scene(dry, "manual")).toBe("number");
    const out = await open("member_card", { change: ({ read, answer }) => answer("getMemberCard", { seen: { ...read("getMemberCard").seen!, cards_dry: true } }) });
    expect(scene(out, "authorized")).toBe("no_cards");
    expect(out.has("member_card.scene.manual.start")).toBe(false);
  });

  it("says what each mode costs a year, as the host reckons it", async () => {
    const page = await open();
    // 12 × 97 × ¥0.03.
    expect(page.get("member_card.cost.authorized").attributes("data-value")).toBe("¥34.92");
    expect(page.get("member_card.cost.manual").attributes("data-value")).toBe("¥0.00");
    expect(page.get("member_card.authorized").text()).toContain("按每月 97 次、每次 ¥0.03 预计");
    // Whatever its volume: nobody reads it.
    const free = await open("member_card.free");
    expect(free.get("member_card.cost.authorized").attributes("data-value")).toBe("¥0.00");
    expect(free.get("member_card.authorized").text()).toContain("这个小程序符合免费规则");
    const unknown = await open("member_card", { change: ({ answer }) => answer("getMemberCard", { costs: null }) });
    expect(unknown.get("member_card.cost.authorized").text()).toBe("–");
    expect(unknown.get("member_card.authorized").text()).toContain("读到用量以后");
  });

  it("counts who signed up by week and way, where the platform does", async () => {
    const page = await open();
    const rows = page.get("member_card.weeks").findAll("tbody tr");
    expect(rows).toHaveLength(page.host.read("getMemberCard").sign_ups!.weeks.length);
    expect(rows[0]?.text()).toMatch(/11 月 15 日–11 月 21 日/);
    expect(rows[0]?.findAll("td").slice(0, 2).map((cell) => cell.text())).toEqual(["17", "0"]);
    expect(page.get("member_card.weeks").text()).not.toContain("没有取到号码");
    const unfetched = await open("member_card.not_fetched");
    expect(unfetched.get("member_card.weeks").text()).toContain("另有 2 次授权后没有取到号码，也收了费");
    const without = await open("member_card", { change: ({ answer }) => answer("getMemberCard", { sign_ups: null }) });
    expect(without.has("member_card.weeks")).toBe(false);
  });

  it("tells every change by whom it was made and how it ended", async () => {
    const change = { from: null, to: "manual" as const, asked_at: typed<Instant>("2026-11-20T10:00:00+08:00"), confirmed_at: null };
    const history: ModeChangeView[] = [
      { ...change, id: typed("5"), by: "person", why: "chosen", state: "open" },
      { ...change, id: typed("4"), by: "guard", why: null, state: "confirmed" },
      { ...change, id: typed("3"), by: "schedule", why: null, state: "failed" },
      { ...change, id: typed("2"), by: "elsewhere", why: null, state: "confirmed" },
    ];
    const page = await open("member_card", { change: ({ answer }) => answer("getMemberCard", { history }) });
    const lines = page.get("mode.history").findAll("li").map((line) => line.text());
    expect(lines[0]).toMatch(/11 月 20 日 10:00 切到会员手动输入.*在这里切换.*待确认/);
    expect(lines[1]).toContain("守护规则切换");
    expect(lines[2]).toMatch(/按设定的时间切换.*没有成功/);
    expect(lines[3]).toContain("在别处改的");
    expect(page.has("member_card.unconfirmed")).toBe(true);
  });

  it("sees a change made elsewhere by the changed event", async () => {
    const page = await open();
    await page.host.becomes("member_card.elsewhere", { account: page.account, tags: ["member_card"] });
    await flushPromises();
    expect(mode(page)).toBe("manual");
    expect(page.host.calls("syncMemberCard")).toBe(1);
  });

  it("keeps the figures and turns their time amber while they are stale and the platform is away", async () => {
    const page = await open("member_card.stale");
    page.host.refuse("syncMemberCard", "unreachable", { host: "card.example" });
    await page.click("member_card.read");
    expect(page.get("error").attributes("data-code")).toBe("unreachable");
    expect(page.get("member_card.quota").attributes("data-value")).toBe("10000");
    expect(page.get("member_card.balances").get(".text-warn").text()).toContain("从平台读取");
    await page.host.leadsTo("member_card.read_again");
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
  });

  it("asks whether a switch that was not finished is wanted still", async () => {
    const unfinished = { to: "manual", asked_at: typed<Instant>("2026-11-19T09:00:00+08:00") } as const;
    const page = await open("member_card", { change: ({ answer }) => answer("getMemberCard", { unfinished }) });
    expect(page.get("mode.unfinished").text()).toContain("11 月 19 日");
    expect(page.host.calls("setMode")).toBe(0);
    page.host.answer("keepMode", page.host.read("getWizard"));
    page.host.answer("getMemberCard", { unfinished: null });
    await page.click("mode.drop");
    expect(page.host.calls("keepMode")).toBe(1);
    expect([page.has("mode.unfinished"), mode(page)]).toEqual([false, "authorized"]);

    const again = await open("member_card", { change: ({ answer }) => answer("getMemberCard", { unfinished }) });
    await again.host.leadsTo("member_card.manual");
    await again.click("mode.finish");
    expect(again.host.sent("setMode")).toEqual([{ account: again.account, mode: "manual" }]);
    expect([again.has("mode.unfinished"), mode(again)]).toEqual([false, "manual"]);
  });

  const refusals: ErrorCode[] = ["mode_not_confirmed", "unreachable", "timeout", "bad_request", "disk_full", "internal"];
  it.each(refusals)("does not claim a switch that ended with %s", async (code) => {
    const page = await open();
    page.host.refuse("setMode", code);
    await page.click("member_card.switch.manual");
    expect(page.get("error").attributes("data-code")).toBe(code);
    expect(mode(page)).toBe("authorized");
    expect(page.has("member_card.undo")).toBe(false);
  });

  it("looks an unconfirmed switch up instead of sending it twice", async () => {
    const page = await open();
    page.host.refuse("setMode", "mode_not_confirmed");
    await page.click("member_card.switch.manual");
    await page.click("error.act");
    expect(page.host.calls("setMode")).toBe(1);
    expect(page.host.calls("syncMemberCard")).toBe(2);
  });

  it("asks for the key again when the platform no longer takes it", async () => {
    const page = await open();
    page.host.refuse("syncMemberCard", "member_card_key_wrong");
    await page.click("member_card.read");
    expect(page.has("mode.access_key")).toBe(true);
    page.host.answer("connectMemberCard", page.host.read("getMemberCard"));
    await page.type("mode.access_key", "practice-key-2");
    await page.get("member_card").get("form").trigger("submit");
    await flushPromises();
    expect(page.has("error")).toBe(false);
    expect(mode(page)).toBe("authorized");
  });

  it("connects where no platform is connected, and forgets what was typed", async () => {
    const page = await open("shop");
    expect(page.has("member_card.empty")).toBe(true);
    expect(page.host.calls("syncMemberCard")).toBe(0);
    await page.click("mode.open_office");
    expect(page.host.sent("openPracticeCardOffice")).toEqual([{ account: page.account }]);
    await page.host.leadsTo("member_card.connected");
    await page.type("mode.access_key", "practice-key-1");
    await page.get("member_card").get("form").trigger("submit");
    await until(() => expect(mode(page)).toBe("authorized"));
    expect(page.host.calls("syncMemberCard")).toBe(0);
    expect(document.body.innerHTML).not.toContain("practice-key-1");
  });

  it("says so where the live platform is not known", async () => {
    const page = await open("shop", { change: live(false) });
    expect(page.has("member_card.not_available")).toBe(true);
    expect(page.has("mode.access_key")).toBe(false);
  });

  it("opens the customer's page in practice only", async () => {
    const page = await open();
    await page.click("member_card.open_claim");
    expect(page.host.sent("openPracticeClaim")).toEqual([{ account: page.account }]);
    const real = await open("member_card", { change: live(true) });
    expect(real.has("member_card.open_claim")).toBe(false);
  });

  it("explains when it cannot be read at all", async () => {
    const page = await open();
    page.host.refuse("getMemberCard", "disk_failed");
    page.host.emit({ account: page.account, tags: ["member_card"] });
    await flushPromises();
    expect(page.get("error").attributes("data-code")).toBe("disk_failed");
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
  });

  it.each([["zh", true], ["zh", false], ["en", true], ["en", false]] as const)(
    "is accessible, reachable and complete in %s, connected: %s",
    async (language, connected) => {
      const page = await open(connected ? "member_card" : "shop", { language });
      if (connected) await page.host.leadsTo("member_card.manual");
      if (connected) await page.click("member_card.switch.manual");
      await expectAccessible(page.element);
      expectReachable(page.get("member_card").element);
      expectTranslated(page.element);
    },
  );
});

describe("scenes", () => {
  const seen = { shop: null, program: "p", quota_dry: false, cards_dry: false };
  it("follow the mode, the quota and the cards", () => {
    expect(scenesOf("authorized", seen)).toEqual(["start", "sheet", "success", "dry"]);
    expect(scenesOf("manual", { ...seen, cards_dry: true })).toEqual(["no_cards"]);
    expect(sceneNow("authorized", { ...seen, quota_dry: null })).toBe("sheet");
    expect(sceneNow("authorized", { ...seen, quota_dry: true })).toBe("dry");
    expect(sceneNow("manual", { ...seen, quota_dry: true })).toBe("number");
  });
});
