// How a page gets its Host: provided once by the app (or by a test), taken with `useHost`.
import { inject, type App, type InjectionKey } from "vue";

import type { Host } from "./client";

const HOST: InjectionKey<Host> = Symbol("host");

export function provideHost(app: App, host: Host): void {
  app.provide(HOST, host);
}

export const hostKey = HOST;

export function useHost(): Host {
  const host = inject(HOST);
  if (!host) throw new Error("no host was provided");
  return host;
}
