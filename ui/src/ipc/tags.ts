// What is fetched again, and when: after a command, what it changes; when the host says so, what changed in the
// background. Which read depends on which tag stands in the table of commands; nothing polls.
import type { QueryClient } from "@tanstack/vue-query";

import type { Tag } from "./bindings";
import { CHANGES, DEPENDS, type Call, type Host } from "./client";

/** What the host says that changed, or what a command changes: its arguments are only compared. */
interface Change {
  readonly account: string | null;
  readonly tags: readonly Tag[];
}

export function concerns(key: readonly unknown[], changed: Change): boolean {
  const [command, args] = key as [string, { account?: string } | undefined];
  const hit = changed.tags.some((tag) => DEPENDS[command]?.includes(tag));
  return hit && (changed.account === null || args?.account === undefined || args.account === changed.account);
}

/** Resolves when what is on screen is fresh again. */
const refetch = (client: QueryClient, changed: Change) =>
  client.invalidateQueries({ predicate: (query) => concerns(query.queryKey, changed) });

/** A command that changes something is done when the pages show it. */
export const refreshing =
  (call: Call, client: QueryClient): Call =>
  async (command, args) => {
    const tags = CHANGES[command];
    if (!tags) return call(command, args);
    try {
      return await call(command, args);
    } finally {
      await refetch(client, { account: typeof args.account === "string" ? args.account : null, tags });
    }
  };

/** Listens for the life of the app. */
export function refetchOnChange(host: Host, client: QueryClient): Promise<() => void> {
  return host.onChanged((changed) => void refetch(client, changed));
}
