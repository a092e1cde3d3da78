// A page about one mini-program has nothing to show without; then the wizard comes first.
import type { QueryClient } from "@tanstack/vue-query";
import type { Router } from "vue-router";

import { reads, type Host } from "@/ipc/client";

export function guard(host: Host, client: QueryClient, router: Router): void {
  router.beforeEach(async (to) => {
    if (!to.meta.aboutOne) return true;
    const app = await client.ensureQueryData(reads(host).getApp()).catch(() => null);
    if (!app) return "/failed";
    return app.accounts.length > 0 || "/wizard";
  });
}
