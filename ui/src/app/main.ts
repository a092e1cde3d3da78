import { QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { createApp } from "vue";
import { createRouter, createWebHashHistory } from "vue-router";

import type { AppView } from "@/ipc/bindings";
import type { Host } from "@/ipc/client";
import { provideHost } from "@/ipc/host";
import { queryKeys, refetchOnChange } from "@/ipc/tags";
import { createTauriHost } from "@/ipc/tauri";
import { addDeferredTexts, createTexts } from "@/shared/text";

import App from "./App.vue";
import { guard } from "./guard";
import { removeRestoredPage } from "./restorePage";
import { routes } from "./routes";
import { goToFirstPage } from "./start";
import { systemLanguage } from "./theme";

async function chooseHost(): Promise<Host> {
  if (__FAKE_HOST__ && !("__TAURI_INTERNALS__" in window)) {
    return (await import("@/ipc/fake/demo")).createDemoHost();
  }
  return createTauriHost();
}

async function start(): Promise<void> {
  const host = await chooseHost();
  // The host is on this computer and says what changed: nothing is refetched by guess, nothing retried here.
  const client = new QueryClient({
    defaultOptions: {
      queries: { retry: false, staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false, networkMode: "always" },
    },
  });
  const router = createRouter({ history: createWebHashHistory(), routes });
  guard(host, client, router);
  await Promise.all([refetchOnChange(host, client), goToFirstPage(host, client, router)]);
  const language = client.getQueryData<AppView>(queryKeys.app())?.language ?? systemLanguage();
  const app = createApp(App);
  provideHost(app, host);
  app.use(VueQueryPlugin, { queryClient: client });
  const texts = await createTexts(language);
  app.use(texts);
  app.use(router);
  removeRestoredPage();
  app.mount("#app");
  // After the first page; a navigation that is quicker than the disk waits for the words of its page.
  const deferred = addDeferredTexts(texts);
  router.beforeEach(() => deferred.then(() => true));
}

void start();
