// The in-memory host for looking at pages in a browser: `?page=packs&state=waiting&lang=en&theme=dark`. Which pages and
// states there are stands in scenes.ts; without a page the app opens as on its first day. `&now=` stops the clock.
// Not part of a release bundle.
import type { Language, Theme } from "../bindings";
import { createFakeHost, type FakeHost } from "../fake";
import { SCENES } from "./scenes";

/** Lets the page's clock stand at `now`, so that what it shows is the same on any day. */
function stopClock(now: string): void {
  window.Date = new Proxy(Date, {
    construct: (clock, given) => Reflect.construct(clock, given.length === 0 ? [now] : given) as Date,
    get: (clock, name) => (name === "now" ? () => clock.parse(now) : (Reflect.get(clock, name) as unknown)),
  });
}

/** One of a few things, by its name; a name that none has is told with those that there are. */
function named<T>(all: Record<string, T>, name: string): T {
  const found = all[name];
  if (!found) throw new Error(`there is no "${name}", only: ${Object.keys(all).map((one) => `"${one}"`).join(", ")}`);
  return found;
}

export function createDemoHost(search = window.location.search): FakeHost {
  const asked = new URLSearchParams(search);
  const now = asked.get("now");
  if (now) stopClock(now);
  const host = createFakeHost((world) => {
    world.now = new Date();
    world.language = (asked.get("lang") as Language | null) ?? "zh";
    world.theme = (asked.get("theme") as Theme | null) ?? "light";
  });
  const page = asked.get("page");
  if (page) {
    const { path, states } = named(SCENES, page);
    const state = asked.get("state") ?? "";
    named(states, state)(host.control);
    // The app opens where a shop would begin; once that page stands, on to the one that was asked for.
    if (path) host.contentShown = async () => void (window.location.hash = `#${path(state)}`);
  }
  // So that a person in the browser's console can play the other side: `companion.arrive("account-1")`.
  Object.assign(window, { companion: host.control });
  return host;
}
