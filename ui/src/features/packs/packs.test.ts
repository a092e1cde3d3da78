import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type Mounted, type MountOptions } from "@/testing/mount";
import { until } from "@/testing/page";
import { recorded } from "@/testing/recorded";
import { expectReachable, expectTranslated } from "@/testing/step";

import PacksPage from "./PacksPage.vue";

const open = (scene = "shop", options: MountOptions = {}) => mountWithHost(PacksPage, { path: "/packs", scene, ...options });
const state = (page: Mounted) => page.get("payment.state").attributes("data-state");

describe("packs", () => {
  it("answers first: buy nothing yet, why, and when to look again", async () => {
    const page = await open();
    const advice = page.get("packs.advice");
    expect(advice.attributes("data-kind")).toBe("buy_nothing");
    expect(advice.text()).toMatch(/先不买，.*再看/);
    // The pack ends unused on 21 November 2027; the trial, which is used first, lasts longer.
    expect(advice.text()).toContain("剩 1,806 次，每月约用 70 次，预计够用到 2027 年 12 月 9 日左右。");
    expect(page.get("packs.reference").text()).toBe("按每月约 70 次算 · 微信近三个月平均 70 次");
    expect(page.has("packs.noted")).toBe(false);
    await page.host.leadsTo("packs.noted");
    await page.click("packs.buy_nothing");
    expect(page.host.sent("buyNothing")).toEqual([{ account: page.account }]);
    await until(() => expect(page.get("packs.noted").text()).toBe("已记下，2027 年 5 月 22 日再看"));
    expect(page.has("packs.buy_nothing")).toBe(false);
  });

  it("advises a pack with reasons, and says why not the next bigger or smaller", async () => {
    const page = await open("packs.buy");
    const advice = page.get("packs.advice");
    expect(advice.attributes("data-pack")).toBe("q-365-1000");
    expect(advice.text()).toContain("买 1,000 次（365 天）");
    // 300 a month are about 3,400 a year: four of 1,000, one of 5,000 for ¥30.00 more, or two of 250 and three of 1,000,
    // which are ¥15.00 and 500 calls less.
    expect(advice.text()).toContain("剩 100 次，两周左右就可能用完。不多花的买法，一年后剩得更少。");
    expect(advice.text()).toContain("一年大约花 ¥120.00，下单 4 次。");
    const others = page.get("packs.others").findAll("dl > div");
    expect(others.map((other) => other.text())).toEqual(["为什么不买大一号5,000 次（365 天）：一年多花 ¥30.00", "第二选择250 次（90 天）：不多花，一年后少剩 500 次"]);
    await page.get("packs.what_if.volume").trigger("keydown", { key: "End" });
    await until(() => expect(page.get("packs.advice").attributes("data-pack")).toBe("q-365-10000000"));
    expect(page.get("packs.others").text()).toContain("为什么不买小一号5,000,000 次（365 天）：不多花，一年后少剩 8,616,500 次");
  });

  it("compares the plans, buying nothing among them", async () => {
    const page = await open("packs.buy");
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
    const million = page.get("packs.item.q-365-1000000");
    expect(million.get("s").text()).toBe("¥30,000.00");
    expect(million.text()).toContain("省 ¥2,000.00");
    expect(million.text()).toContain("每次 ¥0.028");
    expect(million.text()).toContain("用到 933,333 次以上，才比买 500,000 次的划算");
    expect(page.get("packs.item.q-365-5000").text()).toContain("单价和 1,000 次的一样，只是能少下几次单");
    expect(page.get("packs.catalogue").text()).toContain(`价目来源：${page.host.read("getPacks").packs[0]!.source}`);
  });

  it("asks where a slider rests, never while an answer is under way, and only the newest question", async () => {
    const page = await open();
    const imagined = () => page.host.sent("comparePlans").slice(before);
    const before = page.host.calls("comparePlans");
    const release = page.host.hold("comparePlans");
    const needy = await recorded("packs.buy");
    page.host.answer("comparePlans", needy.read("comparePlans"));
    page.host.answer("getPacks", needy.read("getPacks"));
    const thumb = page.get("packs.what_if.volume");
    await thumb.trigger("keydown", { key: "ArrowRight" });
    await until(() => expect(imagined()).toHaveLength(1));
    for (let step = 0; step < 5; step++) await thumb.trigger("keydown", { key: "ArrowRight" });
    await thumb.trigger("keydown", { key: "End" });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(imagined()).toHaveLength(1);
    // The page is not held up meanwhile: the control moved, the last answer stands.
    expect(thumb.attributes("aria-valuetext")).toBe("每月 1,000,000 次");
    expect(page.get("packs.advice").attributes("data-kind")).toBe("buy_nothing");
    release();
    await until(() => expect(page.get("packs.advice").attributes("data-kind")).toBe("buy"));
    expect(imagined()).toHaveLength(2);
    expect(imagined().at(-1)).toMatchObject({ account: page.account, whatIf: { monthly_calls: 1_000_000 } });
    expect(page.get("packs.advice").text()).toContain("按你的假设");
    expect(page.has("packs.buy")).toBe(false);
    await page.host.becomes("shop");
    await page.click("packs.what_if.reset");
    await until(() => expect(page.get("packs.advice").attributes("data-kind")).toBe("buy_nothing"));
  });

  it("imagines a campaign and fewer errands", async () => {
    const page = await open("packs.buy");
    page.host.answer("comparePlans", page.host.read("comparePlans"));
    const asked = () => page.host.sent("comparePlans").at(-1);
    await page.type("packs.what_if.day", "2026-12-24");
    await until(() => expect(asked()).toMatchObject({ whatIf: { campaign: { day: "2026-12-24", extra_calls: 500 } } }));
    await page.get("packs.what_if.purchases").trigger("keydown", { key: "Home" });
    await until(() => expect(asked()).toMatchObject({ whatIf: { max_purchases: 1 } }));
    expect(page.get("packs.what_if.purchases").attributes("aria-valuetext")).toBe("最多 1 次");
  });

  it("says so when no way of buying is within the limit", async () => {
    const page = await open("packs.buy");
    await page.get("packs.what_if.volume").trigger("keydown", { key: "End" });
    await page.get("packs.what_if.purchases").trigger("keydown", { key: "Home" });
    await until(() => expect(page.get("packs.advice").attributes("data-kind")).toBe("cannot"));
    expect(page.get("packs.plans").findAll("tbody tr")).toHaveLength(1);
  });

  it("goes from a pack to the payment page, waits, and sees it arrive", async () => {
    const page = await open("packs.buy");
    await page.host.leadsTo("packs.picked", "packs.waiting");
    await page.click("packs.buy");
    expect(page.host.sent("pickPack")).toEqual([{ account: page.account, pack: "q-365-1000" }]);
    expect(state(page)).toBe("picked");
    expect(page.get("payment.order").text()).toContain("¥30.00");
    expect(page.get("payment.begin").attributes("aria-disabled")).toBe("true");
    await page.get("payment.terms_accept").setValue(true);
    await page.click("payment.begin");
    expect(page.host.sent("beginPurchase")).toEqual([{ account: page.account }]);
    expect(state(page)).toBe("waiting");
    await page.host.becomes("packs.arrived", { account: page.account, tags: ["purchase", "usage", "wizard"] });
    await flushPromises();
    expect(state(page)).toBe("arrived");
    await page.click("packs.to_orders");
    await until(() => expect(page.path()).toBe("/orders"));
  });

  it("begins every view at its head, wherever the last one was scrolled to", async () => {
    const page = await open("packs.buy");
    const scroller = page.element.querySelector("[data-scroller]") as Element;
    scroller.scrollTop = 700;
    await page.host.leadsTo("packs.picked");
    await page.click("packs.pick.q-365-1000");
    expect(state(page)).toBe("picked");
    expect(scroller.scrollTop).toBe(0);
    scroller.scrollTop = 300;
    await page.click("payment.pick_again");
    expect(scroller.scrollTop).toBe(0);
  });

  it("lets the shop pick another one, look around while waiting, give up and take that back", async () => {
    const page = await open("packs.buy");
    await page.host.leadsTo("packs.picked", "packs.picked_larger", "packs.waiting");
    await page.click("packs.pick.q-365-1000");
    await page.click("payment.pick_again");
    await page.click("packs.pick.q-365-5000");
    expect(page.host.sent("pickPack").map(({ pack }) => pack)).toEqual(["q-365-1000", "q-365-5000"]);
    await page.get("payment.terms_accept").setValue(true);
    await page.click("payment.begin");
    await page.click("packs.see");
    expect(page.has("packs.waiting")).toBe(true);
    page.host.refuse("pickPack", "purchase_open");
    await page.click("packs.pick.q-365-1000");
    expect(page.get("error").attributes("data-code")).toBe("purchase_open");
    await page.click("error.act");
    expect(state(page)).toBe("waiting");
    await page.host.leadsTo("packs.given_up", "packs.resumed", "packs.given_up");
    await page.click("payment.give_up");
    expect(state(page)).toBe("given_up");
    await page.click("payment.resume");
    expect(state(page)).toBe("waiting");
    await page.click("payment.give_up");
    await page.click("packs.close");
    expect(page.has("packs.advice")).toBe(true);
  });

  it("has nothing to sell to a shop that pays nothing", async () => {
    const page = await open("shop.free");
    expect(page.has("packs.free")).toBe(true);
    expect(page.has("packs.catalogue")).toBe(false);
  });

  it("leads to the usage figures while there are no readings", async () => {
    const page = await open("shop.empty");
    await page.host.leadsTo("shop.connecting");
    expect(page.has("packs.none")).toBe(true);
    expect(page.has("error")).toBe(false);
    await page.click("packs.connect");
    await until(() => expect(page.path()).toBe(`/wizard/${page.account}`));
  });

  it("keeps the last answer when another fails, and asks again", async () => {
    const page = await open();
    page.host.refuse("comparePlans", "disk_failed");
    page.host.emit({ account: page.account, tags: ["usage"] });
    await flushPromises();
    expect(page.get("error").attributes("data-code")).toBe("disk_failed");
    expect(page.has("packs.advice")).toBe(true);
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
  });

  it("says that figures are old", async () => {
    const page = await open("shop.stale");
    expect(page.has("packs.stale")).toBe(true);
  });

  const scenes = ["shop", "packs.buy", "packs.picked", "packs.waiting", "packs.given_up", "shop.empty"];
  it.each(scenes.flatMap((scene) => (["zh", "en"] as const).map((language) => [scene, language] as const)))(
    "is accessible, reachable and complete: %s, in %s",
    async (scene, language) => {
      const page = await open(scene, { language });
      await expectAccessible(page.element);
      expectReachable(page.element);
      expectTranslated(page.element);
    },
    // axe looks at every control of a long list.
    60_000,
  );
});
