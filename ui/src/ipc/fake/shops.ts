// Shops that came so far, for tests and for looking at pages in a browser.
import { STEPS, type ModeChangeView, type Step } from "../bindings";
import { newOrder } from "./orders";
import { decide } from "./views";
import { beijing, later, MINI_PROGRAMS, newAccount, pickedPurchase, refusal, type FakeAccount, type FakeWorld } from "./world";

/** Answers every step before `step` as an enterprise in catering would. */
export function walkTo(world: FakeWorld, step: Step, finished = false): FakeAccount {
  const account = newAccount(world, "practice", MINI_PROGRAMS[0] ?? "");
  world.accounts.push(account);
  world.active = account.id;
  account.at = step;
  const past = (other: Step) => STEPS.indexOf(step) > STEPS.indexOf(other) || finished;
  const now = beijing(world.now);
  if (past("eligibility")) {
    const decision = decide("enterprise", "catering", true);
    account.eligibility = { subject: "enterprise", category: "catering", verified: true, decision };
  }
  if (past("way")) account.way = { way: "authorized", monthly_calls: 50 };
  if (past("login")) {
    account.email = "shop@example.com";
    account.password = "Kf7-mQ2x-Wd9-1001";
    account.loginConfirmed = true;
  }
  if (past("console")) account.signedInAt = now;
  if (past("connect")) {
    account.source = "app_secret";
    account.appId = "wx0123456789abcdef";
    account.connectedAt = now;
    account.readAt = now;
  }
  account.usageSeen = past("usage");
  if (past("pack")) buy(world, account);
  if (past("payment")) receive(world, account);
  if (past("mode")) account.modeKept = "authorized";
  if (finished) account.finishedAt = now;
  return account;
}

function buy(world: FakeWorld, account: FakeAccount): void {
  account.decided = "pack";
  account.purchase = pickedPurchase(world, "purchase-0", { pack: "quick-1000-365", calls: 1000, days: 365, price: "30.00" });
}

function receive(world: FakeWorld, account: FakeAccount): void {
  const at = beijing(world.now);
  const expires = beijing(later(world.now, 365));
  account.bought.push({
    id: "pkg-20261121",
    source: "paid",
    state: "in_effect",
    ended: null,
    total: 1000,
    used: 0,
    remaining: 1000,
    effective_at: at,
    expires_at: expires,
    wasted: 180,
  });
  if (!account.purchase) return;
  account.orders.push(newOrder(world, { id: account.purchase.id, lot: "pkg-20261121" }));
  account.purchase = {
    ...account.purchase,
    state: "arrived",
    handed_over_at: at,
    arrived_at: at,
    lot: "pkg-20261121",
    effective_at: at,
    expires_at: expires,
    refundable_until: beijing(later(world.now, 7)),
    last_checked: at,
  };
}

/** So many shops in every state, each with a name, an AppID and figures of its own. */
export function fillAccounts(world: FakeWorld, many: number): void {
  const towns = ["晋中", "太原", "平遥", "大同", "临汾", "运城", "长治", "阳泉"];
  const trades = ["小馆", "面庄", "书店", "药房", "烘焙", "花店", "美发", "超市"];
  for (let shop = 0; shop < many; shop += 1) {
    const account = walkTo(world, shop % 17 === 3 ? "connect" : "done", shop % 17 !== 3);
    account.name = `${towns[shop % 8] ?? ""}${trades[Math.floor(shop / 8) % 8] ?? ""}${shop + 1} 号店`;
    account.environment = shop % 5 === 0 ? "practice" : "live";
    account.appId = account.source && `wx${((shop + 1) * 0x9e3779b1).toString(16).padStart(16, "0").slice(-16)}`;
    account.used = (shop * 379) % 1000;
    if (shop % 3 !== 0) Object.assign(account, { bought: [], purchase: null, orders: [] });
    if (shop % 41 === 7) account.used = 1000;
    if (shop % 23 === 5) account.used = 995;
    if (shop % 29 === 11) Object.assign(account, { stale: true, syncError: refusal("app_secret_wrong", { errcode: "40125" }) });
    if (shop % 53 === 19) account.eligibility = { subject: "government", category: "other", verified: true, decision: decide("government", "other", true) };
    if (shop % 61 === 9) account.archivedAt = beijing(world.now);
  }
  world.active = "account-1";
}

/** Allocations of the bulk order, one in each state. */
export function sendSome(world: FakeWorld): void {
  const soon = world.bulk.shares.filter((share) => share.kind === "allocate" && share.app_id);
  world.bulk.allocations = soon.map((share, place) => ({
    id: `allocation-${place}`,
    order: "DD1",
    sku: "20000178",
    receiver_app_id: share.app_id ?? "",
    receiver_name: share.name,
    state: (["done", "failed", "accepted", "open"] as const)[place % 4] ?? "done",
    asked_at: beijing(world.now),
    code: place % 4 === 1 ? "no_relationship" : null,
    held: false,
    cancel_until: place % 4 === 0 ? beijing(later(world.now, 7)) : null,
  }));
}

/** The platform is connected, and the mode was changed in every way it can be. */
export function connectCard(account: FakeAccount, world: FakeWorld): void {
  account.cardConnected = true;
  const change = (id: string, ago: number, over: Partial<ModeChangeView>): ModeChangeView => ({
    id,
    from: "authorized",
    to: "manual",
    by: "person",
    why: null,
    state: "confirmed",
    asked_at: beijing(later(world.now, -ago)),
    confirmed_at: beijing(later(world.now, -ago)),
    ...over,
  });
  account.history = [
    change("h-4", 3, { from: "manual", to: "authorized", why: "taken_back" }),
    change("h-3", 3.001, { why: "chosen" }),
    change("h-2", 20, { state: "failed", confirmed_at: null }),
    change("h-1", 41, { from: "manual", to: "authorized", by: "elsewhere" }),
  ];
}
