import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import type { AccountId } from "@/ipc/bindings";
import { PAGE_NAMES, pagePath } from "@/layout/pages";
import { found } from "@/shared/finding";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost } from "@/testing/mount";
import { until } from "@/testing/page";
import type { RecordedHost } from "@/testing/recorded";
import { typed } from "@/testing/typed";

import App from "../App.vue";

const shown = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);

async function press(key: string, more: KeyboardEventInit = {}, target: EventTarget = document.activeElement ?? document.body) {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
  await flushPromises();
}

const open = async (change?: (host: RecordedHost) => unknown) => {
  const page = await mountWithHost(App, { path: "/overview", scene: "three", change });
  await until(() => expect(page.has("overview")).toBe(true));
  return page;
};

async function openPalette() {
  await press("k", { ctrlKey: true });
  await until(() => expect(shown("palette")).not.toBeNull());
  await flushPromises();
}

async function type(word: string) {
  const field = shown("palette.word") as HTMLInputElement;
  field.value = word;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await flushPromises();
}

describe("finding", () => {
  const shops = ["晋味小馆会员中心", "青禾书店会员中心", "和平街小学家校通", "Jinwei Bistro"].map((name) => ({ name }));
  const names = (word: string) => found(shops, word).map((shop) => shop.name);

  it.each([
    ["书店", ["青禾书店会员中心"]],
    ["jwxg", ["晋味小馆会员中心"]],
    ["qinghe", ["青禾书店会员中心"]],
    ["JINWEI", ["晋味小馆会员中心", "Jinwei Bistro"]],
    ["xiaoxue", ["和平街小学家校通"]],
    ["xx", ["和平街小学家校通"]],
    ["", shops.map((shop) => shop.name)],
    ["没有", []],
  ])("%s", (word, expected) => expect(names(word)).toEqual(expected));

  it("finds among a thousand", () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({ name: `第 ${index} 家晋味小馆会员中心` }));
    expect(found(many, "jwxg").length).toBe(1000);
  });
});

describe("command palette", () => {
  it("opens by keyboard, finds a mini-program by pinyin and goes there by Enter", async () => {
    const page = await open();
    await openPalette();
    await until(() => expect(document.activeElement).toBe(shown("palette.word")));
    await type("qhsd");
    await until(() => expect(document.querySelectorAll("[role=option]").length).toBe(1));
    const account = page.host.read("getApp").accounts.find(({ name }) => name === "青禾书店会员中心")!.id;
    await page.host.leadsTo("three.unread");
    await press("Enter");
    await until(() => expect(page.host.sent("selectAccount")).toEqual([{ account }]));
    await until(() => expect(shown("palette")).toBeNull());
    expect(page.path()).toBe("/overview");
    expect(page.host.sent("getOverview").at(-1)).toEqual({ account });
  });

  it("goes to pages, and the page begins at its name", async () => {
    const page = await open();
    await openPalette();
    await type("设置");
    shown("palette.page.settings")?.click();
    await until(() => expect(page.path()).toBe("/settings"));
    await until(() => expect(document.activeElement?.tagName).toBe("H1"));
    expect(document.activeElement?.textContent).toBe("设置");
  });

  it("does what is often done, and says why it was refused", async () => {
    const page = await open();
    page.host.refuse("syncUsage", "unreachable", { host: "api.weixin.qq.com" });
    await openPalette();
    shown("palette.action.sync")?.click();
    await until(() => expect(document.querySelector("[data-code=unreachable]")).not.toBeNull());
    expect(shown("palette")).not.toBeNull();
    shown("palette.action.theme.dark")?.click();
    await until(() => expect(shown("palette")).toBeNull());
    expect(page.host.sent("setTheme")).toEqual([{ theme: "dark" }]);
  });

  it("shows few of many, and says how many are left", async () => {
    await open(({ read, answer }) => {
      const [first] = read("getApp").accounts;
      const branches = Array.from({ length: 100 }, (_, shop) => ({ ...first!, id: typed<AccountId>(`branch-${shop}`), name: `分店 ${shop} 号` }));
      answer("getApp", { accounts: [first!, ...branches] });
    });
    await openPalette();
    await type("分店");
    await until(() => expect(document.querySelectorAll("[role=option]").length).toBe(30));
    expect(shown("palette")?.textContent).toContain("还有 70 个");
    await type("没有这家");
    await until(() => expect(shown("palette.nothing")).not.toBeNull());
  });

  it("closes by Escape, and is accessible", async () => {
    await open();
    await openPalette();
    await expectAccessible();
    await press("Escape");
    await until(() => expect(shown("palette")).toBeNull());
  });
});

describe("shortcuts", () => {
  it("lead to every page that has a digit", async () => {
    const page = await open();
    page.host.answer("getInbox", { items: [], unread: 0 });
    for (const [index, name] of [...PAGE_NAMES.entries()].slice(0, 9).reverse()) {
      await press("¡", { altKey: true, code: `Digit${index + 1}` }, document.body);
      await until(() => expect(page.path()).toBe(pagePath(name)));
    }
  });

  it("are listed on a sheet, which a letter in a field does not open", async () => {
    await open();
    const field = document.body.appendChild(document.createElement("input"));
    await press("?", { shiftKey: true }, field);
    expect(shown("shortcuts")).toBeNull();
    field.remove();
    await press("?", { shiftKey: true }, document.body);
    await until(() => expect(shown("shortcuts")).not.toBeNull());
    expect(shown("shortcuts")?.textContent).toContain("打开「概览」");
    // What is on top keeps the keys.
    await press("k", { ctrlKey: true }, document.body);
    expect(shown("palette")).toBeNull();
    await expectAccessible();
  });

  it("skip the rail", async () => {
    const page = await open();
    await page.click("app.skip");
    expect(document.activeElement?.tagName).toBe("H1");
    expect(page.path()).toBe("/overview");
  });
});
