// The in-memory host: all mini-programs beside each other, and what is to be heard of again.
import type { AccountRow, Situation } from "../bindings";
import type { Context, Part } from "./context";
import { overviewView } from "./views";
import { beijing, refusal, type FakeAccount, type FakeWorld } from "./world";

const WORST_FIRST: readonly Situation[] = [
  "dry_used_up",
  "dry_expired",
  "ends_today",
  "ends_soon_by_use",
  "ends_soon_by_expiry",
  "cannot_read",
  "stale",
  "not_connected",
  "unknown",
  "dry_manual",
  "manual",
  "trial_enough",
  "enough",
  "lasts_long",
  "pays_nothing",
];

function row(world: FakeWorld, account: FakeAccount): AccountRow {
  const { name, environment, usage, mode, next_expiry, situation } = overviewView(world, account);
  const day = (at: string | null | undefined) => at?.slice(0, 10) ?? null;
  const daysUntil = (at: string | null | undefined) =>
    at ? Math.max(0, Math.round((new Date(at).getTime() - world.now.getTime()) / 86_400_000)) : null;
  const runOut = usage?.run_out?.value;
  const error = account.syncError?.code ?? null;
  return {
    id: account.id,
    name,
    environment,
    archived: account.archivedAt !== null,
    app_id: account.appId,
    wizard_at: account.finishedAt ? null : account.at,
    situation,
    days_left: daysUntil(runOut?.likely),
    remaining: usage?.remaining.value ?? null,
    earliest: day(runOut?.earliest),
    likely: day(runOut?.likely),
    latest: day(runOut?.latest),
    by_expiry: runOut?.by_expiry ?? false,
    next_expiry,
    mode: mode?.value ?? null,
    read_at: usage?.remaining.read_at ?? null,
    typed_in: account.source === "typed_in",
    stale: account.stale,
    error,
  };
}

export function accountMethods({
  world,
  find,
  touch,
}: Context): Part<"getAccounts" | "syncAll" | "getSyncAll" | "cancelSyncAll" | "setReminder"> {
  const rank = (one: AccountRow) => [Number(one.archived), WORST_FIRST.indexOf(one.situation.kind), one.days_left ?? Infinity] as const;
  const shown = () => world.accounts.filter((account) => !account.leaving);
  return {
    async getAccounts() {
      const rows = shown().map((account) => row(world, account));
      const worse = (a: AccountRow, b: AccountRow) => {
        const [x, y] = [rank(a), rank(b)];
        return x[0] - y[0] || x[1] - y[1] || x[2] - y[2];
      };
      return { accounts: rows.sort(worse), working_out: 0 };
    },
    async syncAll() {
      const due = shown().filter((account) => account.source && account.source !== "typed_in" && !account.archivedAt);
      for (const account of due) Object.assign(account, { readAt: beijing(world.now), stale: false, syncError: null });
      world.syncAll = { running: false, total: due.length, done: due.length, failed: 0, held_back: 0, cancelled: false };
      for (const account of due) touch(account.id, "usage", "sync");
      return world.syncAll;
    },
    async getSyncAll() {
      return { ...world.syncAll };
    },
    async cancelSyncAll() {
      if (world.syncAll.running) world.syncAll = { ...world.syncAll, running: false, cancelled: true };
      touch("", "sync");
    },
    async setReminder(id, day) {
      const account = find(id);
      if (day !== null && Number.isNaN(Date.parse(day))) throw refusal("figures_invalid");
      account.reminder = day;
      touch(id, "reminder");
      return overviewView(world, account);
    },
  };
}
