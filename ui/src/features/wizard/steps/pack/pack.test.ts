import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { byValidity, commonOrigin } from "@/features/packs";
import type { PacksView, PackView } from "@/ipc/bindings";
import { formatDay } from "@/shared/formats";
import { expectAccessible } from "@/testing/axe";
import type { Mounted } from "@/testing/mount";
import { recorded } from "@/testing/recorded";
import { expectReachable, expectTranslated, mountStep } from "@/testing/step";
import { typed } from "@/testing/typed";

/** The slider rests before the host is asked. */
async function rest() {
  await vi.advanceTimersByTimeAsync(200);
  await flushPromises();
}

/** Answers getPacks with a list of our own, and asks for it. */
async function answerWith(page: Mounted, change: (packs: PacksView) => void) {
  const packs = structuredClone(page.host.read("getPacks"));
  change(packs);
  page.host.answer("getPacks", packs);
  page.host.emit({ account: page.account, tags: ["usage"] });
  await flushPromises();
}

const small = (packs: PacksView): PackView => packs.packs[0]!;

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => vi.useRealTimers());

describe("pack", () => {
  it("advises first; buying nothing is an answer like any other", async () => {
    const page = await mountStep("pack");
    expect(page.get("pack.advice").attributes("data-kind")).toBe("buy_nothing");
    expect(page.get("pack.advice").text()).toMatch(/先不买，.*再看/);
    expect(page.get("pack.advice").text()).toContain("剩 806 次，每月约用 70 次");
    expect((page.get("pack.nothing").element as HTMLInputElement).checked).toBe(true);
    await page.host.leadsTo("wizard.nothing");
    await page.click("wizard.next");
    expect(page.host.sent("buyNothing")).toEqual([{ account: page.account }]);
    expect(page.host.calls("pickPack")).toBe(0);
    expect(page.has("step.mode")).toBe(true);
  });

  it("advises a pack when the quota will not last, with cost, waste and the runner-up", async () => {
    const page = await mountStep("pack", { scene: "wizard.needy" });
    const advice = page.get("pack.advice");
    expect(advice.attributes("data-pack")).toBe("q-365-1000");
    expect(advice.text()).toContain("买 1,000 次的资源包，有效期 365 天");
    // About 3,400 a year, of which a hundred are there: four times ¥30.00.
    expect(advice.text()).toContain("剩 100 次，不够用。每月约用 300 次，照这样一年下单 4 次，大约花 ¥120.00。");
    expect(advice.text()).toContain("换成 250 次（90 天）的：不多花，一年后少剩 500 次");
    expect(advice.text()).not.toContain("到期前用不完");
    expect((page.get("pack.item.q-365-1000").element as HTMLInputElement).checked).toBe(true);
    await answerWith(page, (packs) => {
      if (packs.advice.kind === "buy") packs.advice.year_wasted = 400;
    });
    expect(advice.text()).toContain("预计有 400 次到期前用不完");
  });

  it("hands the picked pack to the host and goes on to payment", async () => {
    const page = await mountStep("pack");
    await page.get("pack.item.q-365-1000").setValue();
    expect(page.get("wizard.next").text()).toBe("选 1,000 次，去付款");
    await page.host.leadsTo("wizard.payment");
    await page.click("wizard.next");
    expect(page.host.sent("pickPack")).toEqual([{ account: page.account, pack: "q-365-1000" }]);
    expect(page.get("payment.state").attributes("data-state")).toBe("picked");
  });

  it("comes back to what was decided before", async () => {
    const page = await mountStep("pack", { scene: "wizard.pack_nothing" });
    expect((page.get("pack.nothing").element as HTMLInputElement).checked).toBe(true);
    const again = await mountStep("payment");
    again.host.answer("goToStep", { ...again.host.read("getWizard"), at: "pack" });
    await again.click("payment.pick_again");
    expect((again.get("pack.item.q-365-1000").element as HTMLInputElement).checked).toBe(true);
  });

  it("shows price, struck list price, price a call, the year, and what beats a pack", async () => {
    const page = await mountStep("pack", { scene: "wizard.needy" });
    // Hardly anything of it would be used: it is put away.
    expect(page.has("pack.item.q-365-1000000")).toBe(false);
    await page.click("pack.fold");
    const row = page.get("pack.item.q-365-1000000").element.closest("label")!;
    expect(row.textContent).not.toContain("额度用不完");
    await answerWith(page, ({ packs }) => {
      const million = packs.find((pack) => pack.calls === 1_000_000)!;
      million.beaten_by = typed("q-365-1000");
      million.year!.wasted = 400;
    });
    expect(row.textContent).toContain("¥28,000.00");
    expect(row.querySelector("s")?.textContent).toBe("¥30,000.00");
    expect(row.textContent).toContain("每次 ¥0.028");
    expect(row.textContent).toContain("一年约 ¥28,000.00，下单 1 次，约 400 次额度用不完");
    // About 3,400 are used in a year, the first hundred of the trial.
    expect(row.textContent).toContain("现在买，约 996,727 次白白过期");
    expect(row.textContent).toContain("买 1,000 次（365 天）的不比它贵，也不比它麻烦");
    const cheap = page.get("pack.item.q-365-1000").element.closest("label")!;
    expect(cheap.querySelector("s")).toBeNull();
  });

  it("asks the host again where the slider rests, not on its way, and goes back to real usage", async () => {
    const page = await mountStep("pack");
    const { packs: needed } = { packs: (await recorded("wizard.needy")).read("getPacks") };
    const before = page.host.sent("getPacks").length;
    const usual = page.host.read("getPacks");
    page.host.answer("getPacks", needed);
    const thumb = page.get("pack.volume.slider");
    // From 70 on: 100, 150, 200, 300, 500, 800.
    for (let step = 0; step < 6; step++) await thumb.trigger("keydown", { key: "ArrowRight" });
    expect(page.host.sent("getPacks")).toHaveLength(before);
    await rest();
    expect(page.host.sent("getPacks").slice(before)).toEqual([{ account: page.account, monthlyCalls: 800 }]);
    expect(page.get("pack.advice").attributes("data-kind")).toBe("buy");
    expect(page.get("wizard.next").text()).toMatch(/^选 [\d,]+ 次，去付款$/);
    page.host.answer("getPacks", usual);
    await page.click("pack.volume.reset");
    await rest();
    expect(page.get("pack.advice").attributes("data-kind")).toBe("buy_nothing");
    expect(page.has("pack.volume.reset")).toBe(false);
  });

  it("keeps the shop's own choice when the volume changes the advice", async () => {
    const page = await mountStep("pack");
    await page.get("pack.item.q-365-5000").setValue();
    page.host.answer("getPacks", (await recorded("wizard.needy")).read("getPacks"));
    await page.get("pack.volume.slider").trigger("keydown", { key: "End" });
    await rest();
    expect((page.get("pack.item.q-365-5000").element as HTMLInputElement).checked).toBe(true);
  });

  it("offers a tab for each validity there is, reached by the arrow keys", async () => {
    const page = await mountStep("pack");
    const tabs = () => [365, 180, 90].filter((days) => page.has(`pack.tab.${days}`));
    expect(tabs()).toEqual([365, 90]);
    await answerWith(page, (packs) => {
      packs.packs.push({ ...small(packs), id: typed("q-180-500"), calls: 500, days: 180, price: typed("15.00"), list_price: typed("15.00") });
    });
    expect(tabs()).toEqual([365, 180, 90]);
    expect(page.get("pack.tab.365").attributes("data-state")).toBe("active");
    (page.get("pack.tab.365").element as HTMLElement).focus();
    await page.get("pack.tab.365").trigger("keydown", { key: "ArrowRight" });
    await flushPromises();
    expect(page.get("pack.tab.180").attributes("data-state")).toBe("active");
    await page.get("pack.tab.180").trigger("keydown", { key: "ArrowRight" });
    await flushPromises();
    expect(page.get("pack.tab.90").attributes("data-state")).toBe("active");
    await page.get("pack.item.q-90-250").setValue();
    expect(page.get("wizard.next").text()).toBe("选 250 次，去付款");
  });

  it("marks assumed rows and names each row's source where they differ", async () => {
    const page = await mountStep("pack");
    expect(page.text()).toContain(`价目来源：会员卡平台购买指引（2023 年 8 月，付费管理截图），${formatDay(typed("2023-08-01"), "zh")}`);
    await answerWith(page, (packs) => {
      Object.assign(small(packs), { source: "按标准单价推定", as_of: "2026-07-01", assumed: true });
      packs.packs[1]!.source = "老板的表格";
    });
    const row = page.get("pack.item.q-365-1000").element.closest("label")!;
    expect(row.textContent).toContain("推测");
    expect(row.textContent).toContain(`按标准单价推定，${formatDay(typed("2026-07-01"), "zh")}`);
    expect(page.get("pack.item.q-365-5000").element.closest("label")!.textContent).toContain("老板的表格");
    expect(page.text()).not.toContain("价目来源");
  });

  it("leads from an open purchase to the payment step", async () => {
    const page = await mountStep("pack");
    page.host.refuse("pickPack", "purchase_open");
    await page.get("pack.item.q-365-1000").setValue();
    await page.click("wizard.next");
    expect(page.get("error").attributes("data-code")).toBe("purchase_open");
    page.host.answer("goToStep", { ...page.host.read("getWizard"), at: "payment" });
    await page.click("error.act");
    expect(page.host.sent("goToStep")).toEqual([{ account: page.account, step: "payment" }]);
  });

  it("reads the list again when a pack is no longer in it", async () => {
    const page = await mountStep("pack");
    page.host.refuse("pickPack", "pack_unknown");
    await page.get("pack.item.q-365-1000").setValue();
    await page.click("wizard.next");
    expect(page.get("error").attributes("data-code")).toBe("pack_unknown");
    const before = page.host.calls("getPacks");
    await page.click("error.act");
    expect(page.host.calls("getPacks")).toBe(before + 1);
    expect(page.has("step.pack")).toBe(true);
  });

  it.each(["disk_full", "step_not_ready", "internal"] as const)("stays and explains %s", async (code) => {
    const page = await mountStep("pack");
    page.host.refuse("buyNothing", code);
    await page.click("wizard.next");
    expect(page.get("error").attributes("data-code")).toBe(code);
    expect(page.has("step.pack")).toBe(true);
  });

  it("shows why the catalogue cannot be read, and reads it again", async () => {
    const page = await mountStep("usage");
    page.host.refuse("getPacks", "no_usage_yet");
    await page.host.leadsTo("wizard.pack");
    await page.click("wizard.next");
    expect(page.get("error").attributes("data-code")).toBe("no_usage_yet");
    await page.click("wizard.next");
    expect(page.host.calls("buyNothing")).toBe(0);
    await page.click("error.act");
    expect(page.has("pack.advice")).toBe(true);
  });

  it.each(["zh", "en"] as const)("is accessible, reachable and complete in %s", async (language) => {
    vi.useRealTimers();
    const page = await mountStep("pack", { language });
    expectTranslated(page.get("step.pack").element);
    expectReachable(page.get("step.pack").element);
    await expectAccessible();
  });
});

describe("the price list", () => {
  const row = (days: number, source = "a") => ({ days, source, as_of: "2023-08-01" }) as PackView;
  it("is grouped by validity, longest first, each in the host's order", () => {
    const [a, b, c] = [row(90), row(365), row(90, "b")];
    expect(byValidity([a, b, c])).toEqual([{ days: 365, packs: [b] }, { days: 90, packs: [a, c] }]);
  });
  it("names a common origin only when there is one", () => {
    expect(commonOrigin([])).toBeNull();
    expect(commonOrigin([row(90), row(365)])).toEqual({ source: "a", as_of: "2023-08-01" });
    expect(commonOrigin([row(90), row(90, "b")])).toBeNull();
  });
});
