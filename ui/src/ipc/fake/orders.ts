// The in-memory host: orders, and what the shop writes down about them.
import type { OrderView } from "../bindings";
import type { Context, Part } from "./context";
import { beijing, later, refusal, type FakeAccount, type FakeWorld } from "./world";

/** An order of a thousand calls, bought here today and untouched. */
export function newOrder(world: FakeWorld, change: Partial<OrderView> = {}): OrderView {
  const at = beijing(world.now);
  const window = beijing(later(world.now, 7));
  const { paid_at: paid = at, days = 365 } = change;
  return {
    id: `order-${world.nextOrder++}`,
    origin: "bought_here",
    number: null,
    lot: "ZY3034220985269108737",
    calls: 1000,
    days,
    amount: "30.00",
    amount_is_estimate: false,
    paid_at: paid,
    expires_at: paid && days ? beijing(later(new Date(paid), days)) : null,
    used: 0,
    state: "untouched",
    noted_at: at,
    refund: { kind: "possible", until: window, limit: "window", window_ends: window, first_use: null },
    invoice: { kind: "possible", better_after: window },
    ...change,
  };
}

/** One order in every state a shop can meet. */
export function everyOrder(world: FakeWorld): OrderView[] {
  const ago = (days: number) => beijing(later(world.now, -days));
  const window = beijing(later(world.now, 5));
  const spent: Partial<OrderView> = { refund: { kind: "refused", reasons: ["used"] }, invoice: { kind: "possible", better_after: null } };
  return [
    newOrder(world, { id: "waiting", state: "waiting", lot: null, paid_at: null, used: null, refund: { kind: "refused", reasons: ["not_paid"] }, invoice: null }),
    newOrder(world, {
      id: "untouched",
      paid_at: ago(2),
      refund: { kind: "possible", until: beijing(later(world.now, 3)), limit: "first_use", window_ends: window, first_use: beijing(later(world.now, 3)).slice(0, 10) },
      invoice: { kind: "possible", better_after: window },
    }),
    newOrder(world, {
      id: "asked",
      lot: "ZY3034220985269108702",
      calls: 5000,
      amount: "150.00",
      state: "refund_asked",
      refund: { kind: "asked", asked_at: ago(1), money: { from: "2026-11-25", to: "2026-11-27", certain: true }, late: false },
      invoice: null,
    }),
    newOrder(world, { id: "in-use", origin: "seen", lot: "ZY3034220985269107501", amount_is_estimate: true, number: "DD3034220985269108737", paid_at: ago(120), used: 640, state: "in_use", ...spent }),
    newOrder(world, { id: "allocated", origin: "allocated", lot: "ZY3034220985269106001", amount: null, calls: 500, days: 90, paid_at: ago(30), used: 20, state: "in_use", refund: { kind: "refused", reasons: ["no_order"] }, invoice: null }),
    newOrder(world, {
      id: "refunded",
      lot: "ZY3034220985269105311",
      paid_at: ago(40),
      state: "refunded",
      refund: { kind: "returned", seen_at: ago(36), money: { from: "2026-10-20", to: "2026-10-22", certain: true } },
      invoice: null,
    }),
    newOrder(world, { id: "used-up", lot: "ZY3034220985269104001", paid_at: ago(300), used: 1000, state: "used_up", refund: { kind: "refused", reasons: ["used", "too_late"] }, invoice: { kind: "asked", asked_at: ago(290), expected: { from: "2026-02-02", to: "2026-02-09", certain: true } } }),
    newOrder(world, { id: "lapsed", lot: "ZY3034220985269103001", paid_at: ago(400), used: 320, state: "lapsed", refund: { kind: "refused", reasons: ["used", "too_late", "expired"] }, invoice: { kind: "possible", better_after: null } }),
  ];
}

export function orderMethods({ world, find, touch, now }: Context): Part<"getOrders" | "noteOrder"> {
  const view = (account: FakeAccount) => ({
    account: account.id,
    orders: structuredClone(account.orders),
    read_at: account.source === "typed_in" ? null : account.readAt,
    typed_in: account.source === "typed_in",
  });
  return {
    async getOrders(id) {
      return view(find(id));
    },
    async noteOrder(id, orderId, note) {
      const account = find(id);
      const order = account.orders.find((one) => one.id === orderId);
      if (!order) throw refusal("not_found");
      const window = beijing(later(world.now, 7));
      switch (note.kind) {
        case "refund_asked":
          if (order.refund.kind !== "possible") throw refusal("not_refundable");
          order.state = "refund_asked";
          order.refund = { kind: "asked", asked_at: now(), money: { from: "2026-11-25", to: "2026-11-27", certain: true }, late: false };
          break;
        case "refund_not_asked":
          order.state = "untouched";
          order.refund = { kind: "possible", until: window, limit: "window", window_ends: window, first_use: null };
          break;
        case "invoice_asked":
          order.invoice = { kind: "asked", asked_at: now(), expected: { from: "2026-11-27", to: "2026-12-04", certain: true } };
          break;
        case "invoice_not_asked":
          order.invoice = { kind: "possible", better_after: null };
          break;
        case "number":
          if (note.number !== "" && !/^DD\d{10,30}$/.test(note.number.trim())) throw refusal("order_number_invalid");
          order.number = note.number.trim() || null;
      }
      touch(id, "purchase");
      return view(account);
    },
  };
}
