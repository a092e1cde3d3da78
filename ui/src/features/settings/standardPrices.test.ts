import { describe, expect, it } from "vitest";

import { mountWithHost } from "@/testing/mount";
import { until } from "@/testing/page";

import SettingsPage from "./SettingsPage.vue";

describe("settings: standard prices", () => {
  it.each([
    ["zh", "小游戏", ["2025 年 8 月 4 日起收费（按这个算）"], ["2023 年 8 月 28 日起收费（按这个算）", "另有说法：2025 年 8 月 4 日起收费"]],
    ["en", "Mini-game", ["4 Aug 2025"], ["28 Aug 2023", "4 Aug 2025"]],
  ] as const)("shows both capabilities of a mini-game in %s, each with its price and its days", async (language, kind, quick, realtime) => {
    const page = await mountWithHost(SettingsPage, { path: "/settings?tab=prices", scene: "settings", language });
    await until(() => expect(page.has("settings.standard.mini_game.quick")).toBe(true));
    for (const [capability, price, days] of [["quick", "¥0.03", quick], ["realtime", "¥0.04", realtime]] as const) {
      const text = page.get(`settings.standard.mini_game.${capability}`).text();
      for (const part of [kind, price, ...days]) expect(text).toContain(part);
      expect(page.get(`settings.standard.mini_program.${capability}`).text()).not.toContain(kind);
    }
  });
});
