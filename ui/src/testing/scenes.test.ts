import { flushPromises } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";

import App from "@/app/App.vue";
import { PAGE_NAMES, type PageName } from "@/layout/pages";

import { mountWithHost } from "./mount";
import { until } from "./page";
import { openScene, SCENES } from "./scenes";

// There is no canvas to draw on here.
vi.mock("@/features/usage/UsageChart.vue", () => ({ __esModule: true, default: { render: () => null } }));

/** States that a page can come into, or why it cannot. */
const STATES = ["empty", "loading", "stale", "error", "offline"] as const;
type State = (typeof STATES)[number];
const NEVER: Record<PageName, Partial<Record<State, string>>> = {
  overview: {},
  accounts: {
    empty: "the page is there once there are several",
    loading: "the app waits for its first page",
    stale: "each row says how old it is",
  },
  usage: {},
  packs: { offline: "it reads nothing itself: figures are old" },
  orders: { offline: "it reads nothing itself: figures are old" },
  member_card: {},
  bulk: { stale: "nothing is kept of what the platform says" },
  bill: {},
  inbox: { stale: "each alert says when it was raised", offline: "it reads nothing itself" },
  settings: { empty: "there is always something to set", stale: "it is of this computer", offline: "it is of this computer" },
  guide: { empty: "it is part of the app", loading: "it is part of the app", stale: "it is part of the app", error: "it is part of the app", offline: "it is part of the app" },
};

const scenes = Object.entries(SCENES).flatMap(([page, { states }]) => Object.keys(states).map((state) => [page, state] as const));

async function open(page: string, state: string) {
  const { host, path = "/" } = await openScene(page, state);
  return mountWithHost(App, { host, path });
}

describe("scenes", () => {
  it.each(PAGE_NAMES)("show %s in every state it can come into", (page) => {
    const there = STATES.filter((state) => SCENES[page]?.states[state]);
    expect(there).toEqual(STATES.filter((state) => !NEVER[page][state]));
  });

  it.each(scenes.filter(([page, state]) => state === "loading" && page !== "bill"))("say that %s is fetched (%s)", async (page, state) => {
    const shown = await open(page, state);
    await until(() => expect(shown.has("loading")).toBe(true));
    expect(shown.has("error")).toBe(false);
  });

  it.each(scenes.filter(([, state]) => state === "error"))("explain what hinders %s (%s)", async (page, state) => {
    const shown = await open(page, state);
    await flushPromises();
    expect(shown.get("error").attributes("data-code")).toBe("disk_failed");
    // What could not be read is not missing.
    expect(shown.element.querySelector("[data-testid$='.none'], [data-testid$='.empty']")).toBeNull();
  });

  it("are told when asked for one that is none", async () => {
    await expect(openScene("packs", "wating")).rejects.toThrow('there is no "wating", only: "", "buy"');
    await expect(openScene("pakcs", "")).rejects.toThrow('there is no "pakcs"');
  });
});
