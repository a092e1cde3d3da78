import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import type { ConsoleView } from "@/ipc/bindings";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost } from "@/testing/mount";
import { typed } from "@/testing/typed";

import ConsoleStrip from "./ConsoleStrip.vue";

const console_: ConsoleView = {
  account: typed("account-1"),
  name: "晋味小馆会员中心",
  environment: "live",
  host: "mp.weixin.qq.com",
  official: true,
  blocked: null,
  separate: true,
};

async function open(...consoles: ConsoleView[]) {
  return mountWithHost(ConsoleStrip, { scene: "shop", change: (host) => host.answer("getConsoles", consoles) });
}

describe("console strip", () => {
  it("is not there while no console window is open", async () => {
    expect((await open()).has("app.consoles")).toBe(false);
  });

  it("says where each window really is", async () => {
    const page = await open(
      console_,
      { ...console_, account: typed("account-2"), environment: "practice", host: "127.0.0.1", official: false },
      { ...console_, account: typed("account-3"), host: "mp.weixin.qq.com.example.org", official: false },
    );
    const places = page.get("app.consoles").findAll("[data-place]").map((row) => row.attributes("data-place"));
    expect(places).toEqual(["official", "practice", "elsewhere"]);
    expect(page.text()).toContain("微信官方网站mp.weixin.qq.com");
    expect(page.text()).toContain("体验环境，不是微信");
    expect(page.text()).toContain("不是微信的网站mp.weixin.qq.com.example.org");
    await page.click("app.consoles.show.account-2");
    expect(page.host.sent("showConsole")).toEqual([{ account: "account-2" }]);
    await expectAccessible(page.element);
  });

  it("follows the windows, and tells what was blocked and what is shared", async () => {
    const page = await open();
    page.host.answer("getConsoles", [{ ...console_, blocked: "bank.example.com", separate: false }]);
    page.host.emit({ account: null, tags: ["console"] });
    await flushPromises();
    expect(page.text()).toContain("已拦截：页面想跳转到 bank.example.com");
    expect(page.text()).toContain("不能同时保持登录");
  });
});
