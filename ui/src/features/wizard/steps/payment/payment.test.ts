import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import type { ErrorCode, Language, PurchaseState } from "@/ipc/bindings";
import { formatDay } from "@/shared/formats";
import { expectAccessible } from "@/testing/axe";
import type { Mounted } from "@/testing/mount";
import type { RecordedHost } from "@/testing/recorded";
import { expectReachable, expectTranslated, mountStep } from "@/testing/step";
import { typed } from "@/testing/typed";

const state = (page: Mounted) => page.get("payment.state").attributes("data-state");
const blocked = (page: Mounted) => page.get("wizard.next").attributes("aria-disabled") === "true";

/** WeChat's terms have to be read before the payment page is opened. */
const accept = (page: Mounted) => page.get("payment.terms_accept").setValue(true);

const SCENES: Partial<Record<PurchaseState, string>> = { picked: "wizard.payment" };
const inState = (state: PurchaseState, language?: Language) => mountStep("payment", { scene: SCENES[state] ?? `payment.${state}`, language });

/** As it is in the moment before the first look. */
const notLooked = ({ read, answer }: RecordedHost) => {
  const purchase = { ...read("getPurchase")!, last_checked: null };
  answer("getPurchase", purchase);
  answer("getWizard", { purchase: { kind: "pack", purchase } });
};

describe("payment", () => {
  it("summarises the order in the words of WeChat's own page", async () => {
    const page = await mountStep("payment");
    const order = page.get("payment.order").text();
    for (const words of ["手机号快速验证组件", "1,000 次", "365 天", "付款成功后马上生效", "¥30.00"]) {
      expect(order).toContain(words);
    }
    expect(page.text()).toContain("7 天内可以退");
    expect(page.text()).toContain("《微信小程序付费能力服务条款》");
  });

  it("explains both ways to pay, and points the drawing at the step asked for", async () => {
    const page = await mountStep("payment");
    const drawn = () => document.querySelector("aside svg title")?.textContent;
    expect(page.text()).toContain("用手机微信扫码付款");
    await page.click("payment.company");
    expect(page.text()).toContain("选「企业银行」、开户行和卡种");
    expect(drawn()).toContain("企业银行");
    const [first, second, third] = page.get("step.payment").findAll("ol button");
    await third!.trigger("click");
    expect(third!.attributes("aria-pressed")).toBe("true");
    expect(drawn()).toContain("勾选条款");
    await second!.trigger("click");
    expect(drawn()).toContain("选一个资源包");
    // After the sign-in the window stands at 付费管理: 「购买」 is pressed there first.
    await first!.trigger("click");
    expect(page.get("step.payment").findAll("ol li")[0]!.text()).toContain("「购买」");
    expect(drawn()).toContain("付费管理");
  });

  it("opens the console at the buy page and waits", async () => {
    const page = await mountStep("payment");
    expect(blocked(page)).toBe(true);
    await page.click("payment.begin");
    expect(page.host.calls("beginPurchase")).toBe(0);
    await accept(page);
    await page.host.leadsTo("payment.waiting");
    await page.click("payment.begin");
    expect(page.host.sent("beginPurchase")).toEqual([{ account: page.account }]);
    expect(state(page)).toBe("waiting");
    expect(blocked(page)).toBe(true);
  });

  it("turns to arrived by the changed event alone, and asks nothing meanwhile", async () => {
    const page = await inState("waiting");
    expect(state(page)).toBe("waiting");
    await page.host.becomes("payment.arrived", { account: page.account, tags: ["purchase", "usage", "wizard"] });
    await flushPromises();
    expect(state(page)).toBe("arrived");
    expect(page.host.calls("checkArrival")).toBe(0);
    expect(page.get("payment.lot").text()).toBe(page.host.read("getPurchase")?.lot);
    expect(page.get("payment.validity").text()).toBe(`${formatDay(typed("2026-11-21"), "zh")}至 ${formatDay(typed("2027-11-21"), "zh")}`);
    expect(page.get("payment.refundable_until").text()).toContain("11 月 28 日");
    expect(blocked(page)).toBe(false);
    await page.host.leadsTo("wizard.mode");
    await page.click("wizard.next");
    expect(page.has("step.mode")).toBe(true);
  });

  it("looks once when asked to, and says when it looked", async () => {
    const page = await mountStep("payment", { scene: "payment.waiting", change: notLooked });
    expect(page.get("payment.last_checked").text()).toContain("还没查询过");
    await page.host.becomes("payment.waiting");
    const release = page.host.hold("checkArrival");
    await page.click("payment.check");
    expect(page.get("payment.check").attributes("aria-busy")).toBe("true");
    await page.click("payment.check");
    release();
    await flushPromises();
    expect(page.host.calls("checkArrival")).toBe(1);
    expect(page.get("payment.last_checked").text()).toContain("上次查询");
    expect(state(page)).toBe("waiting");
  });

  it("tells a different pack from the picked one, and lets the shop go on", async () => {
    const page = await inState("arrived_different");
    expect(state(page)).toBe("arrived_different");
    expect(page.text()).toContain("到账的是 5,000 次，不是选的 1,000 次");
    expect(blocked(page)).toBe(false);
  });

  it("lets the shop give up, take that back, and pick again", async () => {
    const page = await mountStep("payment");
    await page.host.leadsTo("payment.waiting", "payment.given_up", "payment.resumed", "payment.given_up");
    await accept(page);
    await page.click("payment.begin");
    await page.click("payment.give_up");
    expect(page.host.sent("giveUpPurchase")).toEqual([{ account: page.account }]);
    expect(state(page)).toBe("given_up");
    expect(blocked(page)).toBe(true);
    await page.click("payment.resume");
    expect(state(page)).toBe("waiting");
    await page.click("payment.give_up");
    expect(state(page)).toBe("given_up");
    page.host.answer("goToStep", { ...page.host.read("getWizard"), at: "pack" });
    await page.click("payment.pick_again");
    expect(page.host.sent("goToStep")).toEqual([{ account: page.account, step: "pack" }]);
    expect(page.has("step.pack")).toBe(true);
  });

  it("says what to do if it never arrives", async () => {
    const page = await inState("waiting");
    const late = page.get("step.payment").get("details");
    expect(late.get("summary").text()).toBe("一直没到账怎么办");
    expect(late.text()).toContain("待支付");
    expect(late.text()).toContain("DD 开头的订单号");
  });

  it("does not promise to notice an arrival in typed figures", async () => {
    const page = await mountStep("payment", {
      scene: "payment.waiting",
      change({ read, answer }) {
        const { connection } = read("getWizard");
        answer("getWizard", { connection: { ...connection!, source: "typed_in" } });
      },
    });
    expect(page.has("payment.check")).toBe(false);
    page.host.answer("goToStep", { ...page.host.read("getWizard"), at: "connect" });
    await page.click("payment.type_again");
    expect(page.host.sent("goToStep")).toEqual([{ account: page.account, step: "connect" }]);
  });

  it("needs nothing when nothing is bought", async () => {
    const page = await mountStep("payment", { scene: "payment.none" });
    await page.host.leadsTo("wizard.nothing");
    expect(state(page)).toBe("none");
    expect(page.has("payment.begin")).toBe(false);
    await page.click("wizard.next");
    expect(page.has("step.mode")).toBe(true);
  });

  const begins: ErrorCode[] = ["disk_full", "disk_failed", "window_failed", "practice_failed", "purchase_open", "not_found", "internal"];
  it.each(begins)("stays picked and explains %s when the console cannot be opened", async (code) => {
    const page = await mountStep("payment");
    page.host.refuse("beginPurchase", code);
    await accept(page);
    await page.click("payment.begin");
    expect(page.get("error").attributes("data-code")).toBe(code);
    expect(state(page)).toBe("picked");
    await page.host.leadsTo("payment.waiting");
    await page.click("error.act");
    expect(page.host.calls("beginPurchase")).toBe(2);
    expect(state(page)).toBe("waiting");
  });

  const checks: ErrorCode[] = ["unreachable", "timeout", "http_status", "wechat_busy", "app_secret_wrong", "ip_not_allowed", "rate_minute", "token_stale", "not_json", "keyring_locked", "internal"];
  it.each(checks)("goes on waiting and explains %s when looking fails", async (code) => {
    const page = await inState("waiting");
    page.host.refuse("checkArrival", code);
    await page.click("payment.check");
    expect(page.get("error").attributes("data-code")).toBe(code);
    expect(state(page)).toBe("waiting");
    await page.click("payment.check");
    expect(page.has("error")).toBe(false);
  });

  it("goes on waiting when giving up is refused", async () => {
    const page = await inState("waiting");
    page.host.refuse("giveUpPurchase", "disk_read_only");
    await page.click("payment.give_up");
    expect(page.get("error").attributes("data-code")).toBe("disk_read_only");
    expect(state(page)).toBe("waiting");
  });

  it("opens WeChat's terms", async () => {
    const page = await mountStep("payment");
    await page.click("payment.terms");
    expect(page.host.sent("openHelpPage")).toEqual([{ page: "official_component_guide" }]);
  });

  const states: PurchaseState[] = ["picked", "waiting", "arrived", "arrived_different", "given_up"];
  it.each(states.flatMap((one) => [[one, "zh"], [one, "en"]] as const))(
    "is accessible, reachable and complete when %s, in %s",
    async (one, language) => {
      const page = await inState(one, language);
      expect(state(page)).toBe(one);
      expectTranslated(page.get("step.payment").element);
      expectReachable(page.get("step.payment").element);
      await expectAccessible();
    },
  );
});
