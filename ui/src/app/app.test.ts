import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import { STARTUP_CODES } from "@/ipc/errors";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost } from "@/testing/mount";
import { until } from "@/testing/page";

import App from "./App.vue";

describe("start", () => {
  it("opens the wizard on the first day", async () => {
    const page = await mountWithHost(App);
    await until(() => expect(page.has("step.welcome")).toBe(true));
    await until(() => expect(page.host.calls("contentShown")).toBe(1));
  });

  it("goes on with an unfinished wizard", async () => {
    const page = await mountWithHost(App, { scene: "wizard.login" });
    await until(() => expect(page.has("step.login")).toBe(true));
  });

  it("opens the overview when the wizard is done", async () => {
    const page = await mountWithHost(App, { scene: "shop" });
    await until(() => expect(page.has("overview")).toBe(true));
  });

  it("asks what closing the window is to do, and sends the answer", async () => {
    const page = await mountWithHost(App, { scene: "shop" });
    await until(() => expect(page.has("overview")).toBe(true));
    window.dispatchEvent(new Event("closing"));
    const shown = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
    await until(() => expect(shown("closing")).not.toBeNull());
    await expectAccessible(document.body);
    shown("closing.tray")?.click();
    await until(() => expect(page.host.sent("answerClosing")).toEqual([{ closing: "tray" }]));
    await until(() => expect(shown("closing")).toBeNull());
  });

  it("tells the host once that content is shown", async () => {
    const page = await mountWithHost(App);
    const shown = () => page.host.calls("contentShown");
    await until(() => expect(shown()).toBe(1));
    expect(page.has("step.welcome")).toBe(true);
    await page.goTo("/failed");
    await page.goTo("/wizard");
    await new Promise((frame) => requestAnimationFrame(() => requestAnimationFrame(frame)));
    expect(shown()).toBe(1);
  });

  it.each(STARTUP_CODES)("fills the page with %s, and starts when it is over", async (code) => {
    const page = await mountWithHost(App, { change: (host) => host.refuseAlways("getApp", code) });
    await until(() => expect(page.has("app.failed")).toBe(true));
    expect(page.get("app.failed").attributes("data-code")).toBe(code);
    expect(page.get("app.failed").findAll(":scope > p").length).toBe(2);
    // Asked once: a failed start is not retried without the shop.
    expect(page.host.calls("getApp")).toBe(1);
    page.host.refuseNoMore("getApp");
    await page.click("app.retry");
    expect(page.host.calls("restartApp")).toBe(1);
    await until(() => expect(page.has("step.welcome")).toBe(true));
  });

  it("stays on the error while it lasts", async () => {
    const page = await mountWithHost(App, { change: (host) => host.refuseAlways("getApp", "disk_full") });
    await until(() => expect(page.has("app.failed")).toBe(true));
    page.host.refuse("restartApp", "disk_full");
    await page.click("app.retry");
    expect(page.get("app.failed").attributes("data-code")).toBe("disk_full");
    await expectAccessible(page.element);
  });

  it("speaks English on the error page too", async () => {
    const page = await mountWithHost(App, { change: (host) => host.refuseAlways("getApp", "keyring_locked") });
    await until(() => expect(page.has("app.failed")).toBe(true));
    await page.click("app.language.en");
    await until(() => expect(page.get("error").text()).toBe("The system password store is locked"));
  });
});

describe("appearance", () => {
  it("writes language and theme onto the page and keeps them", async () => {
    const page = await mountWithHost(App);
    await until(() => expect(page.has("step.welcome")).toBe(true));
    await page.click("app.language.en");
    await until(() => expect(document.documentElement.lang).toBe("en"));
    expect(document.title).toBe("Merchant Companion");
    await page.type("app.theme", "dark");
    expect(document.documentElement.dataset.theme).toBe("dark");
    expect([page.host.sent("setLanguage"), page.host.sent("setTheme")]).toEqual([[{ language: "en" }], [{ theme: "dark" }]]);
    await page.type("app.theme", "system");
    expect(document.documentElement.dataset.theme).toBe("light");
  });

  it("ends with what was chosen last, however slowly the host keeps it", async () => {
    const page = await mountWithHost(App);
    await until(() => expect(page.has("step.welcome")).toBe(true));
    const release = page.host.hold("setTheme");
    await page.type("app.theme", "light");
    await page.type("app.theme", "dark");
    await page.click("app.language.en");
    release();
    await until(() => expect([page.host.sent("setLanguage").at(-1), page.host.sent("setTheme").at(-1)]).toEqual([{ language: "en" }, { theme: "dark" }]));
    expect(document.documentElement.dataset.theme).toBe("dark");
  });
});

describe("frame", () => {
  it("shows practice on the wizard and on the overview, and not on live", async () => {
    const page = await mountWithHost(App, { scene: "shop" });
    await until(() => expect(page.has("overview")).toBe(true));
    expect(page.get("app.environment").text()).toBe("体验环境");
    const live = await mountWithHost(App, {
      scene: "shop",
      change: ({ read, answer }) => answer("getApp", { accounts: read("getApp").accounts.map((account) => ({ ...account, environment: "live" as const })) }),
    });
    await until(() => expect(live.has("overview")).toBe(true));
    expect(live.get("app.environment").text()).toBe("正式环境");
  });

  it("switches between mini-programs", async () => {
    const page = await mountWithHost(App, { path: "/overview", scene: "settings" });
    const second = page.host.read("getApp").accounts[1]!;
    await page.host.leadsTo("settings.second");
    await until(() => expect(page.has("overview")).toBe(true));
    await page.click("app.account");
    const other = () => document.querySelector<HTMLElement>(`[data-testid="palette.account.${second.id}"]`);
    await until(() => expect(other()).not.toBeNull());
    expect(document.querySelector('[data-testid="palette.page.usage"]')).toBeNull();
    other()?.click();
    await until(() => expect(page.has(`step.${second.wizard_at}`)).toBe(true));
    await flushPromises();
    expect(page.host.sent("selectAccount")).toEqual([{ account: second.id }]);
  });

  it("has entries only for pages that exist", async () => {
    const page = await mountWithHost(App, { scene: "shop" });
    await until(() => expect(page.has("overview")).toBe(true));
    const entries = [...document.querySelectorAll("nav a")].map((entry) => entry.getAttribute("href"));
    expect(entries).toEqual([
      "/overview",
      "/usage",
      "/packs",
      "/orders",
      "/member_card",
      "/bulk",
      "/bill",
      "/wizard",
      "/inbox",
      "/settings",
      "/guide?page=overview",
    ]);
  });
});
