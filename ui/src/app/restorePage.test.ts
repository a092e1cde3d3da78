import { flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import type { SavedPage } from "@/ipc/bindings";
import { mountWithHost } from "@/testing/mount";
import { until } from "@/testing/page";

import App from "./App.vue";
import { pageOnScreen, removeRestoredPage, restorePage } from "./restorePage";

const PAGE = '<main data-keep="true"><b data-testid="figure" style="width: 40%;">806</b><p role="alert">!</p></main>';

function root(html = ""): HTMLElement {
  document.body.innerHTML = `<div id="app">${html}</div>`;
  return document.getElementById("app") as HTMLElement;
}

afterEach(() => {
  delete document.documentElement.dataset.theme;
});

describe("saved page", () => {
  it("is the page as it stands, with nothing a test or a click could find", () => {
    root(PAGE);
    document.documentElement.lang = "zh-CN";
    document.documentElement.dataset.theme = "dark";
    const page = pageOnScreen();
    expect(page).toMatchObject({ lang: "zh-CN", theme: "dark" });
    expect(page?.html).toContain("806");
    expect(page?.html).not.toMatch(/data-testid|[^-]style=/);
  });

  it("looks the same when it is shown again, and gives way to the app", () => {
    root(PAGE);
    const page = pageOnScreen();
    if (!page) throw new Error("a page that says so is kept");
    const shown = root();
    restorePage(page);
    expect(shown.inert).toBe(true);
    expect(shown.querySelector("b")?.style.width).toBe("40%");
    removeRestoredPage();
    expect(shown.inert).toBe(false);
    expect(shown.childElementCount).toBe(0);
  });

  it("is kept only where the page says so", () => {
    root("<main><b>AppSecret</b></main>");
    expect(pageOnScreen()).toBeNull();
  });
});

/** The app as it is mounted in its window. */
async function open(scene: string) {
  const page = await mountWithHost(App, { scene, attachTo: root() });
  await flushPromises();
  return page;
}

describe("keeping", () => {
  it("keeps the overview once it stands, and again when a figure changed", async () => {
    const page = await open("shop");
    await until(() => expect(page.has("overview")).toBe(true));
    const kept = () => (page.host.sent("savePage").at(-1)?.page as SavedPage | undefined)?.html;
    await vi.waitFor(() => expect(kept()).toContain("1,806"), { timeout: 5000 });
    await page.host.becomes("shop.later", { account: page.account, tags: ["usage"] });
    await vi.waitFor(() => expect(kept()).toContain("1,706"), { timeout: 5000 });
  });

  it("keeps no step in which a secret is typed or shown", async () => {
    const page = await open("wizard.login");
    await until(() => expect(page.has("step.login")).toBe(true));
    await page.type("login.password", "planted-secret-1");
    expect(pageOnScreen()).toBeNull();
  });
});
