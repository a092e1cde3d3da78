import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { AccountId, AllocationPlanView, AllocationState, ErrorCode, Instant, OrderId, PackId, ProviderView } from "@/ipc/bindings";
import { useNotes } from "@/shared/ui/notes";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type Mounted, type MountOptions } from "@/testing/mount";
import { recorded } from "@/testing/recorded";
import { expectReachable, expectTranslated } from "@/testing/step";
import { until } from "@/testing/page";
import { typed } from "@/testing/typed";

import BulkPage from "./BulkPage.vue";
import { countFrom, suggested, sum, toSend } from "./picks";

// Nothing is laid out here: a box says how high it would be, so that its rows are in sight.
beforeEach(() => {
  for (const side of ["clientHeight", "clientWidth"] as const) vi.spyOn(Element.prototype, side, "get").mockReturnValue(700);
});
afterEach(() => vi.restoreAllMocks());

const SECRET = "0123456789abcdef0123456789abcdef";

async function open(scene = "bulk", options: MountOptions = {}) {
  const page = await mountWithHost(BulkPage, { path: "/bulk", scene, ...options });
  await flushPromises();
  return page;
}

/** What became of what was sent; the page hears of it. */
async function becomes(page: Mounted, scene: string) {
  await page.host.becomes(scene, { account: null, tags: ["bulk"] });
  await flushPromises();
}
const allocations = (page: Mounted) => page.host.read("getAllocations");
/** The first account that gets something, by the plan. */
const first = (page: Mounted) => page.host.read("planAllocations").shares[0]!;

describe("bulk", () => {
  it("tells an ordinary shop that it may leave, and hides the rest", async () => {
    const page = await open("shop");
    expect(page.get("bulk.empty").text()).toContain("只有一家店，不用管这里");
    expect(page.has("bulk.connect")).toBe(false);
    expect(page.host.calls("getBulkOrders")).toBe(0);
  });

  it("connects a provider, and forgets the secret", async () => {
    const page = await open("shop");
    await page.click("bulk.begin");
    await page.click("bulk.connect.office");
    expect(page.host.calls("openPracticeProvider")).toBe(1);
    await page.type("bulk.connect.name", " 晋业微平台 ");
    await page.type("bulk.connect.app_id", "wxfacade00000000a1");
    await page.type("bulk.connect.app_secret", SECRET);
    await page.host.leadsTo("bulk");
    await page.get("bulk.connect").get("form").trigger("submit");
    await flushPromises();
    expect(page.host.sent("connectProvider")).toEqual([{ environment: "practice", name: "晋业微平台", appId: "wxfacade00000000a1", appSecret: SECRET }]);
    expect(page.has("bulk.orders")).toBe(true);
    expect(document.body.innerHTML).not.toContain(SECRET);
  });

  it("asks for what is missing before it asks the host", async () => {
    const page = await open("shop");
    await page.click("bulk.begin");
    await page.get("bulk.connect").get("form").trigger("submit");
    expect(page.host.calls("connectProvider")).toBe(0);
    expect(page.get("bulk.connect.app_id").attributes("aria-invalid")).toBe("true");
    await page.click("bulk.connect.leave");
    expect(page.has("bulk.empty")).toBe(true);
  });

  const refusals: ErrorCode[] = ["app_id_invalid", "app_secret_invalid", "app_secret_wrong", "unreachable", "keyring_locked"];
  it.each(refusals)("explains %s and keeps what was typed", async (code) => {
    const page = await open("shop");
    await page.click("bulk.begin");
    await page.type("bulk.connect.name", "A");
    await page.type("bulk.connect.app_id", "wxfacade00000000a1");
    await page.type("bulk.connect.app_secret", SECRET);
    page.host.refuse("connectProvider", code);
    await page.get("bulk.connect").get("form").trigger("submit");
    await flushPromises();
    expect(page.get("error").attributes("data-code")).toBe(code);
    expect((page.get("bulk.connect.app_id").element as HTMLInputElement).value).toBe("wxfacade00000000a1");
  });

  it("shows what is left in each pool, and plans for a paid one", async () => {
    const page = await open("bulk", {
      change({ read, answer }) {
        const [paid] = read("getBulkOrders");
        answer("getBulkOrders", [{ ...paid!, used: 12_000 }, { ...paid!, id: typed<OrderId>("DD2"), paid_at: null, used: null, total: null }]);
      },
    });
    const [paid] = page.host.read("getBulkOrders");
    expect(page.get(`bulk.order.${paid!.id}`).text()).toContain("还剩 88,000 / 100,000 次");
    expect(page.get(`bulk.order.${paid!.id}`).attributes("data-state")).toBe("checked");
    expect(page.get("bulk.order.DD2").text()).toContain("还没付款");
    const sum = page.get("bulk.plan.sum").attributes();
    expect([sum["data-accounts"], sum["data-calls"]]).toEqual(["4", "3250"]);
    const first = page.get("bulk.plan.table").findAll("tbody tr[data-row]")[0];
    expect(first?.text()).toContain("快用完，建议分");
  });

  it("plans again for another time to cover, as the host offers it", async () => {
    const page = await open();
    expect(page.get("bulk.cover.90").attributes("data-state")).toBe("on");
    await page.click("bulk.cover.180");
    const order = page.host.read("getBulkOrders")[0]!.id;
    const { id: provider } = page.host.read("getProviders")[0]!;
    expect(page.host.sent("planAllocations").at(-1)).toEqual({ provider, order, coverDays: 180 });
    expect(page.get("bulk.cover.180").attributes("data-state")).toBe("on");
  });

  it("lets pack and number be changed, and adds up", async () => {
    const page = await open();
    const [one, other] = page.host.read("planAllocations").shares.map(({ account }) => account);
    await page.get(`bulk.count.${one}`).setValue("3");
    await page.get(`bulk.pack.${other}`).setValue("20000312");
    expect(page.get(`bulk.calls.${one}`).text()).toBe("3,000");
    expect(page.get(`bulk.calls.${other}`).text()).toBe("250");
    expect(page.get("bulk.plan.sum").attributes("data-calls")).toBe("4500");
    await page.get(`bulk.count.${one}`).setValue("99");
    expect((page.get(`bulk.count.${one}`).element as HTMLInputElement).value).toBe("20");
    // Without an AppID nothing can be sent.
    const unknown = page.host.read("planAllocations").shares.find(({ app_id }) => app_id === null);
    expect(page.get("bulk.plan.table").text()).toContain(unknown!.name);
    expect(page.has(`bulk.count.${unknown!.account}`)).toBe(false);
  });

  it("does not send more than the pool has", async () => {
    const page = await open("bulk", { change: ({ answer }) => answer("planAllocations", { left: 1_000 }) });
    expect(page.has("bulk.plan.too_many")).toBe(true);
    expect(page.get("bulk.send").attributes("aria-disabled")).toBe("true");
    await page.click("bulk.send");
    expect(page.host.calls("sendAllocations")).toBe(0);
  });

  it("sends by one press, once, and shows how far it is", async () => {
    const page = await open();
    const release = page.host.hold("sendAllocations");
    await page.host.leadsTo("bulk.open");
    const picks = page.host.read("planAllocations").shares.filter(({ count }) => count > 0).map(({ app_id, sku, count }) => ({ app_id, sku, count }));
    await page.click("bulk.send");
    await page.click("bulk.send");
    release();
    await flushPromises();
    expect(page.host.sent("sendAllocations")).toEqual([expect.objectContaining({ picks, again: false, order: page.host.read("getBulkOrders")[0]!.id })]);
    expect(page.get("bulk.progress").text()).toContain("0 / 4");
    expect(page.get("bulk.sent.sum").attributes("data-open")).toBe("4");
    expect(page.get("bulk.plan.sum").attributes("data-calls")).toBe("0");
    const reads = page.host.calls("getBulkOrders");
    // WeChat has taken all four, and works on them.
    await becomes(page, "bulk.sent_late");
    expect(page.has("bulk.progress")).toBe(false);
    expect(page.get("bulk.sent.sum").attributes("data-open")).toBe("4");
    expect(page.host.calls("getBulkOrders")).toBe(reads);
    await becomes(page, "bulk.done");
    expect(page.get("bulk.sent.sum").attributes("data-open")).toBe("0");
    expect(page.host.calls("getBulkOrders")).toBe(reads + 1);
  });

  it("counts what was sent at once, and shows packs for one mini-program as one line", async () => {
    const page = await open();
    const { account, app_id } = first(page);
    await page.get(`bulk.count.${account}`).setValue("9");
    await page.get(`bulk.pack.${account}`).setValue("20000312");
    await page.host.leadsTo("bulk.sent_many");
    await page.click("bulk.send");
    expect(page.host.sent("sendAllocations")[0]?.picks).toContainEqual({ app_id, sku: "20000312", count: 9 });
    const row = () => page.get("bulk.plan.table").findAll("tbody tr[data-row]").find((one) => one.text().includes("001"));
    expect(row()?.text()).toContain("已发 2,250 次，微信在办");
    expect(page.get("bulk.plan.sum").attributes("data-calls")).toBe("0");
    expect(page.get("bulk.sent.table").findAll("[data-count]").map((one) => one.attributes("data-count"))).toContain("9");
    expect(page.get("bulk.sent.table").text()).toContain("9 × 250 次 · 90 天");
    await becomes(page, "bulk.done");
    expect(row()?.text()).toContain("够用");
  });

  it("asks before it sends to who was just served, and sends more only on a yes", async () => {
    const page = await open("bulk.sent");
    const { account } = page.host.read("planAllocations").shares.find(({ name }) => name === "门店会员中心 001")!;
    await page.host.leadsTo("bulk.asked", "bulk.asked", "bulk.sent_again");
    await page.get(`bulk.count.${account}`).setValue("1");
    await page.click("bulk.send");
    expect(page.get("bulk.ask").text()).toContain("门店会员中心 001");
    await page.click("bulk.ask.leave");
    expect(page.has("bulk.ask")).toBe(false);
    await page.click("bulk.send");
    await page.click("bulk.ask.send");
    expect(page.has("bulk.ask")).toBe(false);
    expect(page.host.sent("sendAllocations").map(({ again }) => again)).toEqual([false, false, true]);
  });

  it("sends a batch once more under its own name after an error", async () => {
    const page = await open();
    const batches = () => page.host.sent("sendAllocations").map(({ batch }) => batch);
    page.host.refuse("sendAllocations", "disk_full");
    await page.host.leadsTo("bulk.sent", "bulk.asked", "bulk.sent_again");
    await page.click("bulk.send");
    await page.click("bulk.send");
    expect(batches()).toHaveLength(2);
    expect(new Set(batches()).size).toBe(1);
    const { account } = page.host.read("planAllocations").shares.find(({ name }) => name === "门店会员中心 001")!;
    await page.get(`bulk.count.${account}`).setValue("1");
    await page.click("bulk.send");
    await page.click("bulk.ask.send");
    expect(new Set(batches()).size).toBe(2);
  });

  it.each(["send", "drop"] as const)("leaves it to the shop what becomes of what an earlier run did not send: %s", async (choice) => {
    const page = await open("bulk.open", { change: ({ read, answer }) => answer("getAllocations", read("getAllocations").map((one) => ({ ...one, held: true }))) });
    const held = allocations(page);
    const all = (state: AllocationState) => held.map((one) => ({ ...one, held: false, state }));
    page.host.answer("retryAllocations", all("accepted"));
    page.host.answer("cancelAllocation", all("cancelled")[0]!);
    expect(page.get("bulk.held").text()).toContain("有 4 笔没有发出去");
    expect(page.has("bulk.retry")).toBe(false);
    page.host.answer("getAllocations", all(choice === "send" ? "accepted" : "cancelled"));
    await page.click(`bulk.held.${choice}`);
    expect(page.has("bulk.held")).toBe(false);
    const { id: provider } = page.host.read("getProviders")[0]!;
    if (choice === "send") expect(page.host.sent("retryAllocations")).toEqual([{ provider }]);
    else expect(page.host.sent("cancelAllocation")).toEqual(held.map(({ id }) => ({ id })));
  });

  it("says of what a restored backup holds open that it may have been sent", async () => {
    const page = await open("bulk.open", {
      change: ({ read, answer }) => answer("getAllocations", read("getAllocations").map((one) => ({ ...one, held: true, code: "allocation_unclear" as const }))),
    });
    expect(page.get("bulk.held.unclear").text()).toContain("其中 4 笔");
    expect(page.get("bulk.held").text()).not.toContain("微信还不知道");
    expect(page.get("bulk.sent.table").text()).toContain("不知道发没发出去");
  });

  it("asks before it sends more after a backup was restored", async () => {
    const page = await open("bulk");
    page.host.answer("sendAllocations", { kind: "ask_first", receivers: [], restored_at: typed<Instant>("2026-11-21T09:00:00+08:00") });
    await page.click("bulk.send");
    expect(page.get("bulk.ask.restored").text()).toContain("恢复了备份");
    await page.click("bulk.ask.leave");
    expect(page.has("bulk.ask")).toBe(false);
    await page.click("bulk.send");
    await page.click("bulk.ask.send");
    expect(page.host.sent("sendAllocations").map(({ again }) => again)).toEqual([false, false, true]);
  });

  it("says why an allocation failed, and asks again for what is open", async () => {
    const page = await open("bulk.failed");
    expect(page.get("bulk.sent.table").find("[data-code=no_relationship]").text().length).toBeGreaterThan(4);
    expect(page.get("bulk.sent.sum").attributes("data-failed")).toBe("4");
    expect(page.has("bulk.retry")).toBe(false);
    await becomes(page, "bulk.open");
    const done = (await recorded("bulk.done")).read("getAllocations");
    page.host.answer("retryAllocations", done);
    page.host.answer("getAllocations", done);
    await page.click("bulk.retry");
    expect(page.host.sent("retryAllocations")).toEqual([{ provider: page.host.read("getProviders")[0]!.id }]);
    expect(page.get("bulk.sent.sum").attributes("data-open")).toBe("0");
  });

  it("takes an allocation back while it can be", async () => {
    const page = await open("bulk.done");
    const [one, ...others] = allocations(page);
    const { id } = one!;
    const cancelled = { ...one!, state: "cancelled" as const, cancel_until: null };
    page.host.answer("cancelAllocation", cancelled);
    page.host.answer("getAllocations", [cancelled, ...others]);
    await page.click(`bulk.cancel.${id}`);
    expect(page.host.sent("cancelAllocation")).toEqual([{ id }]);
    expect(page.get("bulk.sent.table").find("[data-state=cancelled]").exists()).toBe(true);
    expect(page.has(`bulk.cancel.${id}`)).toBe(false);
  });

  const shown = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
  it("removes a provider after a question, and leaves it where that is refused", async () => {
    const page = await open("bulk.done");
    const [{ id: provider, name }] = page.host.read("getProviders") as [ProviderView];
    const ask = async () => {
      await page.click("bulk.remove");
      await until(() => expect(shown("bulk.remove.ask")).not.toBeNull());
      expect(shown("bulk.remove.ask")?.textContent).toContain("从系统密码库里清掉");
      shown("bulk.remove.do")?.click();
      await flushPromises();
    };
    for (const code of ["allocations_open", "keyring_locked"] as const) {
      page.host.refuse("removeProvider", code);
      await ask();
      expect([page.get("error").attributes("data-code"), page.has("bulk.orders")]).toEqual([code, true]);
    }
    page.host.answer("removeProvider", []);
    page.host.answer("getProviders", []);
    await ask();
    expect(page.host.sent("removeProvider")).toEqual(Array.from({ length: 3 }, () => ({ provider })));
    expect([page.has("bulk.empty"), page.has("bulk.orders"), page.has("error")]).toEqual([true, false, false]);
    expect(useNotes().notes.value.at(-1)?.text).toContain(`「${name}」已移除`);
  });

  it.each(["zh", "en"] as const)("asks in %s what is accessible and complete", async (language) => {
    const page = await open("bulk.done", { language });
    await page.click("bulk.remove");
    await until(() => expect(shown("bulk.remove.ask")).not.toBeNull());
    await expectAccessible(document.body);
    expectTranslated(document.body);
  });

  const fails: [method: "getBulkOrders" | "planAllocations" | "sendAllocations", code: ErrorCode][] = [
    ["getBulkOrders", "unreachable"],
    ["planAllocations", "wechat_busy"],
    ["sendAllocations", "disk_full"],
  ];
  it.each(fails)("explains when %s fails with %s, and goes on", async (method, code) => {
    const page = await open();
    page.host.refuse(method, code);
    await page.click(method === "sendAllocations" ? "bulk.send" : "bulk.refresh");
    expect(page.get("error").attributes("data-code")).toBe(code);
    expect(page.has("bulk.plan")).toBe(true);
    await page.host.leadsTo("bulk.sent");
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
  });

  it("keeps a thousand accounts out of the document but for those in sight", async () => {
    const page = await open("bulk", {
      change({ read, answer }) {
        const { shares } = read("planAllocations");
        answer("planAllocations", { shares: Array.from({ length: 1000 }, (_, shop) => ({ ...shares[shop % shares.length]!, account: typed<AccountId>(`shop-${shop}`), app_id: `wx${shop}` })) });
      },
    });
    const rows = page.get("bulk.plan.table").findAll("tbody tr[data-row]");
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.length).toBeLessThan(60);
    // Four of thirteen, 76 times, and the first four of the twelve that are left.
    expect(page.get("bulk.plan.sum").attributes("data-accounts")).toBe("308");
  });

  it.each([["zh", true], ["zh", false], ["en", true], ["en", false]] as const)(
    "is accessible, reachable and complete in %s, with a provider: %s",
    async (language, filled) => {
      const page = await open(filled ? "bulk.done" : "shop", { language });
      if (!filled) await page.click("bulk.begin");
      await expectAccessible(page.element);
      expectReachable(page.get("bulk").element);
      expectTranslated(page.element);
    },
  );
});

describe("picks", () => {
  const [a, b] = [typed<PackId>("a"), typed<PackId>("b")];
  const plan: AllocationPlanView = {
    order: typed("o"),
    cover_days: 90,
    cover_choices: [],
    left: 10,
    planned: 0,
    packs_max: 20,
    packs: [{ sku: a, name: null, calls: 250, days: 90 }, { sku: b, name: "?", calls: null, days: null }],
    shares: ["x", "y", "z"].map((account) => ({ account: typed(account), name: account, app_id: account === "z" ? null : `wx${account}`, kind: "enough" as const, dry_on: null, remaining: 0, sku: null, count: 0, calls: 0, under_way: null })),
  };

  it("begin with a pack of the plan for each that can receive one", () => {
    expect(suggested(plan)).toEqual({ x: { sku: a, count: 0 }, y: { sku: a, count: 0 } });
    expect(suggested({ ...plan, packs: [] })).toEqual({});
  });

  it("add up what is known and send only what has a receiver and a number", () => {
    const picks = { x: { sku: a, count: 2 }, y: { sku: b, count: 1 }, z: { sku: a, count: 5 } };
    expect(sum(plan, { x: picks.x, y: picks.y })).toEqual({ calls: 500, accounts: 2, allocations: 3 });
    expect(toSend(plan, picks)).toEqual([{ app_id: "wxx", sku: "a", count: 2 }, { app_id: "wxy", sku: "b", count: 1 }]);
  });

  it("are whole numbers within the host's limit", () => {
    expect(["", "-3", "1.9", "7", "1000", "many"].map((typed) => countFrom(typed, 20))).toEqual([0, 0, 1, 7, 20, 0]);
  });
});
