// The pages in a browser: with the address's `token`, on the browser host; otherwise as they were recorded,
// `?page=packs&state=waiting&lang=en&theme=dark`. `&now=` stops the clock. Not part of a release bundle.
import "@/shared/styles/tokens.css";

import { openApp } from "@/app/openApp";
import type { Language, Theme } from "@/ipc/bindings";
import { http } from "@/ipc/http";

import { openScene } from "./scenes";

declare global {
  interface Window {
    /** Only in the preview, for tests that look at pages. */
    companion?: { said: () => string };
  }
}

/** Lets the page's clock stand at `now`, so that what it shows is the same on any day. */
function stopClock(now: string): void {
  window.Date = new Proxy(Date, {
    construct: (clock, given) => Reflect.construct(clock, given.length === 0 ? [now] : given) as Date,
    get: (clock, name) => (name === "now" ? () => clock.parse(now) : (Reflect.get(clock, name) as unknown)),
  });
}

async function open(asked: URLSearchParams): Promise<void> {
  const token = asked.get("token");
  if (token !== null) return openApp(http(token));
  const now = asked.get("now");
  if (now) stopClock(now);
  const look = { language: (asked.get("lang") as Language | null) ?? "zh", theme: (asked.get("theme") as Theme | null) ?? "light" };
  const { host, path } = await openScene(asked.get("page") ?? "wizard", asked.get("state") ?? "", look);
  window.companion = { said: host.said };
  const { call } = host;
  // The app opens where a shop would begin; once that page stands, on to the one that was asked for.
  host.call = <T>(command: string, args: Record<string, unknown>) => {
    if (command === "content_shown" && path) window.location.hash = `#${path}`;
    return call<T>(command, args);
  };
  await openApp(host);
}

void open(new URLSearchParams(window.location.search));
