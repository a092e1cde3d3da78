import { flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import type { Language } from "@/ipc/bindings";
import { areFiguresHidden, HIDDEN } from "@/shared/hiding";
import { mountWithHost } from "@/testing/mount";
import { until } from "@/testing/page";
import { openScene, SCENES } from "@/testing/scenes";

import App from "./App.vue";

// There is no canvas to draw on here.
vi.mock("@/features/usage/UsageChart.vue", () => ({ __esModule: true, default: { render: () => null } }));

/** Amounts, and numbers of calls; not WeChat's price of a call (¥0.03), nor its name of a pack (1000次/365天). */
const FIGURES = /¥(?!0\.0)[−\d][\d,.]*|\d[\d,]* ?次(?!\/)|\d[\d,]* calls?\b/g;
/** Of the guide, which speaks of no shop, and of what the shop types. */
const SPOKEN_OF_NO_SHOP = ["guide", "settings", "wizard", "gallery", "failed"];

afterEach(() => {
  areFiguresHidden.value = false;
});

const pages = Object.keys(SCENES).filter((page) => !SPOKEN_OF_NO_SHOP.some((other) => page.startsWith(other)));
const languages: Language[] = ["zh", "en"];

describe("hidden figures", () => {
  it.each(pages.flatMap((page) => languages.map((language) => [page, language] as const)))("leave none on %s in %s", async (page, language) => {
    const { host, path = "/" } = await openScene(page, "");
    const shown = await mountWithHost(App, { host, path, language });
    await flushPromises();
    const before = shown.text().match(FIGURES) ?? [];
    await shown.click("app.hide_figures");
    await until(() => expect(shown.get("app.hide_figures").attributes("aria-pressed")).toBe("true"));
    expect(shown.text().match(FIGURES) ?? []).toEqual([]);
    if (before.length > 0) expect(shown.text()).toContain(HIDDEN);
    await shown.click("app.hide_figures");
    await until(() => expect(shown.text().match(FIGURES) ?? []).toEqual(before));
  });
});
