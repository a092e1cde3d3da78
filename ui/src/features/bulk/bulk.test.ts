import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { ErrorCode, Language } from "@/ipc/bindings";
import { fillBulk, settle } from "@/ipc/fake/bulk";
import { walkTo } from "@/ipc/fake/shops";
import type { FakeWorld } from "@/ipc/fake/world";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type Mounted } from "@/testing/fakeMount";
import { expectReachable, expectTranslated } from "@/testing/fakeStep";

import BulkPage from "./BulkPage.vue";
import { countFrom, sum, toSend } from "./picks";

// Nothing is laid out here: a box says how high it would be, so that its rows are in sight.
beforeEach(() => {
  for (const side of ["clientHeight", "clientWidth"] as const) vi.spyOn(Element.prototype, side, "get").mockReturnValue(700);
});
afterEach(() => vi.restoreAllMocks());

const SECRET = "0123456789abcdef0123456789abcdef";

async function open(change: (world: FakeWorld) => void = (world) => fillBulk(world), language: Language = "zh") {
  const page = await mountWithHost(BulkPage, {
    path: "/bulk",
    language,
    world: (world) => {
      walkTo(world, "done", true);
      change(world);
    },
  });
  await flushPromises();
  return page;
}

const notify = async (page: Mounted) => {
  page.host.control.emit({ account: null, tags: ["bulk"] });
  await flushPromises();
};

describe("bulk", () => {
  it("tells an ordinary shop that it may leave, and hides the rest", async () => {
    const page = await open(() => undefined);
    expect(page.get("bulk.empty").text()).toContain("只有一家店，不用管这里");
    expect(page.has("bulk.connect")).toBe(false);
    expect(page.host.control.calls("getBulkOrders")).toBe(0);
  });

  it("connects a provider, and forgets the secret", async () => {
    const page = await open(() => undefined);
    await page.click("bulk.begin");
    await page.click("bulk.connect.office");
    expect(page.host.control.world.opened).toContain("provider");
    await page.type("bulk.connect.name", " 晋业微平台 ");
    await page.type("bulk.connect.app_id", "wxfacade00000000a1");
    await page.type("bulk.connect.app_secret", SECRET);
    await page.get("bulk.connect").get("form").trigger("submit");
    await flushPromises();
    expect(page.has("bulk.orders")).toBe(true);
    expect(document.body.innerHTML).not.toContain(SECRET);
  });

  it("asks for what is missing before it asks the host", async () => {
    const page = await open(() => undefined);
    await page.click("bulk.begin");
    await page.get("bulk.connect").get("form").trigger("submit");
    expect(page.host.control.calls("connectProvider")).toBe(0);
    expect(page.get("bulk.connect.app_id").attributes("aria-invalid")).toBe("true");
    await page.click("bulk.connect.leave");
    expect(page.has("bulk.empty")).toBe(true);
  });

  const refusals: ErrorCode[] = ["app_id_invalid", "app_secret_invalid", "app_secret_wrong", "unreachable", "keyring_locked"];
  it.each(refusals)("explains %s and keeps what was typed", async (code) => {
    const page = await open(() => undefined);
    await page.click("bulk.begin");
    await page.type("bulk.connect.name", "A");
    await page.type("bulk.connect.app_id", "wxfacade00000000a1");
    await page.type("bulk.connect.app_secret", SECRET);
    page.host.control.failNext("connectProvider", code);
    await page.get("bulk.connect").get("form").trigger("submit");
    await flushPromises();
    expect(page.get("error").attributes("data-code")).toBe(code);
    expect((page.get("bulk.connect.app_id").element as HTMLInputElement).value).toBe("wxfacade00000000a1");
  });

  it("shows what is left in each pool, and plans for a paid one", async () => {
    const page = await open();
    expect(page.get("bulk.order.DD1").text()).toContain("还剩 88,000 / 100,000 次");
    expect(page.get("bulk.order.DD1").attributes("data-state")).toBe("checked");
    expect(page.get("bulk.order.DD2").text()).toContain("还没付款");
    const sum = page.get("bulk.plan.sum").attributes();
    expect([sum["data-accounts"], sum["data-calls"]]).toEqual(["4", "4000"]);
    const first = page.get("bulk.plan.table").findAll("tbody tr[data-row]")[0];
    expect(first?.text()).toContain("快用完，建议分");
  });

  it("plans again for another time to cover, as the host offers it", async () => {
    const page = await open();
    expect(page.get("bulk.cover.90").attributes("data-state")).toBe("on");
    await page.click("bulk.cover.180");
    expect(page.host.control.calls("planAllocations")).toBe(2);
    expect(page.get("bulk.cover.180").attributes("data-state")).toBe("on");
  });

  it("lets pack and number be changed, and adds up", async () => {
    const page = await open();
    await page.get("bulk.count.shop-0").setValue("3");
    await page.get("bulk.pack.shop-3").setValue("20000179");
    expect(page.get("bulk.calls.shop-0").text()).toBe("3,000");
    expect(page.get("bulk.calls.shop-3").text()).toBe("250");
    expect(page.get("bulk.plan.sum").attributes("data-calls")).toBe("5250");
    await page.get("bulk.count.shop-0").setValue("99");
    expect((page.get("bulk.count.shop-0").element as HTMLInputElement).value).toBe("20");
    expect(page.has("bulk.count.shop-1")).toBe(false);
  });

  it("does not send more than the pool has", async () => {
    const page = await open((world) => {
      fillBulk(world);
      for (const order of world.bulk.orders) if (order.total) order.used = order.total - 1_000;
    });
    expect(page.has("bulk.plan.too_many")).toBe(true);
    expect(page.get("bulk.send").attributes("aria-disabled")).toBe("true");
    await page.click("bulk.send");
    expect(page.host.control.calls("sendAllocations")).toBe(0);
  });

  it("sends by one press, once, and shows how far it is", async () => {
    const page = await open();
    const release = page.host.control.hold("sendAllocations");
    await page.click("bulk.send");
    await page.click("bulk.send");
    release();
    await flushPromises();
    expect(page.host.control.calls("sendAllocations")).toBe(1);
    expect(page.get("bulk.progress").text()).toContain("0 / 4");
    expect(page.get("bulk.sent.sum").attributes("data-open")).toBe("4");
    expect(page.get("bulk.plan.sum").attributes("data-calls")).toBe("0");
    const reads = page.host.control.calls("getBulkOrders");
    settle(page.host.control.world, "done");
    await notify(page);
    expect(page.has("bulk.progress")).toBe(false);
    expect(page.get("bulk.sent.sum").attributes("data-open")).toBe("0");
    expect(page.host.control.calls("getBulkOrders")).toBe(reads + 1);
  });

  it("counts what was sent at once, and shows packs for one mini-program as one line", async () => {
    const page = await open();
    await page.get("bulk.count.shop-0").setValue("9");
    await page.get("bulk.pack.shop-0").setValue("20000179");
    await page.click("bulk.send");
    const row = () => page.get("bulk.plan.table").findAll("tbody tr[data-row]").find((one) => one.text().includes("001"));
    expect(row()?.text()).toContain("已发 2,250 次，微信在办");
    expect(page.get("bulk.plan.sum").attributes("data-calls")).toBe("0");
    expect(page.get("bulk.sent.table").findAll("[data-count]").map((one) => one.attributes("data-count"))).toContain("9");
    expect(page.get("bulk.sent.table").text()).toContain("9 × 250 次 · 90 天");
    settle(page.host.control.world, "done");
    await notify(page);
    expect(row()?.text()).toContain("够用");
  });

  it("asks before it sends to who was just served, and sends more only on a yes", async () => {
    const page = await open();
    await page.click("bulk.send");
    const sent = page.host.control.world.bulk.allocations.length;
    await page.get("bulk.count.shop-0").setValue("1");
    await page.click("bulk.send");
    expect(page.get("bulk.ask").text()).toContain("门店会员中心 001");
    expect(page.host.control.world.bulk.allocations.length).toBe(sent);
    await page.click("bulk.ask.leave");
    expect(page.has("bulk.ask")).toBe(false);
    await page.click("bulk.send");
    await page.click("bulk.ask.send");
    expect(page.has("bulk.ask")).toBe(false);
    expect(page.host.control.world.bulk.allocations.length).toBe(sent + 1);
  });

  it("sends a batch once more under its own name after an error", async () => {
    const page = await open();
    page.host.control.failNext("sendAllocations", "disk_full");
    await page.click("bulk.send");
    await page.click("bulk.send");
    expect(Object.keys(page.host.control.world.bulk.batches)).toHaveLength(1);
    await page.get("bulk.count.shop-0").setValue("1");
    await page.click("bulk.send");
    await page.click("bulk.ask.send");
    expect(Object.keys(page.host.control.world.bulk.batches)).toHaveLength(2);
  });

  it.each(["send", "drop"] as const)("leaves it to the shop what becomes of what an earlier run did not send: %s", async (choice) => {
    const page = await open();
    await page.click("bulk.send");
    for (const one of page.host.control.world.bulk.allocations) one.held = true;
    await notify(page);
    expect(page.get("bulk.held").text()).toContain("有 4 笔没有发出去");
    expect(page.has("bulk.retry")).toBe(false);
    await page.click(`bulk.held.${choice}`);
    expect(page.has("bulk.held")).toBe(false);
    const states = new Set(page.host.control.world.bulk.allocations.map((one) => one.state));
    expect([...states]).toEqual([choice === "send" ? "done" : "cancelled"]);
  });

  it("says why an allocation failed, and asks again for what is open", async () => {
    const page = await open();
    await page.click("bulk.send");
    settle(page.host.control.world, "failed");
    await notify(page);
    expect(page.get("bulk.sent.table").find("[data-code=no_relationship]").text().length).toBeGreaterThan(4);
    expect(page.get("bulk.sent.sum").attributes("data-failed")).toBe("4");
    expect(page.has("bulk.retry")).toBe(false);
    await page.get("bulk.count.shop-0").setValue("1");
    await page.click("bulk.send");
    await page.click("bulk.retry");
    expect(page.host.control.calls("retryAllocations")).toBe(1);
    expect(page.get("bulk.sent.sum").attributes("data-open")).toBe("0");
  });

  it("takes an allocation back while it can be", async () => {
    const page = await open();
    await page.click("bulk.send");
    settle(page.host.control.world, "done");
    await notify(page);
    const id = page.host.control.world.bulk.allocations[0]?.id ?? "";
    await page.click(`bulk.cancel.${id}`);
    expect(page.get("bulk.sent.table").find("[data-state=cancelled]").exists()).toBe(true);
    expect(page.has(`bulk.cancel.${id}`)).toBe(false);
  });

  const fails: [method: "getBulkOrders" | "planAllocations" | "sendAllocations", code: ErrorCode][] = [
    ["getBulkOrders", "unreachable"],
    ["planAllocations", "wechat_busy"],
    ["sendAllocations", "disk_full"],
  ];
  it.each(fails)("explains when %s fails with %s, and goes on", async (method, code) => {
    const page = await open();
    page.host.control.failNext(method, code);
    await page.click(method === "sendAllocations" ? "bulk.send" : "bulk.refresh");
    expect(page.get("error").attributes("data-code")).toBe(code);
    expect(page.has("bulk.plan")).toBe(true);
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
  });

  it("keeps a thousand accounts out of the document but for those in sight", async () => {
    const page = await open((world) => fillBulk(world, 1000));
    const rows = page.get("bulk.plan.table").findAll("tbody tr[data-row]");
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.length).toBeLessThan(60);
    expect(page.get("bulk.plan.sum").attributes("data-accounts")).toBe("334");
  });

  it.each([["zh", true], ["zh", false], ["en", true], ["en", false]] as const)(
    "is accessible, reachable and complete in %s, with a provider: %s",
    async (language, filled) => {
      const page = await open((world) => filled && fillBulk(world), language);
      if (filled) {
        await page.click("bulk.send");
        settle(page.host.control.world, "done");
        await notify(page);
      } else await page.click("bulk.begin");
      await expectAccessible(page.element);
      expectReachable(page.get("bulk").element);
      expectTranslated(page.element);
    },
  );
});

describe("picks", () => {
  const plan = {
    order: "o",
    cover_days: 90,
    cover_choices: [],
    left: 10,
    planned: 0,
    packs_max: 20,
    packs: [{ sku: "a", name: null, calls: 250, days: 90 }, { sku: "b", name: "?", calls: null, days: null }],
    shares: ["x", "y", "z"].map((account) => ({ account, name: account, app_id: account === "z" ? null : `wx${account}`, kind: "enough" as const, dry_on: null, remaining: 0, sku: null, count: 0, calls: 0, under_way: null })),
  };

  it("add up what is known and send only what has a receiver and a number", () => {
    const picks = { x: { sku: "a", count: 2 }, y: { sku: "b", count: 1 }, z: { sku: "a", count: 5 } };
    expect(sum(plan, { x: picks.x, y: picks.y })).toEqual({ calls: 500, accounts: 2, allocations: 3 });
    expect(toSend(plan, picks)).toEqual([{ app_id: "wxx", sku: "a", count: 2 }, { app_id: "wxy", sku: "b", count: 1 }]);
  });

  it("are whole numbers within the host's limit", () => {
    expect(["", "-3", "1.9", "7", "1000", "many"].map((typed) => countFrom(typed, 20))).toEqual([0, 0, 1, 7, 20, 0]);
  });
});
