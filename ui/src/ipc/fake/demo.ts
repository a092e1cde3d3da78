// The in-memory host for looking at pages in a browser. `?step=way&lang=en&theme=dark` opens a page as it would be
// for a shop that came so far, `?page=member_card&state=dry` a page in one of its states; without either the app opens as
// on its first day. `&now=` stops the clock. Not part of a release bundle.
import { STEPS, type ErrorCode, type Language, type ModeChangeView, type Step, type Theme } from "../bindings";
import { createFakeHost, type FakeHost } from "../fake";
import { everyOrder, newOrder } from "./orders";
import { fillBulk } from "./bulk";
import { decide } from "./views";
import { beijing, later, MINI_PROGRAMS, newAccount, refusal, type FakeAccount, type FakeWorld } from "./world";

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
  account.purchase = {
    id: "purchase-0",
    pack: "quick-1000-365",
    calls: 1000,
    days: 365,
    price: "30.00",
    state: "picked",
    picked_at: beijing(world.now),
    handed_over_at: null,
    arrived_at: null,
    lot: null,
    arrived_calls: null,
    effective_at: null,
    expires_at: null,
    refundable_until: null,
    last_checked: null,
  };
}

function receive(world: FakeWorld, account: FakeAccount): void {
  const at = beijing(world.now);
  const expires = beijing(later(world.now, 365));
  account.bought.push({
    id: "pkg-20261121",
    source: "paid",
    state: "in_effect",
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

/** What `?state=` means on a page. */
const STATES: Record<string, Record<string, (account: FakeAccount, world: FakeWorld) => void>> = {
  bill: {
    "": (account) => Object.assign(account, { days: 60, cardConnected: true }),
    file: (account) => (account.days = 60),
    explained: (account, world) => {
      Object.assign(account, { days: 60, cardConnected: true });
      world.bill.unaccounted = 0;
    },
    agrees: (account, world) => {
      Object.assign(account, { days: 60, cardConnected: true });
      Object.assign(world.bill, { unaccounted: 0, extra: false });
    },
    no_days: () => undefined,
    stale: (account) => Object.assign(account, { days: 60, cardConnected: true, stale: true }),
  },
  bulk: {
    "": (_, world) => {
      fillBulk(world);
      sendSome(world);
    },
    empty: () => undefined,
    many: (_, world) => fillBulk(world, 1000),
  },
  member_card: {
    "": (account, world) => connectCard(account, world),
    empty: () => undefined,
    dry: (account, world) => {
      connectCard(account, world);
      account.used = account.trialTotal;
      account.bought = [];
    },
    no_cards: (account, world) => {
      connectCard(account, world);
      account.cardsLeft = 0;
    },
    bare: (account) => {
      account.cardConnected = true;
      account.signUpsCounted = false;
      account.way = null;
    },
  },
};

function sendSome(world: FakeWorld): void {
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
    cancel_until: place % 4 === 0 ? beijing(later(world.now, 7)) : null,
  }));
}

function connectCard(account: FakeAccount, world: FakeWorld): void {
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

/** Lets the page's clock stand at `now`, so that what it shows is the same on any day. */
function stopClock(now: string): void {
  window.Date = new Proxy(Date, {
    construct: (clock, given) => Reflect.construct(clock, given.length === 0 ? [now] : given) as Date,
    get: (clock, name) => (name === "now" ? () => clock.parse(now) : (Reflect.get(clock, name) as unknown)),
  });
}

export function createDemoHost(search = window.location.search): FakeHost {
  const asked = new URLSearchParams(search);
  const now = asked.get("now");
  if (now) stopClock(now);
  const step = asked.get("step") as Step | null;
  const page = asked.get("page");
  const host = createFakeHost((world) => {
    world.now = new Date();
    world.language = (asked.get("lang") as Language | null) ?? "zh";
    world.theme = (asked.get("theme") as Theme | null) ?? "light";
    world.startupError = asked.get("failed") as ErrorCode | null;
    if (asked.has("usage")) walkTo(world, "done", true).days = asked.get("usage") === "new" ? 0 : 320;
    else if (asked.has("overview")) {
      const account = walkTo(world, "done", true);
      if (asked.get("overview") === "stale") account.stale = true;
      if (asked.get("overview") === "empty") account.source = null;
    } else if (asked.has("settings")) {
      walkTo(world, "done", true).cardConnected = true;
      walkTo(world, "connect").name = MINI_PROGRAMS[1] ?? "";
      const aside = walkTo(world, "way");
      Object.assign(aside, { name: MINI_PROGRAMS[2], environment: "live", archivedAt: beijing(world.now) });
      const many = Number(asked.get("many") ?? 0);
      for (let shop = 1; shop <= many; shop += 1) walkTo(world, "done", true).name = `分店 ${shop} 号`;
      world.active = "account-1";
    } else if (asked.has("packs")) {
      const account = walkTo(world, "done", true);
      const state = asked.get("packs");
      if (state === "buy") Object.assign(account, { way: { way: "authorized", monthly_calls: 800 }, used: 900, bought: [] });
      if (state === "picked" || state === "waiting" || state === "given_up") {
        const handed = state === "picked" ? null : beijing(world.now);
        if (account.purchase) account.purchase = { ...account.purchase, state, handed_over_at: handed, arrived_at: null };
      }
      if (state === "none") account.source = null;
      if (state === "stale") account.stale = true;
    } else if (asked.has("orders")) {
      const account = walkTo(world, "done", true);
      account.orders = asked.get("orders") === "none" ? [] : everyOrder(world);
    } else if (page === "accounts") {
      fillAccounts(world, Number(asked.get("many") ?? 12));
    } else if (page) {
      const account = walkTo(world, "done", true);
      STATES[page]?.[asked.get("state") ?? ""]?.(account, world);
    } else if (step && step !== "welcome") walkTo(world, step);
  });
  // The app opens where a shop would begin; `?settings=prices` goes on from there.
  const tab = asked.get("settings");
  if (asked.has("gallery")) host.contentShown = async () => void (window.location.hash = "#/gallery");
  if (tab !== null) host.contentShown = async () => void (window.location.hash = `#/settings?tab=${tab}`);
  const plain = ["usage", "packs", "orders"].find((name) => asked.has(name));
  if (plain) host.contentShown = async () => void (window.location.hash = `#/${plain}`);
  // Once the first page stands, on to the one that was asked for.
  if (page) host.contentShown = async () => void (window.location.hash = `#/${page}`);
  // So that a person in the browser's console can play the other side: `companion.arrive("account-1")`.
  Object.assign(window, { companion: host.control });
  return host;
}
