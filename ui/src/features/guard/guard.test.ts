import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import type { GuardNow, GuardRule, GuardView, ProviderId } from "@/ipc/bindings";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type MountOptions } from "@/testing/mount";
import { until } from "@/testing/page";
import { recorded, type RecordedHost } from "@/testing/recorded";
import { expectTranslated } from "@/testing/step";
import { typed } from "@/testing/typed";

import { GuardCard } from ".";

async function open(scene: string, options: MountOptions = {}) {
  const { account } = await recorded(scene, { language: "zh" });
  const page = await mountWithHost(GuardCard, { path: "/member_card", scene, ...options, props: { account, environment: "practice" } });
  await flushPromises();
  return page;
}
const showing = (change: Partial<GuardView>) => ({ read, answer }: RecordedHost) => answer("getGuard", { ...read("getGuard"), ...change });

describe("guard", () => {
  it("says that nothing is guarded, and explains the rule before it is switched on", async () => {
    const page = await open("member_card.connected");
    expect(page.get("guard.explained").text()).toContain("现在不守护");
    expect(page.has("guard.save")).toBe(false);
    await page.click("guard.state.on");
    expect(page.get("guard.explained").text()).toContain("剩余少于 200 次：会员手动输入。补到 500 次以上：换回授权获取。");
    await page.type("guard.act_below", "150");
    await page.type("guard.back_at", "1200");
    expect(page.get("guard.explained").text()).toContain("剩余少于 150 次");
    expect(page.host.calls("setGuard")).toBe(0);
    const rule: GuardRule = { state: "on", measure: "calls", act_below: 150, back_at: 1200, acts_a_day: 4, pool: null, this_computer: false };
    page.host.answer("setGuard", page.host.read("getGuard"));
    page.host.answer("getGuard", { ...page.host.read("getGuard"), rule });
    await page.click("guard.save");
    expect(page.host.sent("setGuard")).toEqual([{ account: page.account, rule }]);
    await until(() => expect(page.get("guard.card").attributes("data-state")).toBe("on"));
    expect(page.get("guard.saved").text()).toBe("守护规则已保存");
    expect(page.has("guard.save")).toBe(false);
  });

  it("sends no number that is none, and says at the field what does not fit together", async () => {
    const page = await open("guard.on");
    await page.type("guard.act_below", "some");
    expect(page.get("guard.save").attributes("aria-disabled")).toBe("true");
    await page.type("guard.act_below", "900");
    page.host.refuse("setGuard", "guard_rule_invalid");
    await page.click("guard.save");
    expect(page.get("error").text()).toContain("守护规则的数字不对");
    await page.click("guard.drop");
    expect((page.get("guard.act_below").element as HTMLInputElement).value).toBe("200");
  });

  it("lists what it did, with what was left and why", async () => {
    const page = await open("guard.acted");
    const row = page.get("guard.acts").get("li");
    expect(row.attributes()).toMatchObject({ "data-act": "to_manual", "data-state": "done" });
    expect(row.text()).toContain("剩 186 次，少于 200 次");
    expect(page.get("guard.acts_today").text()).toBe("今天 1 次");
    expect(page.get("guard.now").text()).toContain("等额度补上");
    expect(page.get("guard.now").text()).toContain("这台电脑叫 0007");
  });

  it.each<[GuardNow, string]>([
    [{ kind: "nothing", why: "enough" }, "额度还够"],
    [{ kind: "nothing", why: "unknown" }, "还不知道剩多少"],
    [{ kind: "nothing", why: "manual_by_person" }, "守护不会换回来"],
    [{ kind: "nothing", why: "daily_limit" }, "到上限了"],
    [{ kind: "would", act: "allocate" }, "守护会从集采额度里分一份"],
  ])("says what it would do now: %j", async (now, words) => {
    const page = await open("guard.on", { change: showing({ now }) });
    expect(page.get("guard.now").text()).toContain(words);
  });

  it("is handed over again by one press where a person took over", async () => {
    const page = await open("guard.on", { change: showing({ now: { kind: "nothing", why: "authorized_by_person" } }) });
    page.host.answer("setGuard", page.host.read("getGuard"));
    await page.click("guard.save");
    expect(page.host.calls("setGuard")).toBe(1);
  });

  it("says what keeps it from acting, and which computer guards instead", async () => {
    const trouble = { code: "guarded_elsewhere" as const, params: { label: "6C0B", host: "card.example.com" }, since: typed<GuardView["acts"][number]["at"]>("2026-11-21T09:00:00+08:00") };
    const page = await open("guard.on", { change: showing({ trouble }) });
    expect(page.get("guard.trouble").text()).toContain("另一台电脑（6C0B）在守护");
    const blind = await open("guard.on", { change: showing({ reads_by_itself: false }) });
    expect(blind.has("guard.never_reads")).toBe(true);
    const nothing = await open("guard.on", { change: showing({ can_guard: false }) });
    expect(nothing.has("guard.cannot") && !nothing.has("guard.now")).toBe(true);
  });

  it("allocates from a provider of the same environment only", async () => {
    const page = await open("guard.on", {
      change: ({ answer }) =>
        answer("getProviders", [
          { id: typed<ProviderId>("p1"), name: "晋业微", environment: "practice", app_id: "wxfacade00000000a1", connected_at: typed("2026-11-20T09:00:00+08:00") },
          { id: typed<ProviderId>("p2"), name: "别的", environment: "live", app_id: "wxfacade00000000a2", connected_at: typed("2026-11-20T09:00:00+08:00") },
        ]),
    });
    expect(page.get("guard.pool").findAll("option").map((one) => one.text())).toEqual(["不从集采里分", "晋业微"]);
    await page.type("guard.pool", "p1");
    expect(page.get("guard.explained").text()).toContain("先从「晋业微」的集采额度里分，一天最多 1,000 次");
  });

  it("is accessible and fully translated", async () => {
    for (const language of ["zh", "en"] as const) {
      const page = await open("guard.acted", { language });
      expectTranslated(page.element);
      await expectAccessible(page.element);
    }
  });
});
