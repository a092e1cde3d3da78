// Every page in every state it can be looked at in: `?page=packs&state=waiting`, and `?page=packs` as a shop usually
// finds it. tests/e2e/looks takes their pictures.
import { STEPS } from "@/ipc/bindings";
import { STARTUP_CODES } from "@/ipc/errors";

import { recorded, type Look, type Method, type RecordedHost } from "./recorded";

interface Scene {
  /** What was recorded. */
  of: string;
  /** What is different from it. */
  change?: (host: RecordedHost) => unknown;
}

interface Page {
  /** Where it is; nothing where the app opens there by itself. */
  path?: (state: string) => string;
  states: Record<string, Scene>;
}

/** These questions are never answered. */
const waits = (of: string, ...methods: Method[]): Scene => ({ of, change: ({ hold }) => methods.forEach((method) => void hold(method)) });
/** This question is refused each time. */
const fails = (of: string, method: Method, ...why: Parameters<RecordedHost["refuseAlways"]> extends [Method, ...infer Why] ? Why : never): Scene => ({
  of,
  change: ({ refuseAlways }) => refuseAlways(method, ...why),
});
/** The page reads the card when it opens, and finds what is known. */
const card = (of: string, change?: Scene["change"]): Scene => ({
  of,
  change(host) {
    change?.(host);
    host.answer("syncMemberCard", host.read("getMemberCard"));
  },
});
/** What a file lacks, the records of the platform can lack, too. */
const missing: Scene = {
  of: "bill.missing",
  change: ({ read, answer }) => answer("compareBillPlatform", { ...read("compareBillFile"), source: { kind: "member_card" } }),
};

const SETTINGS = ["general", "accounts", "prices", "backups", "privacy", "about"];
const CARD_AWAY = { host: "card.example" };

export const SCENES: Record<string, Page> = {
  wizard: {
    states: {
      "": { of: "wizard" },
      ...Object.fromEntries(STEPS.slice(1).map((step) => [step, { of: `wizard.${step}` }])),
      game: { of: "game.connect" },
    },
  },
  overview: {
    path: () => "/overview",
    states: {
      "": { of: "shop" },
      empty: { of: "shop.empty" },
      stale: { of: "shop.stale" },
      offline: { of: "shop.offline" },
      game: { of: "game" },
      error: fails("shop", "getOverview", "disk_failed"),
      // The app waits for its first page; of several mini-programs this one comes second.
      loading: waits("settings", "getOverview"),
    },
  },
  accounts: {
    path: () => "/accounts",
    states: {
      "": { of: "accounts" },
      offline: { of: "accounts.offline" },
      many: { of: "three.added", change: (host) => host.answer("getAdding", { running: true }) },
      error: fails("accounts", "getAccounts", "disk_failed"),
    },
  },
  usage: {
    path: () => "/usage",
    states: {
      "": { of: "usage" },
      new: { of: "shop" },
      empty: { of: "shop.empty" },
      stale: { of: "usage.stale" },
      offline: { of: "usage.offline" },
      error: fails("shop", "getUsage", "disk_failed"),
      loading: waits("shop", "getUsage", "getUsageCurve"),
    },
  },
  packs: {
    path: () => "/packs",
    states: {
      "": { of: "shop" },
      ...Object.fromEntries(["buy", "picked", "waiting", "given_up"].map((state) => [state, { of: `packs.${state}` }])),
      empty: { of: "shop.empty" },
      stale: { of: "shop.stale" },
      error: fails("shop", "comparePlans", "disk_failed"),
      loading: waits("shop", "getPacks", "comparePlans"),
    },
  },
  orders: {
    path: () => "/orders",
    states: {
      "": { of: "orders" },
      empty: { of: "shop.empty" },
      stale: { of: "shop.stale" },
      error: fails("shop", "getOrders", "disk_failed"),
      loading: waits("shop", "getOrders"),
    },
  },
  member_card: {
    path: () => "/member_card",
    states: {
      "": card("member_card"),
      empty: { of: "shop" },
      dry: card("member_card.dry"),
      no_cards: card("member_card", ({ read, answer }) => answer("getMemberCard", { seen: { ...read("getMemberCard").seen, cards_dry: true } })),
      guarded: card("guard.acted"),
      bare: card("member_card.connected", ({ answer }) => answer("getMemberCard", { sign_ups: null, costs: null })),
      // The page reads when it opens: figures are old only while that takes, or when it fails.
      stale: waits("member_card.stale", "syncMemberCard"),
      offline: fails("member_card.stale", "syncMemberCard", "unreachable", CARD_AWAY),
      error: fails("shop", "getMemberCard", "disk_failed"),
      loading: waits("shop", "getMemberCard"),
    },
  },
  bulk: {
    path: () => "/bulk",
    states: {
      "": { of: "bulk.sent" },
      empty: { of: "shop" },
      error: fails("shop", "getProviders", "disk_failed"),
      offline: fails("bulk", "getBulkOrders", "unreachable", { host: "api.weixin.qq.com" }),
      loading: waits("bulk", "getBulkOrders"),
    },
  },
  bill: {
    path: () => "/bill",
    states: {
      "": missing,
      file: { of: "usage.days" },
      explained: { of: "bill.explained" },
      agrees: { of: "bill.agrees" },
      empty: { of: "shop" },
      stale: { of: "bill.stale" },
      error: fails("bill.explained", "getUsageCurve", "disk_failed"),
      offline: fails("bill.explained", "compareBillPlatform", "unreachable", CARD_AWAY),
      loading: waits("bill.explained", "compareBillPlatform"),
    },
  },
  inbox: {
    path: () => "/inbox",
    states: {
      "": { of: "inbox" },
      seen: { of: "inbox.seen" },
      empty: { of: "shop", change: ({ answer }) => answer("getInbox", { items: [], unread: 0 }) },
      error: fails("inbox", "getInbox", "disk_failed"),
      loading: waits("inbox", "getInbox"),
    },
  },
  settings: {
    path: (state) => `/settings?tab=${SETTINGS.find((tab) => state.split(".")[0] === tab) ?? "general"}`,
    states: {
      ...Object.fromEntries(["", ...SETTINGS].map((tab) => [tab, { of: "settings" }])),
      error: fails("settings", "getSettings", "disk_failed"),
      channels: { of: "channels" },
      "backups.error": fails("settings", "getBackups", "disk_failed"),
      loading: waits("settings", "getSettings"),
    },
  },
  guide: { path: () => "/guide", states: { "": { of: "shop" } } },
  gallery: { path: () => "/gallery", states: { "": { of: "shop" } } },
  failed: { states: Object.fromEntries(STARTUP_CODES.map((code) => [code, fails("wizard", "getApp", code)])) },
};

/** One of a few things, by its name; the error of a wrong name lists those that there are. */
function named<T>(all: Record<string, T>, name: string): T {
  const found = all[name];
  if (!found) throw new Error(`there is no "${name}", only: ${Object.keys(all).map((one) => `"${one}"`).join(", ")}`);
  return found;
}

/** The host of a scene, and where its page is. */
export async function openScene(page: string, state: string, look: Look = {}): Promise<{ host: RecordedHost; path?: string | undefined }> {
  const { path, states } = named(SCENES, page);
  const { of, change } = named(states, state);
  const host = await recorded(of, look);
  await change?.(host);
  return { host, path: path?.(state) };
}
