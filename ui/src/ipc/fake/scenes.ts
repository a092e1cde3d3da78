// Every page in every state it can be looked at in: `?page=packs&state=waiting`, and `?page=packs` as a shop usually
// finds it. tests/e2e/looks takes their pictures.
import { STEPS, type PurchaseState, type Step } from "../bindings";
import { STARTUP_CODES } from "../errors";
import type { FakeControl } from "../fake";
import { fillBulk } from "./bulk";
import type { Method } from "./context";
import { everyOrder } from "./orders";
import { connectCard, fillAccounts, sendSome, walkTo } from "./shops";
import { beijing, later, MINI_PROGRAMS, refusal, type FakeAccount, type FakeWorld } from "./world";

interface Page {
  /** Where it is; nothing where the app opens there by itself. */
  path?: (state: string) => string;
  /** Each makes the world so, before the app asks for anything. */
  states: Record<string, (control: FakeControl) => void>;
}

/** Something about a shop, or about how it is answered. */
type Fact = (account: FakeAccount, world: FakeWorld, control: FakeControl) => unknown;

/** A shop that finished the wizard, and what is special about it. */
const shop =
  (...facts: Fact[]) =>
  (control: FakeControl) => {
    const account = walkTo(control.world, "done", true);
    for (const fact of facts) fact(account, control.world, control);
  };

const has = (facts: Partial<FakeAccount>): Fact => (account) => Object.assign(account, facts);
/** These questions are never answered. */
const waits = (...methods: Method[]): Fact => (_account, _world, control) => methods.forEach((method) => control.hold(method));
/** This question is refused each time. */
const fails = (...refused: Parameters<FakeControl["failAlways"]>): Fact => (_account, _world, control) => control.failAlways(...refused);

/** What was read last is of the day before yesterday. */
const stale: Fact = (account, world) => Object.assign(account, { readAt: beijing(later(world.now, -2)), stale: true });
const offline: Fact = (account, world, control) => {
  stale(account, world, control);
  account.syncError = refusal("unreachable", { host: "api.weixin.qq.com" });
};
const staleCard: Fact = (account, world) => Object.assign(account, { cardReadAt: beijing(later(world.now, -2)), cardStale: true });
const ordered: Fact = (account, world) => (account.orders = everyOrder(world));
const charged: Fact = has({ days: 60, cardConnected: true });
const billed = (bill: Partial<FakeWorld["bill"]>): Fact => (_account, world) => Object.assign(world.bill, bill);
const provider: Fact = (_account, world) => fillBulk(world);

const buys = (state: PurchaseState): Fact => (account, world) => {
  const handed = state === "picked" ? null : beijing(world.now);
  if (account.purchase) account.purchase = { ...account.purchase, state, handed_over_at: handed, arrived_at: null };
};

/** Other mini-programs of the same shop: one that is being set up, one that was put aside. */
const others: Fact = (account, world) => {
  account.cardConnected = true;
  walkTo(world, "connect").name = MINI_PROGRAMS[1] ?? "";
  Object.assign(walkTo(world, "way"), { name: MINI_PROGRAMS[2], environment: "live", archivedAt: beijing(world.now) });
  world.active = account.id;
};

const SETTINGS = ["general", "accounts", "prices", "about"];

export const SCENES: Record<string, Page> = {
  wizard: {
    states: {
      "": () => undefined,
      ...Object.fromEntries(STEPS.slice(1).map((step: Step) => [step, ({ world }: FakeControl) => void walkTo(world, step)])),
    },
  },
  overview: {
    path: () => "/overview",
    states: {
      "": shop(),
      empty: shop(has({ source: null })),
      stale: shop(stale),
      offline: shop(offline),
      error: shop(fails("getOverview", "disk_failed")),
      // The app waits for its first page; of several mini-programs this one comes second.
      loading: shop(others, waits("getOverview")),
    },
  },
  accounts: {
    path: () => "/accounts",
    states: {
      "": ({ world }) => fillAccounts(world, 12),
      many: ({ world }) => fillAccounts(world, 1000),
      offline: (control) => {
        fillAccounts(control.world, 12);
        for (const account of control.world.accounts) if (account.source) offline(account, control.world, control);
      },
      error: (control) => {
        fillAccounts(control.world, 12);
        control.failAlways("getAccounts", "disk_failed");
      },
    },
  },
  usage: {
    path: () => "/usage",
    states: {
      "": shop(has({ days: 320 })),
      new: shop(),
      empty: shop(has({ source: null })),
      stale: shop(has({ days: 320 }), stale),
      offline: shop(has({ days: 320 }), offline),
      error: shop(fails("getUsage", "disk_failed")),
      loading: shop(waits("getUsage", "getUsageCurve")),
    },
  },
  packs: {
    path: () => "/packs",
    states: {
      "": shop(),
      buy: shop(has({ way: { way: "authorized", monthly_calls: 800 }, used: 900, bought: [] })),
      picked: shop(buys("picked")),
      waiting: shop(buys("waiting")),
      given_up: shop(buys("given_up")),
      empty: shop(has({ source: null })),
      stale: shop(stale),
      error: shop(fails("comparePlans", "disk_failed")),
      loading: shop(waits("getPacks", "comparePlans")),
    },
  },
  orders: {
    path: () => "/orders",
    states: {
      "": shop(ordered),
      empty: shop(has({ orders: [] })),
      stale: shop(ordered, stale),
      error: shop(fails("getOrders", "disk_failed")),
      loading: shop(waits("getOrders")),
    },
  },
  member_card: {
    path: () => "/member_card",
    states: {
      "": shop(connectCard),
      empty: shop(),
      dry: shop(connectCard, has({ used: 1000, bought: [] })),
      no_cards: shop(connectCard, has({ cardsLeft: 0 })),
      bare: shop(has({ cardConnected: true, signUpsCounted: false, way: null })),
      // The page reads when it opens: figures are old only while that takes, or when it fails.
      stale: shop(connectCard, staleCard, waits("syncMemberCard")),
      offline: shop(connectCard, staleCard, fails("syncMemberCard", "unreachable", { host: "card.example" })),
      error: shop(fails("getMemberCard", "disk_failed")),
      loading: shop(waits("getMemberCard")),
    },
  },
  bulk: {
    path: () => "/bulk",
    states: {
      "": shop(provider, (_account, world) => sendSome(world)),
      many: shop((_account, world) => fillBulk(world, 1000)),
      empty: shop(),
      error: shop(fails("getProviders", "disk_failed")),
      offline: shop(provider, fails("getBulkOrders", "unreachable", { host: "api.weixin.qq.com" })),
      loading: shop(provider, waits("getBulkOrders")),
    },
  },
  bill: {
    path: () => "/bill",
    states: {
      "": shop(charged),
      file: shop(has({ days: 60 })),
      explained: shop(charged, billed({ missing: 0 })),
      agrees: shop(charged, billed({ missing: 0, extra: false })),
      empty: shop(),
      stale: shop(charged, stale),
      error: shop(charged, fails("getUsageCurve", "disk_failed")),
      offline: shop(charged, fails("compareBillPlatform", "unreachable", { host: "card.example" })),
      loading: shop(charged, waits("compareBillPlatform")),
    },
  },
  settings: {
    path: (state) => `/settings?tab=${SETTINGS.includes(state) ? state : "general"}`,
    states: {
      ...Object.fromEntries(["", ...SETTINGS].map((tab) => [tab, shop(others)])),
      error: shop(others, fails("getSettings", "disk_failed")),
      loading: shop(others, waits("getSettings")),
    },
  },
  guide: { path: () => "/guide", states: { "": shop() } },
  gallery: { path: () => "/gallery", states: { "": shop() } },
  failed: {
    states: Object.fromEntries(
      STARTUP_CODES.map((code) => [code, ({ world }: FakeControl) => void (world.startupError = code)]),
    ),
  },
};
