import { flushPromises } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";

import type { Language, PurchaseState } from "@/ipc/bindings";
import { walkTo } from "@/ipc/fake/shops";
import { decide } from "@/ipc/fake/views";
import type { FakeAccount } from "@/ipc/fake/world";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type Mounted } from "@/testing/fakeMount";
import { until } from "@/testing/page";
import { expectReachable, expectTranslated } from "@/testing/fakeStep";

import PacksPage from "./PacksPage.vue";

type Page = Mounted & { account: FakeAccount };

async function open(change: (account: FakeAccount) => void = () => undefined, language: Language = "zh"): Promise<Page> {
  let account: FakeAccount | undefined;
  const page = await mountWithHost(PacksPage, {
    path: "/packs",
    language,
    world: (world) => {
      account = walkTo(world, "done", true);
      change(account);
    },
  });
  return Object.assign(page, { account: account as FakeAccount });
}

/** A shop that needs a pack: 100 calls left at 800 a month. */
const needy = (account: FakeAccount) => {
  account.way = { way: "authorized", monthly_calls: 800 };
  account.used = 900;
  account.bought = [];
};
const inState = (state: PurchaseState) => (account: FakeAccount) => {
  if (account.purchase) account.purchase = { ...account.purchase, state };
};
const state = (page: Page) => page.get("payment.state").attributes("data-state");

describe("packs", () => {
  it("answers first: buy nothing yet, why, and when to look again", async () => {
    const page = await open();
    const advice = page.get("packs.advice");
    expect(advice.attributes("data-kind")).toBe("buy_nothing");
    expect(advice.text()).toMatch(/先不买，.*再看/);
    expect(advice.text()).toContain("剩 1,806 次，每月约用 50 次");
    expect(page.get("packs.reference").text()).toBe("按每月约 50 次算 · 微信近三个月平均 50 次或更少");
    await page.click("packs.buy_nothing");
    expect(page.host.control.calls("buyNothing")).toBe(1);
    await until(() => expect(page.get("packs.noted").text()).toContain("已记下"));
  });

  it("advises a pack with reasons, and says why not the next bigger or smaller", async () => {
    const page = await open(needy);
    const advice = page.get("packs.advice");
    expect(advice.attributes("data-pack")).toBe("quick-10000-365");
    expect(advice.text()).toContain("买 10,000 次（365 天）");
    expect(advice.text()).toContain("未来一年，这样花得最少");
    expect(advice.text()).toContain("下单一次，够用一年");
    expect(page.get("packs.others").text()).toContain("为什么不买小一号");
    expect(page.get("packs.others").text()).toContain("要多买 1 次");
    expect(page.get("packs.others").text()).toContain("一年多花 ¥1,200.00");
  });

  it("compares the plans, buying nothing among them", async () => {
    const page = await open(needy);
    const rows = page.get("packs.plans").findAll("tbody tr");
    expect(rows[0]!.text()).toContain("不买");
    expect(rows[0]!.text()).toContain("¥0.00");
    expect(rows[0]!.text()).toMatch(/几乎一定，.*起/);
    expect(rows[1]!.text()).toContain("建议");
    await page.click("packs.plans.sort.cost");
    await page.click("packs.plans.sort.cost");
    expect(page.get("packs.plans").get("th[aria-sort]").attributes("aria-sort")).toBe("ascending");
  });

  it("shows struck list price, saving, price a call, break-even and where the prices come from", async () => {
    const page = await open();
    await page.click("packs.fold");
    const million = page.get("packs.item.quick-1000000-365");
    expect(million.get("s").text()).toBe("¥30,000.00");
    expect(million.text()).toContain("省 ¥2,000.00");
    expect(million.text()).toContain("每次 ¥0.028");
    expect(million.text()).toContain("用到 933,333 次以上，才比买 500,000 次的划算");
    expect(page.get("packs.item.quick-5000-365").text()).toContain("单价和 1,000 次的一样，只是能少下几次单");
    expect(page.get("packs.catalogue").text()).toContain("价目来源：会员卡平台购买指引（2023 年 8 月）");
  });

  it("asks where a slider rests, never while an answer is under way, and only the newest question", async () => {
    const page = await open();
    const asked = vi.spyOn(page.host, "comparePlans");
    const release = page.host.control.hold("comparePlans");
    const thumb = page.get("packs.what_if.volume");
    await thumb.trigger("keydown", { key: "ArrowRight" });
    await until(() => expect(asked).toHaveBeenCalledTimes(1));
    for (let step = 0; step < 5; step++) await thumb.trigger("keydown", { key: "ArrowRight" });
    await thumb.trigger("keydown", { key: "End" });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(asked).toHaveBeenCalledTimes(1);
    // The page is not held up meanwhile: the control moved, the last answer stands.
    expect(thumb.attributes("aria-valuetext")).toBe("每月 1,000,000 次");
    expect(page.get("packs.advice").attributes("data-kind")).toBe("buy_nothing");
    release();
    await until(() => expect(page.get("packs.advice").attributes("data-kind")).toBe("buy"));
    expect(asked).toHaveBeenCalledTimes(2);
    expect(asked.mock.lastCall?.[1]).toMatchObject({ monthly_calls: 1_000_000 });
    expect(page.get("packs.advice").text()).toContain("按你的假设");
    expect(page.has("packs.buy")).toBe(false);
    await page.click("packs.what_if.reset");
    await until(() => expect(page.get("packs.advice").attributes("data-kind")).toBe("buy_nothing"));
  });

  it("imagines a campaign and fewer errands", async () => {
    const page = await open(needy);
    const asked = vi.spyOn(page.host, "comparePlans");
    await page.type("packs.what_if.day", "2026-12-24");
    await until(() => expect(asked.mock.lastCall?.[1]).toMatchObject({ campaign: { day: "2026-12-24", extra_calls: 500 } }));
    await page.get("packs.what_if.purchases").trigger("keydown", { key: "Home" });
    await until(() => expect(asked.mock.lastCall?.[1]).toMatchObject({ max_purchases: 1 }));
    expect(page.get("packs.what_if.purchases").attributes("aria-valuetext")).toBe("最多 1 次");
  });

  it("says so when no way of buying is within the limit", async () => {
    const page = await open((account) => {
      needy(account);
      account.way = { way: "authorized", monthly_calls: 1_000_000 };
    });
    await page.get("packs.what_if.purchases").trigger("keydown", { key: "Home" });
    await until(() => expect(page.get("packs.advice").attributes("data-kind")).toBe("cannot"));
    expect(page.get("packs.plans").findAll("tbody tr")).toHaveLength(1);
  });

  it("goes from a pack to the payment page, waits, and sees it arrive", async () => {
    const page = await open(needy);
    await page.click("packs.buy");
    expect(state(page)).toBe("picked");
    expect(page.get("payment.order").text()).toContain("¥300.00");
    expect(page.get("payment.begin").attributes("aria-disabled")).toBe("true");
    await page.get("payment.terms_accept").setValue(true);
    await page.click("payment.begin");
    expect(page.host.control.world.opened).toContain("console:buy");
    expect(state(page)).toBe("waiting");
    page.host.control.arrive(page.account.id);
    await flushPromises();
    expect(state(page)).toBe("arrived");
    await page.click("packs.to_orders");
    await until(() => expect(page.path()).toBe("/orders"));
  });

  it("begins every view at its head, wherever the last one was scrolled to", async () => {
    const page = await open(needy);
    const scroller = page.element.querySelector("[data-scroller]") as Element;
    scroller.scrollTop = 700;
    await page.click("packs.pick.quick-1000-365");
    expect(state(page)).toBe("picked");
    expect(scroller.scrollTop).toBe(0);
    scroller.scrollTop = 300;
    await page.click("payment.pick_again");
    expect(scroller.scrollTop).toBe(0);
  });

  it("lets the shop pick another one, look around while waiting, give up and take that back", async () => {
    const page = await open(needy);
    await page.click("packs.pick.quick-1000-365");
    await page.click("payment.pick_again");
    await page.click("packs.pick.quick-5000-365");
    expect(page.account.purchase?.pack).toBe("quick-5000-365");
    await page.get("payment.terms_accept").setValue(true);
    await page.click("payment.begin");
    await page.click("packs.see");
    expect(page.has("packs.waiting")).toBe(true);
    await page.click("packs.pick.quick-1000-365");
    expect(page.get("error").attributes("data-code")).toBe("purchase_open");
    await page.click("error.act");
    expect(state(page)).toBe("waiting");
    await page.click("payment.give_up");
    expect(state(page)).toBe("given_up");
    await page.click("payment.resume");
    expect(state(page)).toBe("waiting");
    await page.click("payment.give_up");
    await page.click("packs.close");
    expect(page.has("packs.advice")).toBe(true);
  });

  it("has nothing to sell to a shop that pays nothing", async () => {
    const page = await open((account) => {
      account.eligibility = { subject: "government", category: "other", verified: true, decision: decide("government", "other", true) };
    });
    expect(page.has("packs.free")).toBe(true);
    expect(page.has("packs.catalogue")).toBe(false);
  });

  it("leads to the usage figures while there are no readings", async () => {
    const page = await open((account) => (account.source = null));
    expect(page.has("packs.none")).toBe(true);
    expect(page.has("error")).toBe(false);
    await page.click("packs.connect");
    await until(() => expect(page.path()).toBe(`/wizard/${page.account.id}`));
  });

  it("keeps the last answer when another fails, and asks again", async () => {
    const page = await open();
    page.host.control.failNext("comparePlans", "disk_failed");
    page.host.control.emit({ account: page.account.id, tags: ["usage"] });
    await flushPromises();
    expect(page.get("error").attributes("data-code")).toBe("disk_failed");
    expect(page.has("packs.advice")).toBe(true);
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
  });

  it("says that figures are old", async () => {
    const page = await open((account) => (account.stale = true));
    expect(page.has("packs.stale")).toBe(true);
  });

  const states: [string, (account: FakeAccount) => void][] = [
    ["nothing yet", () => undefined],
    ["buy", needy],
    ["picked", inState("picked")],
    ["waiting", inState("waiting")],
    ["none", (account) => (account.source = null)],
  ];
  it.each(states.flatMap(([name, change]) => (["zh", "en"] as const).map((language) => [name, language, change] as const)))(
    "is accessible, reachable and complete: %s, in %s",
    async (_, language, change) => {
      const page = await open(change, language);
      await expectAccessible(page.element);
      expectReachable(page.element);
      expectTranslated(page.element);
    },
    // axe looks at every control of a long list.
    60_000,
  );
});
