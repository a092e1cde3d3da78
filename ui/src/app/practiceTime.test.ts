import { afterEach, describe, expect, it } from "vitest";

import type { Instant } from "@/ipc/bindings";
import { RECORDED_AT } from "@/testing/recorded";
import { ahead } from "@/shared/now";
import { mountWithHost } from "@/testing/mount";
import { typed } from "@/testing/typed";
import { until } from "@/testing/page";

import App from "./App.vue";

afterEach(() => {
  ahead.value = 0;
});

describe("practice time", () => {
  it("tells days and times from the present of practice", async () => {
    const page = await mountWithHost(App, { scene: "shop", path: "/overview" });
    await until(() => expect(page.has("overview.remaining")).toBe(true));
    const app = page.host.read("getApp");
    const at = (days: number) => typed<Instant>(new Date(new Date(RECORDED_AT).getTime() + days * 86_400_000).toISOString());
    const present = (days: number) => {
      page.host.answer("getApp", { practice: { ...app.practice!, now: at(days) } });
      page.host.emit({ account: null, tags: ["usage"] });
    };
    present(0);
    await until(() => expect(page.text()).toContain("10:32 已同步"));
    // Forty days later the same reading is one of another day.
    present(40);
    await until(() => expect(page.text()).toContain("11 月 21 日 10:32 已同步"));
  });
});
