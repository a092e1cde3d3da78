import type { AccountView, AppView } from "@/ipc/bindings";

/** The mini-program on screen: the chosen one, or the first. */
export function activeAccount(app: AppView): AccountView | undefined {
  return app.accounts.find((account) => account.id === app.active) ?? app.accounts[0];
}

/** The first page of a start: where one would go on, and with several mini-programs the page of them all. */
export function firstPath(app: AppView): string {
  return app.accounts.length > 1 ? "/accounts" : startPath(app);
}

/** No account: a new wizard. The active account's wizard unfinished: on with it. Else the overview. */
export function startPath(app: AppView): string {
  const active = activeAccount(app);
  if (!active) return "/wizard";
  return active.wizard_at === null ? "/overview" : `/wizard/${active.id}`;
}
