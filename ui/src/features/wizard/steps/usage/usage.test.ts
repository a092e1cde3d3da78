import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import type { ErrorCode, Instant } from "@/ipc/bindings";
import { formatCount, formatDay } from "@/shared/formats";
import { expectAccessible } from "@/testing/axe";
import { recorded, refusal, type RecordedHost } from "@/testing/recorded";
import { expectReachable, expectTranslated, mountStep } from "@/testing/step";
import { typed } from "@/testing/typed";

/** The last reading that succeeded is of then, and the platform cannot be reached. */
const failedSince = (read_at: Instant) => ({ read, answer }: RecordedHost) => {
  const { remaining, sync } = read("getUsage")!;
  const stale = read_at < "2026-11-21";
  answer("getUsage", { remaining: { ...remaining, read_at }, sync: { ...sync, last_ok: read_at, error: refusal("unreachable"), stale } });
};

describe("usage", () => {
  it("shows what is left, used and granted, as the host read it", async () => {
    const page = await mountStep("usage");
    expect(page.get("usage.remaining").attributes("data-value")).toBe("806");
    expect(page.get("usage.used").text()).toBe("194 次");
    expect(page.get("usage.total").text()).toBe("1,000 次");
    expect(page.text()).toContain("从平台读取");
  });

  it("answers first until when it lasts, as an estimate with its range", async () => {
    const page = await mountStep("usage");
    const answer = page.get("usage.run_out");
    expect(answer.text()).toMatch(/^体验额度还够用到 2027 年 12 月 9 日左右最早 2027 年 6 月 8 日，最晚要到两年以后/);
    expect(answer.text()).toContain("预计");
    expect(answer.attributes("data-likely")).toBe("2027-12-09");
  });

  it("lists the lots in the host's order, with their lives and what will lapse", async () => {
    const { lots: bought } = (await recorded("shop")).read("getUsage")!;
    const page = await mountStep("usage", { change: ({ answer }) => answer("getUsage", { lots: bought }) });
    const lots = page.get("usage.lots").findAll("li");
    expect(lots.map((lot) => lot.attributes("data-lot"))).toEqual(bought.map(({ id }) => id));
    expect(lots[0]!.text()).toContain("不过期");
    expect(lots[1]!.text()).toContain(`${formatDay(bought[1]!.expires_at!, "zh")}到期`);
    expect(lots[1]!.text()).toContain(`预计有 ${formatCount(bought[1]!.wasted!)} 次到期前用不完`);
  });

  it("tells the host that the figures were seen, and goes on", async () => {
    const page = await mountStep("usage");
    await page.host.leadsTo("wizard.pack");
    await page.click("wizard.next");
    expect(page.host.sent("confirmUsageSeen")).toEqual([{ account: page.account }]);
    expect(page.has("step.pack")).toBe(true);
  });

  it("stays when the host refuses to note it", async () => {
    const page = await mountStep("usage");
    page.host.refuse("confirmUsageSeen", "disk_full");
    await page.click("wizard.next");
    expect(page.get("error").attributes("data-code")).toBe("disk_full");
    expect(page.has("step.usage")).toBe(true);
  });

  it("reads again on request, once, however often it is pressed meanwhile", async () => {
    const page = await mountStep("usage");
    const release = page.host.hold("syncUsage");
    await page.click("usage.sync");
    expect(page.get("usage.sync").attributes("aria-busy")).toBe("true");
    await page.click("usage.sync");
    page.host.answer("syncUsage", { used: { ...page.host.read("getUsage")!.used, value: 300 } });
    page.host.answer("getUsage", { used: { ...page.host.read("getUsage")!.used, value: 300 } });
    release();
    await flushPromises();
    expect(page.host.calls("syncUsage")).toBe(1);
    expect(page.get("usage.used").text()).toBe("300 次");
  });

  it("follows what the background sync read, by the changed event alone", async () => {
    const page = await mountStep("usage");
    page.host.answer("getUsage", { used: { ...page.host.read("getUsage")!.used, value: 500 } });
    expect(page.get("usage.used").text()).toBe("194 次");
    page.host.emit({ account: page.account, tags: ["usage"] });
    await flushPromises();
    expect(page.get("usage.used").text()).toBe("500 次");
    expect(page.host.calls("syncUsage")).toBe(0);
  });

  const refusals: ErrorCode[] = [
    "unreachable", "timeout", "http_status", "not_json", "truncated", "too_large", "unexpected_shape", "tls_failed",
    "wechat_busy", "app_id_wrong", "app_secret_wrong", "app_secret_frozen", "ip_not_allowed", "confirmation_pending",
    "ip_refused", "token_stale", "rate_minute", "rate_day", "not_permitted", "account_frozen", "bad_request",
    "no_usage_yet", "unknown_errcode", "member_card_key_wrong", "keyring_locked", "internal",
  ];
  it.each(refusals)("keeps the figures and explains %s", async (code) => {
    const page = await mountStep("usage");
    page.host.refuse("syncUsage", code);
    await page.click("usage.sync");
    expect(page.get("error").attributes("data-code")).toBe(code);
    expect(page.get("usage.remaining").attributes("data-value")).toBe("806");
    page.host.answer("syncUsage", page.host.read("getUsage")!);
    await page.click("usage.sync");
    expect(page.has("error")).toBe(false);
  });

  it("leads from a wrong secret to where it is typed", async () => {
    const page = await mountStep("usage");
    page.host.refuse("syncUsage", "app_secret_wrong");
    await page.click("usage.sync");
    page.host.answer("goToStep", { ...page.host.read("getWizard"), at: "connect" });
    await page.click("error.act");
    expect(page.host.sent("goToStep")).toEqual([{ account: page.account, step: "connect" }]);
  });

  it("says that figures are stale, and why, without hiding them", async () => {
    const page = await mountStep("usage", { change: failedSince(typed("2026-11-18T10:32:00+08:00")) });
    expect(page.has("usage.stale")).toBe(true);
    const when = () => page.get("usage.remaining").element.nextElementSibling?.className ?? "";
    expect(when()).toContain("text-warn");
    expect(page.get("error").attributes("data-code")).toBe("unreachable");
    expect(page.get("usage.remaining").attributes("data-value")).toBe("806");
    await page.host.becomes("wizard.usage");
    page.host.answer("syncUsage", page.host.read("getUsage")!);
    await page.click("error.act");
    expect(page.host.sent("syncUsage")).toEqual([{ account: page.account }]);
    expect(page.has("usage.stale")).toBe(false);
    expect(when()).toContain("text-muted");
  });

  it("does not offer to read typed figures; it offers to type them again", async () => {
    const page = await mountStep("usage", { scene: "wizard.typed" });
    expect(page.has("usage.sync")).toBe(false);
    expect(page.text()).toContain("自己填的");
    await page.host.leadsTo("wizard.typing");
    await page.click("usage.type_again");
    expect(page.host.sent("goToStep")).toEqual([{ account: page.account, step: "connect" }]);
  });

  it("says plainly that the quota is used up", async () => {
    const page = await mountStep("usage", { scene: "wizard.usage_dry" });
    expect(page.get("usage.run_out").text()).toContain("额度用完了");
  });

  it("cannot go on before anything was read", async () => {
    const page = await mountStep("usage", { change: ({ answer }) => answer("getUsage", null) });
    await page.click("wizard.next");
    expect(page.host.calls("confirmUsageSeen")).toBe(0);
    await page.host.becomes("wizard.usage");
    page.host.answer("syncUsage", page.host.read("getUsage")!);
    await page.click("usage.sync");
    expect(page.get("usage.remaining").attributes("data-value")).toBe("806");
  });

  it.each(["zh", "en"] as const)("is accessible, reachable and complete in %s", async (language) => {
    const page = await mountStep("usage", { change: failedSince(typed("2026-11-21T10:32:00+08:00")), language });
    expectTranslated(page.get("step.usage").element);
    expectReachable(page.get("step.usage").element);
    await expectAccessible();
  });
});
