// The app over whatever carries its commands: IPC in its window, HTTP or recorded answers in a browser.
import { QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { createApp } from "vue";
import { createRouter, createWebHashHistory } from "vue-router";

import type { AppView } from "@/ipc/bindings";
import { reads } from "@/ipc/client";
import { provideHost } from "@/ipc/host";
import { refetchOnChange } from "@/ipc/tags";
import { createHost, type Transport } from "@/ipc/transport";
import { addDeferredTexts, createTexts } from "@/shared/text";

import App from "./App.vue";
import { guard } from "./guard";
import { removeRestoredPage } from "./restorePage";
import { routes } from "./routes";
import { askedPath, goToFirstPage } from "./start";
import { systemLanguage } from "./theme";

/** Mounts the app over the transport that it has here. */
export async function openApp(transport: Transport): Promise<void> {
  // The host is on this computer and says what changed: nothing is refetched by guess, nothing retried here.
  const client = new QueryClient({
    defaultOptions: {
      queries: { retry: false, staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false, networkMode: "always" },
    },
  });
  const host = createHost(transport, client);
  const router = createRouter({ history: createWebHashHistory(), routes });
  guard(host, client, router);
  await Promise.all([refetchOnChange(host, client), goToFirstPage(host, client, router)]);
  const language = client.getQueryData<AppView>(reads(host).getApp().queryKey)?.language ?? systemLanguage();
  const app = createApp(App);
  provideHost(app, host);
  app.use(VueQueryPlugin, { queryClient: client });
  const texts = await createTexts(language);
  app.use(texts);
  app.use(router);
  // The page that was asked for may need words that a first page does not.
  const early = askedPath() ? addDeferredTexts(texts) : undefined;
  await early;
  removeRestoredPage();
  app.mount("#app");
  // After the first page; a navigation that is quicker than the disk waits for the words of its page.
  const deferred = early ?? addDeferredTexts(texts);
  router.beforeEach(() => deferred.then(() => true));
}
