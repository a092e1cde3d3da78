import type { AppView } from "@/ipc/bindings";

/** No account: a new wizard. The active account's wizard unfinished: on with it. Else the overview. */
export function startPath(app: AppView): string {
  const active = app.accounts.find((account) => account.id === app.active) ?? app.accounts[0];
  if (!active) return "/wizard";
  return active.wizard_at === null ? "/overview" : `/wizard/${active.id}`;
}
