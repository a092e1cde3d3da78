// Opens the first page, and fetches its data while its code loads: the first frame already shows figures.
import type { QueryClient } from "@tanstack/vue-query";
import type { Router } from "vue-router";

import { loadStep } from "@/features/wizard/steps";
import type { AppView } from "@/ipc/bindings";
import { reads, type Host } from "@/ipc/client";
import { PAGE_NAMES, pagePath } from "@/layout/pages";
import { activeAccount, firstPath } from "@/layout/startPath";

/** The page that the window was opened for, from the tray or by a start with an argument. */
export function askedPath(): string | undefined {
  const asked = new URLSearchParams(window.location.search).get("open");
  const page = PAGE_NAMES.find((name) => name === asked);
  return page && pagePath(page);
}

/** Errors: none; a host that could not start has an error page. */
export async function goToFirstPage(host: Host, client: QueryClient, router: Router): Promise<void> {
  const ask = reads(host);
  await client.prefetchQuery(ask.getApp());
  const app = client.getQueryData<AppView>(ask.getApp().queryKey);
  const account = app && activeAccount(app);
  const path = app ? (askedPath() ?? firstPath(app)) : "/failed";
  await Promise.all([
    router.replace(path),
    path === "/accounts" && client.prefetchQuery(ask.getAccounts()),
    path === "/overview" && account && client.prefetchQuery(ask.getOverview(account.id)),
    account?.wizard_at && client.prefetchQuery(ask.getWizard(account.id)),
    path.startsWith("/wizard") && loadStep(account?.wizard_at ?? "welcome"),
  ]);
}
