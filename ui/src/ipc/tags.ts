// Query keys by tag. A read names the tag it depends on; the host says which tags changed; nothing polls.
import type { QueryClient } from "@tanstack/vue-query";

import type { Changed, Tag, WhatIf } from "./bindings";
import type { Host } from "./client";

/** `[tag, account, …]`: the tag first, so that a change of the tag finds every read of it. */
export const queryKeys = {
  app: () => ["app", null] as const,
  wizard: (account: string) => ["wizard", account] as const,
  usage: (account: string) => ["usage", account] as const,
  usageCurve: (account: string) => ["usage", account, "curve"] as const,
  packs: (account: string, monthlyCalls: number | null) => ["usage", account, "packs", monthlyCalls] as const,
  plans: (account: string, whatIf: WhatIf) => ["usage", account, "plans", whatIf] as const,
  purchase: (account: string) => ["purchase", account] as const,
  orders: (account: string) => ["orders", account] as const,
  memberCard: (account: string) => ["member_card", account] as const,
  providers: () => ["bulk", null, "providers"] as const,
  /** Asked from WeChat over the network: on request, and not for every allocation that is told. */
  bulkOrders: (provider: string) => ["bulk_orders", null, provider] as const,
  allocations: (provider: string) => ["bulk", null, "allocations", provider] as const,
  consoles: () => ["console", null] as const,
  /** The overview shows something of everything. */
  overview: (account: string) => ["overview", account] as const,
  /** One line of each. */
  accounts: () => ["accounts", null] as const,
  syncAll: () => ["sync", null] as const,
  /** Names and states of all accounts, and the proxy. */
  settings: () => ["settings", null] as const,
  priceList: (day: string | null) => ["price_list", null, day] as const,
  summary: (account: string) => ["wizard", account, "summary"] as const,
};

/** Reads that mix several tags. */
const MIXED: Record<string, readonly Tag[]> = {
  settings: ["app", "wizard", "member_card"],
  // What an order has used, and when the quota before it ends, comes from usage.
  orders: ["purchase", "usage", "practice"],
  overview: ["wizard", "usage", "purchase", "member_card", "practice", "reminder"],
  accounts: ["app", "wizard", "usage", "member_card", "practice", "outlooks"],
};

export function concerns(key: readonly unknown[], changed: Changed): boolean {
  const [head, account] = key;
  if (typeof head !== "string") return false;
  const tags: readonly string[] = MIXED[head] ?? [head];
  // A purchase is part of the wizard's answer, and practice's clock moves every figure.
  const hit = changed.tags.some(
    (tag) =>
      tags.includes(tag) ||
      (tag === "purchase" && (head === "wizard" || head === "usage")) ||
      (tag === "practice" && (head === "app" || head === "usage")),
  );
  return hit && (changed.account === null || account === null || account === changed.account);
}

/** Listens for the life of the app and refetches what a change concerns. */
export function refetchOnChange(host: Host, client: QueryClient): Promise<() => void> {
  return host.onChanged((changed) => {
    void client.invalidateQueries({ predicate: (query) => concerns(query.queryKey, changed) });
  });
}
