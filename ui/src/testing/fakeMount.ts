// Mounts a page on the in-memory host, as the app does.
import { QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { flushPromises, mount, type DOMWrapper } from "@vue/test-utils";
import type { Component } from "vue";
import { createMemoryHistory, createRouter } from "vue-router";

import { guard } from "@/app/guard";
import { routes } from "@/app/routes";
import { goToFirstPage } from "@/app/start";
import { loadSteps } from "@/features/wizard/steps";
import type { Language } from "@/ipc/bindings";
import { createFakeHost, type FakeHost } from "@/ipc/fake";
import { overMethods } from "@/ipc/fake/transport";
import type { FakeWorld } from "@/ipc/fake/world";
import { hostKey } from "@/ipc/host";
import { refetchOnChange } from "@/ipc/tags";
import { createHost } from "@/ipc/transport";
import { addDeferredTexts, createTexts } from "@/shared/text";

export interface Mounted {
  host: FakeHost;
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
  world?: (world: FakeWorld) => void;
  host?: FakeHost;
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
  const fake = options.host ?? createFakeHost((world) => {
    world.language = language;
    options.world?.(world);
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity, gcTime: Infinity } } });
  const host = createHost(overMethods(fake), client);
  const stop = await refetchOnChange(host, client);
  const router = createRouter({ history: createMemoryHistory(), routes });
  guard(host, client, router);
  if (options.path) await router.push(options.path);
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
    host: fake,
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
