// The in-memory host: usage, packs and the purchase.
import type { PurchaseView } from "../bindings";
import type { Context, Part } from "./context";
import { curveView } from "./curve";
import { newOrder } from "./orders";
import { plansView } from "./plans";
import * as views from "./views";
import { advice, beijing, later, packs, pickedPurchase, refusal, type FakeAccount, type FakeWorld } from "./world";

export function usageMethods({
  world,
  find,
  wizard,
  touch,
  now,
}: Context): Part<
  | "connectAppSecret"
  | "connectMemberCardUsage"
  | "connectTypedIn"
  | "getUsage"
  | "getUsageCurve"
  | "syncUsage"
  | "confirmUsageSeen"
> {
  const connect = (account: FakeAccount, source: FakeAccount["source"], appId: string | null) => {
    account.source = source;
    account.appId = appId;
    account.connectedAt = now();
    account.readAt = now();
    touch(account.id, "usage");
    return wizard(account);
  };
  return {
    async connectAppSecret(id, appId, appSecret) {
      if (!/^wx[0-9a-z]{16}$/.test(appId)) throw refusal("app_id_invalid");
      if (!/^[0-9a-z]{32}$/.test(appSecret)) throw refusal("app_secret_invalid");
      return connect(find(id), "app_secret", appId);
    },
    async connectMemberCardUsage(id, accessKey) {
      if (accessKey.trim().length < 8) throw refusal("member_card_key_wrong");
      const account = find(id);
      account.cardConnected = true;
      return connect(account, "member_card", "wx0123456789abcdef");
    },
    async connectTypedIn(id, figures) {
      if (figures.used + figures.remaining !== figures.total) throw refusal("figures_invalid");
      const account = find(id);
      account.used = figures.used;
      account.trialTotal = figures.total;
      return connect(account, "typed_in", null);
    },
    async getUsage(id) {
      return views.usageView(world, find(id));
    },
    async getUsageCurve(id) {
      return curveView(world, find(id));
    },
    async syncUsage(id) {
      const account = find(id);
      account.readAt = now();
      account.stale = false;
      account.syncError = null;
      const usage = views.usageView(world, account);
      if (!usage) throw refusal("no_usage_yet");
      touch(id, "usage");
      return usage;
    },
    async confirmUsageSeen(id) {
      const account = find(id);
      account.usageSeen = true;
      return wizard(account);
    },
  };
}

/** The picked pack shows up in the usage interface as a lot of its own. */
export function arrive(world: FakeWorld, account: FakeAccount): void {
  const bought = account.purchase;
  if (!bought || bought.state !== "waiting") return;
  const at = beijing(world.now);
  const expires = beijing(later(world.now, bought.days));
  account.bought.push({
    id: "pkg-20261121",
    source: "paid",
    state: "in_effect",
    ended: null,
    total: bought.calls,
    used: 0,
    remaining: bought.calls,
    effective_at: at,
    expires_at: expires,
    wasted: null,
  });
  account.purchase = {
    ...bought,
    state: "arrived",
    arrived_at: at,
    lot: "pkg-20261121",
    effective_at: at,
    expires_at: expires,
    refundable_until: beijing(later(world.now, 7)),
    last_checked: at,
  };
  account.orders.unshift(newOrder(world, { id: bought.id, lot: "pkg-20261121", calls: bought.calls, amount: bought.price }));
}

export function purchaseMethods({
  world,
  find,
  wizard,
  touch,
  now,
}: Context): Part<
  | "getPacks"
  | "comparePlans"
  | "getPurchase"
  | "pickPack"
  | "buyNothing"
  | "beginPurchase"
  | "checkArrival"
  | "giveUpPurchase"
  | "resumePurchase"
> {
  const open = (account: FakeAccount): PurchaseView => {
    if (!account.purchase) throw refusal("not_found");
    return account.purchase;
  };
  return {
    async getPacks(id, monthlyCalls) {
      const account = find(id);
      if (!account.source) throw refusal("no_usage_yet");
      const monthly = monthlyCalls ?? account.way?.monthly_calls ?? 50;
      const remaining = views.remainingOf(account);
      return {
        monthly_calls: monthly,
        monthly_is_estimate: monthlyCalls === null,
        average: views.usageView(world, account)?.average ?? null,
        remaining,
        ends_by_expiry: false,
        advice: advice(world, monthly, remaining),
        packs: packs(monthly),
      };
    },
    async comparePlans(id, whatIf) {
      const account = find(id);
      if (!account.source) throw refusal("no_usage_yet");
      return plansView(world, account, whatIf, views.remainingOf(account));
    },
    async getPurchase(id) {
      return find(id).purchase;
    },
    async pickPack(id, pack) {
      const account = find(id);
      const picked = packs(50).find((view) => view.id === pack);
      if (!picked) throw refusal("pack_unknown");
      if (account.purchase?.state === "waiting") throw refusal("purchase_open");
      account.decided = "pack";
      const { calls, days, price } = picked;
      account.purchase = pickedPurchase(world, `purchase-${world.nextId++}`, { pack, calls, days, price });
      return wizard(account);
    },
    async buyNothing(id) {
      const account = find(id);
      if (account.purchase?.state === "waiting") throw refusal("purchase_open");
      account.decided = "nothing";
      account.purchase = null;
      return wizard(account);
    },
    async beginPurchase(id) {
      const account = find(id);
      account.purchase = { ...open(account), state: "waiting", handed_over_at: now(), last_checked: now() };
      world.opened.push("console:buy");
      touch(id, "purchase");
      return account.purchase;
    },
    async checkArrival(id) {
      const account = find(id);
      account.purchase = { ...open(account), last_checked: now() };
      return account.purchase;
    },
    async giveUpPurchase(id) {
      const account = find(id);
      account.purchase = { ...open(account), state: "given_up" };
      account.decided = null;
      touch(id, "purchase");
      return wizard(account);
    },
    async resumePurchase(id) {
      const account = find(id);
      const purchase = open(account);
      if (purchase.state !== "given_up") throw refusal("not_found");
      account.decided = "pack";
      account.purchase = { ...purchase, state: purchase.handed_over_at ? "waiting" : "picked" };
      touch(id, "purchase");
      return account.purchase;
    },
  };
}
