import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import type { ExportTable, OrderId, OrderState, OrderView } from "@/ipc/bindings";
import { useNotes } from "@/shared/ui/notes";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type Mounted, type MountOptions } from "@/testing/mount";
import { until } from "@/testing/page";
import { expectReachable, expectTranslated } from "@/testing/step";
import { typed } from "@/testing/typed";

import OrdersPage from "./OrdersPage.vue";

const open = (scene = "orders", options: MountOptions = {}) => mountWithHost(OrdersPage, { path: "/orders", scene, ...options });
/** The newest order in a state. */
const idOf = (page: Mounted, state: OrderState) => page.host.read("getOrders").orders.find((order) => order.state === state)!.id;

/** What stands in the dialog, which is outside the page's own element. */
const inDialog = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
async function press(testid: string) {
  const button = inDialog(testid);
  if (!button) throw new Error(`${testid} is not there`);
  button.click();
  await flushPromises();
}
const kind = () => inDialog("orders.refund")?.dataset.kind;
const orderState = (page: Mounted, id: string) => page.get(`orders.state.${id}`).attributes("data-state");

describe("orders", () => {
  it("lists every purchase with what it cost, what it used, and where it stands", async () => {
    const page = await open();
    const rows = page.get("orders.table").findAll("tbody tr");
    expect(rows).toHaveLength(7);
    expect(rows[5]!.text()).toContain("640 / 1,000");
    expect(orderState(page, idOf(page, "refund_asked"))).toBe("refund_asked");
    expect(page.text()).toContain("从微信读取");
  });

  it("exports the shelf that is shown, with numbers as numbers", async () => {
    const elsewhere = { number: "DD3034220985269108737", origin: "seen", amount_is_estimate: true } as const;
    const page = await open("orders", {
      change: ({ read, answer }) => answer("getOrders", { orders: read("getOrders").orders.map((order) => (order.state === "in_use" ? { ...order, ...elsewhere } : order)) }),
    });
    page.host.answer("exportTable", { name: "订单 晋味小馆会员中心.xlsx", path: "/exports/订单 晋味小馆会员中心.xlsx" });
    expect(page.get("orders.table").findAll("tbody tr")[5]!.text()).toContain("在公众平台买的");
    await page.get("orders.export").trigger("keydown", { key: "Enter" });
    await flushPromises();
    await press("orders.export.xlsx");
    await until(() => expect(useNotes().notes.value.at(-1)?.text).toContain("订单 晋味小馆会员中心.xlsx"));
    const [sent] = page.host.sent("exportTable");
    const { name, columns, rows } = sent!.table as ExportTable;
    expect([sent!.format, name]).toEqual(["xlsx", "订单 晋味小馆会员中心"]);
    expect(rows).toHaveLength(7);
    const inUse = Object.fromEntries(columns.map(({ head }, place) => [head, rows[5]?.[place]]));
    expect(inUse).toMatchObject({ 订单号: "DD3034220985269108737", 次数: 1000, "金额（元）": "30.00", 已用: 640, 状态: "使用中", 金额来源: "按价目表推算" });
    // Nothing stands for a figure that is not known.
    expect(rows[0]?.[columns.findIndex(({ kind }) => kind === "moment")]).toBeNull();
  });

  it("shows packs that a provider sent together as one line, and all of them in its details", async () => {
    const page = await open("orders", {
      change: ({ read, answer }) => {
        const [one, ...others] = read("getOrders").orders;
        const sent = { ...one!, origin: "allocated", number: null, state: "in_use", calls: 250, days: 90, used: 0, amount: null } as const;
        answer("getOrders", { orders: [...Array.from({ length: 9 }, (_, place) => ({ ...sent, id: typed<OrderId>(`sent-${place}`), lot: `P${place}` })), ...others] });
      },
    });
    const lines = page.get("orders.table").findAll("tbody tr");
    expect(lines).toHaveLength(7);
    expect(lines[0]!.text()).toContain("9 × 250 次");
    await page.click("orders.open.sent-0");
    await until(() => expect(inDialog("orders.fact.lot")?.textContent).toContain("P0 · P1"));
    expect(inDialog("orders.fact.lot")?.textContent).toContain("P8");
  });

  it("says until when an order can be given back, and why not the others", async () => {
    const page = await open();
    expect(page.get("orders.alert").attributes("data-order")).toBe(idOf(page, "untouched"));
    expect(page.get(`orders.state.${idOf(page, "untouched")}`).text()).toMatch(/11 月 25 日 .*前可以退/);
    expect(page.get(`orders.state.${idOf(page, "used_up")}`).text()).toContain("已经用过，付款超过 7 天");
    const refund = { kind: "refused", reasons: ["no_order"] } as const;
    const given = await open("orders", { change: ({ read, answer }) => answer("getOrders", { orders: read("getOrders").orders.map((order) => ({ ...order, refund: { ...refund, reasons: [...refund.reasons] } })) }) });
    expect(given.get(`orders.state.${idOf(given, "used_up")}`).text()).toContain("不是付费购买的");
  });

  it("looks through one shelf at a time", async () => {
    const page = await open();
    const count = () => page.get("orders.table").findAll("tbody tr").length;
    await page.click("orders.shelf.refund");
    expect(count()).toBe(3);
    // Waiting, untouched, in use, and the one whose pack WeChat has not taken back yet.
    await page.click("orders.shelf.open");
    expect(count()).toBe(4);
    await page.click("orders.shelf.ended");
    expect(count()).toBe(3);
    await page.click("orders.shelf.all");
    expect(count()).toBe(7);
  });

  it("guides through a refund, writes it down, and takes it back", async () => {
    const page = await open();
    const order = idOf(page, "untouched");
    await page.host.leadsTo("orders.refund", "orders.refund_back");
    await page.click(`orders.open.${order}`);
    expect(kind()).toBe("possible");
    expect(inDialog("orders.refund")?.textContent).toContain("照现在的用量，11 月 25 日 10:32 前不会用到它");
    await press("orders.refund.start");
    expect(inDialog("orders.refund.steps")?.textContent).toContain("1,000 次 · 365 天、¥30.00");
    await press("orders.refund.console");
    expect(page.host.sent("openConsole")).toEqual([{ account: page.account, page: "charge" }]);
    await press("orders.refund.asked");
    await until(() => expect(kind()).toBe("asked"));
    expect(inDialog("orders.refund")?.textContent).toContain("预计 11 月 25 日 至 11 月 27 日到账");
    expect(orderState(page, order)).toBe("refund_asked");
    await press("orders.refund.not_asked");
    await until(() => expect(kind()).toBe("possible"));
    expect(page.host.sent("noteOrder")).toEqual(["refund_asked", "refund_not_asked"].map((kind) => ({ account: page.account, order, note: { kind } })));
  });

  it.each([
    ["orders.used_soon", "11 月 23 日 00:00 前可以退", "付款 7 天内（11 月 25 日 10:32 前）、一次都没用过就能退。前面的额度最早 11 月 23 日用完"],
    ["orders.used_today", "11 月 25 日 10:32 前可以退", "前面的额度今天就可能用完"],
    ["orders.used_next", "11 月 25 日 10:32 前可以退", "前面没有别的额度了，下一位顾客授权就会用到它"],
  ])("says how soon an order will be used, which ends its refund: %s", async (scene, until, why) => {
    const page = await open(scene);
    await page.click(`orders.open.${idOf(page, "untouched")}`);
    const refund = inDialog("orders.refund")?.textContent;
    expect(refund).toContain(until);
    expect(refund).toContain(why);
  });

  it("keeps WeChat's number of an order, and refuses an invalid one", async () => {
    const page = await open();
    const order = idOf(page, "untouched");
    page.host.refuse("noteOrder", "order_number_invalid");
    await page.host.leadsTo("orders.numbered");
    await page.click(`orders.open.${order}`);
    const field = inDialog("orders.number") as HTMLInputElement;
    const type = async (text: string) => {
      field.value = text;
      field.dispatchEvent(new Event("input"));
      await flushPromises();
    };
    await type("12345");
    await press("orders.number.save");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    expect(document.activeElement).toBe(field);
    expect(document.querySelector('[data-testid="error.act"]')).toBeNull();
    await type("DD3034220985269100001");
    await press("orders.number.save");
    await until(() => expect(page.host.sent("noteOrder").at(-1)).toEqual({ account: page.account, order, note: { kind: "number", number: "DD3034220985269100001" } }));
    await flushPromises();
    expect(page.get("orders.table").text()).toContain("DD3034220985269100001");
  });

  it("reminds of invoices, and forgets those that were asked for", async () => {
    const page = await open();
    expect(page.get("orders.invoice_reminder").text()).toMatch(/[34] 个订单还没申请发票/);
    const before = Number(/(\d+) 个订单/.exec(page.get("orders.invoice_reminder").text())![1]);
    const order = idOf(page, "untouched");
    await page.host.leadsTo("orders.invoice", "orders.invoice_back");
    await page.click(`orders.open.${order}`);
    await press("orders.invoice.asked");
    await until(() => expect(inDialog("orders.invoice")?.dataset.kind).toBe("asked"));
    expect(inDialog("orders.invoice")?.textContent).toContain("11 月 27 日 至 12 月 4 日开好");
    expect(page.get("orders.invoice_reminder").text()).toContain(`${before - 1} 个订单`);
    await press("orders.invoice.not_asked");
    await until(() => expect(inDialog("orders.invoice")?.dataset.kind).toBe("possible"));
  });

  it("explains a refusal next to the order, and goes on", async () => {
    const page = await open();
    await page.click(`orders.open.${idOf(page, "untouched")}`);
    await press("orders.refund.start");
    page.host.refuse("noteOrder", "not_refundable");
    await press("orders.refund.asked");
    expect(inDialog("error")?.dataset.code).toBe("not_refundable");
    await press("error.act");
    expect(inDialog("error")).toBeNull();
  });

  it("says what is late, what came back, and what cannot be known", async () => {
    const page = await open("orders", {
      change({ read, answer }) {
        const [order] = read("getOrders").orders;
        const orders: OrderView[] = [
        { ...order!, id: typed("late"), state: "refund_asked", refund: { kind: "asked", asked_at: typed("2026-11-01T09:00:00+08:00"), money: { from: typed("2026-11-04"), to: typed("2026-11-06"), certain: false }, late: true }, invoice: null },
        { ...order!, id: typed("typed"), state: "arrived", lot: null, used: null, paid_at: null, expires_at: null, refund: { kind: "not_known" } },
        ];
        answer("getOrders", { orders });
      },
    });
    await page.click("orders.open.late");
    expect(inDialog("orders.refund")?.textContent).toContain("退款该到了");
    expect(inDialog("orders.refund")?.textContent).toContain("只扣掉了周末");
    expect(page.get("orders.state.typed").text()).toContain("以公众平台为准");
  });

  it("leads a purchase that waits to its page", async () => {
    const page = await open();
    await page.click(`orders.open.${idOf(page, "waiting")}`);
    await press("orders.purchase");
    await until(() => expect(page.path()).toBe("/packs"));
  });

  it("follows what changes elsewhere", async () => {
    const page = await open();
    const order = idOf(page, "untouched");
    page.host.answer("getOrders", { orders: page.host.read("getOrders").orders.map((one) => (one.id === order ? { ...one, state: "in_use" as const } : one)) });
    page.host.emit({ account: page.account, tags: ["usage"] });
    await flushPromises();
    expect(orderState(page, order)).toBe("in_use");
  });

  it("has one button while there is no order", async () => {
    const page = await open("shop.empty");
    expect(page.has("orders.none")).toBe(true);
    await page.click("orders.buy");
    await until(() => expect(page.path()).toBe("/packs"));
  });

  it("keeps the list when reading it fails, and says that figures are old", async () => {
    const page = await open("shop.stale");
    expect(page.has("orders.stale")).toBe(true);
    page.host.refuse("getOrders", "disk_failed");
    page.host.emit({ account: page.account, tags: ["purchase"] });
    await flushPromises();
    expect(page.get("error").attributes("data-code")).toBe("disk_failed");
    expect(page.has("orders.table")).toBe(true);
    await page.click("error.act");
    expect(page.has("error")).toBe(false);
  });

  it.each(["zh", "en"] as const)("is accessible, reachable and complete in %s, dialog and all", async (language) => {
    const page = await open("orders", { language });
    await expectAccessible(page.element);
    expectReachable(page.element);
    expectTranslated(page.element);
    const states: OrderState[] = ["waiting", "untouched", "refund_asked", "in_use", "refunded", "used_up"];
    for (const order of page.host.read("getOrders").orders.filter((one) => states.includes(one.state))) {
      await page.click(`orders.open.${order.id}`);
      const dialog = inDialog("orders.detail")!;
      await expectAccessible(dialog);
      expectReachable(dialog);
      expectTranslated(dialog);
      dialog.querySelector<HTMLElement>("header button")!.click();
      await flushPromises();
    }
  }, 60_000);
});
