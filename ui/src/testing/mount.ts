// Mounts a page on what the application answered in a scene, as the app does.
import { QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { flushPromises, mount, type DOMWrapper } from "@vue/test-utils";
import type { Component } from "vue";
import { createMemoryHistory, createRouter } from "vue-router";

import { guard } from "@/app/guard";
import { routes } from "@/app/routes";
import { goToFirstPage } from "@/app/start";
import { loadSteps } from "@/features/wizard/steps";
import type { AccountId, Language } from "@/ipc/bindings";
import { hostKey } from "@/ipc/host";
import { refetchOnChange } from "@/ipc/tags";
import { createHost } from "@/ipc/transport";
import { addDeferredTexts, createTexts } from "@/shared/text";

import { recorded, type RecordedHost } from "./recorded";

export interface Mounted {
  host: RecordedHost;
  /** The account that the pages speak of. */
  account: AccountId;
  /** Finds by test id, and fails when it is not there. */
  get(testid: string): Omit<DOMWrapper<HTMLElement>, "exists">;
  has(testid: string): boolean;
  click(testid: string): Promise<void>;
  type(testid: string, value: string): Promise<void>;
  text(): string;
  element: Element;
  path(): string;
  goTo(path: string): Promise<unknown>;
}

export interface MountOptions {
  language?: Language;
  /** What was recorded; a shop on its first day, when not given. */
  scene?: string;
  /** Changes answers before the app asks for anything. */
  change?: (host: RecordedHost) => unknown;
  host?: RecordedHost;
  /** Where it is, with `:account` for the one that the pages speak of. */
  path?: string;
  props?: Record<string, unknown>;
  attachTo?: Element;
  /** Only those that are there when the first page is shown. */
  words?: "first";
}

/** Loads the pages before a test counts on them: compiling one on a busy computer takes seconds. */
async function loadPages(): Promise<void> {
  await Promise.all([
    loadSteps(),
    ...routes.map(({ component }) => (typeof component === "function" ? (component as () => Promise<unknown>)() : null)),
  ]);
}

export async function mountWithHost(component: Component, options: MountOptions = {}): Promise<Mounted> {
  await loadPages();
  const language = options.language ?? "zh";
  const scene = options.host ?? (await recorded(options.scene ?? "wizard", { language }));
  await options.change?.(scene);
  const { account } = scene;
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity, gcTime: Infinity } } });
  const host = createHost(scene, client);
  const stop = await refetchOnChange(host, client);
  const router = createRouter({ history: createMemoryHistory(), routes });
  guard(host, client, router);
  if (options.path) await router.push(options.path.replace(":account", account));
  else await goToFirstPage(host, client, router);
  await router.isReady();
  const texts = await createTexts(language);
  if (options.words !== "first") await addDeferredTexts(texts);
  const wrapper = mount(component, {
    attachTo: options.attachTo ?? document.body,
    props: options.props ?? {},
    global: {
      plugins: [texts, router, [VueQueryPlugin, { queryClient: client }]],
      provide: { [hostKey as symbol]: host },
    },
  });
  const unmount = wrapper.unmount.bind(wrapper);
  wrapper.unmount = () => {
    stop();
    client.clear();
    unmount();
  };
  await flushPromises();
  const find = (testid: string) => wrapper.get<HTMLElement>(`[data-testid="${testid}"]`);
  return {
    host: scene,
    account,
    get: find,
    has: (testid) => wrapper.find(`[data-testid="${testid}"]`).exists(),
    async click(testid) {
      await find(testid).trigger("click");
      await flushPromises();
    },
    async type(testid, value) {
      await find(testid).setValue(value);
      await flushPromises();
    },
    text: () => wrapper.text(),
    get element() {
      return wrapper.element as Element;
    },
    path: () => router.currentRoute.value.fullPath,
    goTo: (path: string) => router.push(path),
  };
}
