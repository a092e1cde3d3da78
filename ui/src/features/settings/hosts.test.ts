import { describe, expect, it } from "vitest";

import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type MountOptions } from "@/testing/mount";
import { until } from "@/testing/page";
import { expectTranslated } from "@/testing/step";

import HostsCard from "./HostsCard.vue";

const open = (options: MountOptions = {}) => mountWithHost(HostsCard, { scene: "settings", ...options });

describe("settings: hosts", () => {
  it("lists every host that may be contacted, with its reason", async () => {
    const page = await open({
      change: ({ answer }) =>
        answer("getHosts", [
          { host: "api.weixin.qq.com", reason: { kind: "wechat_api" } },
          { host: "api2.weixin.qq.com", reason: { kind: "wechat_api_fallback" } },
          { host: "mp.weixin.qq.com", reason: { kind: "console" } },
          { host: "card.example.com", reason: { kind: "member_card" } },
          { host: "qyapi.weixin.qq.com", reason: { kind: "channel", channel: "wecom" } },
        ]),
    });
    await until(() => expect(page.has("settings.hosts.list")).toBe(true));
    const rows = page.get("settings.hosts.list").findAll("li").map((row) => row.text());
    expect(rows).toHaveLength(5);
    expect(rows[0]).toMatch(/api\.weixin\.qq\.com.*读取用量/s);
    expect(rows[4]).toMatch(/qyapi\.weixin\.qq\.com.*企业微信群机器人/s);
    expectTranslated(page.element);
    await expectAccessible(page.element);
  });

  it("says that practice alone contacts no host", async () => {
    const page = await open();
    await until(() => expect(page.has("settings.hosts.none")).toBe(true));
  });
});
