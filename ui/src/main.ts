import { QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { createApp } from "vue";
import { createRouter, createWebHashHistory } from "vue-router";

import App from "./app/App.vue";
import { guard } from "./app/guard";
import { removeKeptPage } from "./app/keptPage";
import { routes } from "./app/routes";
import { goToFirstPage } from "./app/start";
import { systemLanguage } from "./app/theme";
import type { Host } from "./ipc/client";
import type { AppView } from "./ipc/bindings";
import { provideHost } from "./ipc/host";
import { queryKeys, refetchOnChange } from "./ipc/tags";
import { createTauriHost } from "./ipc/tauri";
import { addLaterTexts, createTexts } from "./shared/text";

async function chooseHost(): Promise<Host> {
  if (__FAKE_HOST__ && !("__TAURI_INTERNALS__" in window)) {
    return (await import("./ipc/fake/demo")).createDemoHost();
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
  removeKeptPage();
  app.mount("#app");
  // Behind the first page; whoever is quicker than a disk waits for the words of the next one.
  const later = addLaterTexts(texts);
  router.beforeEach(() => later.then(() => true));
}

void start();
