// Opens the first page, and fetches its data while its code loads: the first frame already shows figures.
import type { QueryClient } from "@tanstack/vue-query";
import type { Router } from "vue-router";

import { loadStep } from "@/features/wizard/steps";
import type { Host } from "@/ipc/client";
import { accountsQuery, appQuery, overviewQuery, wizardQuery } from "@/ipc/queries";
import { activeAccount, firstPath } from "@/layout/startPath";

/** Errors: none; a host that could not start has an error page. */
export async function goToFirstPage(host: Host, client: QueryClient, router: Router): Promise<void> {
  const question = appQuery(host);
  await client.prefetchQuery(question);
  const app = client.getQueryData(question.queryKey);
  const account = app && activeAccount(app);
  const path = app ? firstPath(app) : "/failed";
  await Promise.all([
    router.replace(path),
    path === "/accounts" && client.prefetchQuery(accountsQuery(host)),
    path === "/overview" && account && client.prefetchQuery(overviewQuery(host, account.id)),
    account?.wizard_at && client.prefetchQuery(wizardQuery(host, account.id)),
    path.startsWith("/wizard") && loadStep(account?.wizard_at ?? "welcome"),
  ]);
}
