import { flushPromises } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";

import type { ErrorCode } from "@/ipc/bindings";
import { expectAccessible } from "@/testing/axe";
import type { Mounted } from "@/testing/mount";
import { expectReachable, expectTranslated, mountStep } from "@/testing/step";

const mode = (page: Mounted) => page.get("mode.state").attributes("data-mode");
const blocked = (page: Mounted) => page.get("wizard.next").attributes("aria-disabled") === "true";
/** The platform is connected already. */
const connected = () => mountStep("mode", { scene: "mode.card" });

async function typeKey(page: Mounted, key: string) {
  await page.type("mode.access_key", key);
  await page.get("step.mode").get("form").trigger("submit");
  await flushPromises();
}

describe("mode", () => {
  it("connects the member-card platform with the key, and forgets what was typed", async () => {
    const page = await mountStep("mode");
    expect(mode(page)).toBe("unknown");
    await page.host.leadsTo("mode.card");
    await typeKey(page, "  practice-key-1  ");
    expect(page.host.sent("connectMemberCard")).toEqual([{ account: page.account, accessKey: "practice-key-1" }]);
    expect(mode(page)).toBe("authorized");
    expect(page.has("mode.access_key")).toBe(false);
    expect(document.body.innerHTML).not.toContain("practice-key-1");
  });

  it("shows no key while it is typed, unless asked to", async () => {
    const page = await mountStep("mode");
    expect(page.get("mode.access_key").attributes("type")).toBe("password");
  });

  it("asks for a key before it asks the host", async () => {
    const page = await mountStep("mode");
    await typeKey(page, "   ");
    expect(page.host.calls("connectMemberCard")).toBe(0);
    expect(page.get("mode.access_key").attributes("aria-invalid")).toBe("true");
  });

  it("switches, and says so only after it was read back", async () => {
    const page = await connected();
    expect(mode(page)).toBe("authorized");
    await page.click("mode.manual");
    const release = page.host.hold("setMode");
    await page.host.leadsTo("mode.manual", "mode.manual_done");
    await page.click("mode.apply");
    expect(mode(page)).toBe("authorized");
    expect(page.has("mode.applied")).toBe(false);
    await page.click("mode.apply");
    release();
    await flushPromises();
    expect(page.host.sent("setMode")).toEqual([{ account: page.account, mode: "manual" }]);
    expect(mode(page)).toBe("manual");
    expect(page.has("mode.applied")).toBe(true);
    expect(page.has("mode.apply")).toBe(false);
    expect(page.get("mode.history").text()).toContain("已确认");
    await page.click("wizard.next");
    expect(page.has("step.done")).toBe(true);
  });

  it("offers the way chosen in step 3", async () => {
    const page = await mountStep("mode", { scene: "mode.chosen_manual" });
    expect(page.get("mode.manual").attributes("data-state")).toBe("checked");
    expect(page.get("mode.apply").text()).toBe("切换为会员手动输入");
  });

  it("keeps the mode as it is", async () => {
    const page = await connected();
    expect(blocked(page)).toBe(true);
    await page.host.leadsTo("mode.kept");
    await page.click("mode.keep");
    expect(page.host.sent("keepMode")).toEqual([{ account: page.account }]);
    expect(page.host.calls("setMode")).toBe(0);
    expect(page.has("step.done")).toBe(true);
  });

  it("goes on without a platform", async () => {
    const page = await mountStep("mode");
    await page.host.leadsTo("wizard.done");
    await page.click("mode.keep");
    expect(page.has("step.done")).toBe(true);
  });

  it("is operated by the arrow keys", async () => {
    const page = await connected();
    const authorised = page.get("mode.authorized");
    (authorised.element as HTMLElement).focus();
    await authorised.trigger("keydown", { key: "ArrowRight" });
    await vi.waitFor(() => expect(page.get("mode.manual").attributes("aria-checked")).toBe("true"), 10_000);
    expect(page.has("mode.apply")).toBe(true);
  });

  it("shows what customers see in both modes, and what the platform reports", async () => {
    const page = await connected();
    expect(page.get("mode.authorized").text()).toContain("申请获取并验证你的手机号");
    expect(page.get("mode.manual").text()).toContain("请输入手机号码");
    expect(page.get("mode.issued").attributes("data-value")).toBe("646");
    expect(page.get("mode.sms").attributes("data-value")).toBe("550");
  });

  it("opens the back office and the customer's page in practice", async () => {
    const page = await mountStep("mode");
    await page.click("mode.open_office");
    expect(page.host.sent("openPracticeCardOffice")).toEqual([{ account: page.account }]);
    await page.host.leadsTo("mode.card");
    await typeKey(page, "practice-key-1");
    await page.click("mode.open_claim");
    expect(page.host.sent("openPracticeClaim")).toEqual([{ account: page.account }]);
  });

  it("has neither in live, and no key form where no platform is known", async () => {
    const live = await mountStep("mode", { change: ({ answer }) => answer("getWizard", { environment: "live" }) });
    expect(live.has("mode.open_office")).toBe(false);
    expect(live.has("mode.access_key")).toBe(true);
    const unknown = await mountStep("mode", {
      change({ answer }) {
        answer("getWizard", { environment: "live" });
        answer("getApp", { live_member_card: false });
      },
    });
    await unknown.host.leadsTo("wizard.done");
    expect(unknown.has("mode.access_key")).toBe(false);
    await unknown.click("mode.keep");
    expect(unknown.has("step.done")).toBe(true);
  });

  it("sees a change made elsewhere by the changed event", async () => {
    const page = await connected();
    await page.host.becomes("mode.manual", { account: page.account, tags: ["member_card"] });
    await flushPromises();
    expect(mode(page)).toBe("manual");
  });

  it("looks an unconfirmed switch up instead of sending it twice", async () => {
    const page = await connected();
    await page.click("mode.manual");
    page.host.refuse("setMode", "mode_not_confirmed");
    await page.click("mode.apply");
    expect(page.get("error").attributes("data-code")).toBe("mode_not_confirmed");
    expect(mode(page)).toBe("authorized");
    expect(page.has("mode.applied")).toBe(false);
    page.host.answer("syncMemberCard", page.host.read("getMemberCard"));
    await page.click("error.act");
    expect(page.host.calls("syncMemberCard")).toBe(1);
    expect(page.host.calls("setMode")).toBe(1);
  });

  it("asks for the key again when the platform no longer takes it", async () => {
    const page = await connected();
    await page.click("mode.manual");
    page.host.refuse("setMode", "member_card_key_wrong");
    await page.click("mode.apply");
    expect(page.get("error").attributes("data-code")).toBe("member_card_key_wrong");
    expect(document.activeElement).toBe(page.get("mode.access_key").element);
    page.host.answer("connectMemberCard", page.host.read("getMemberCard"));
    await typeKey(page, "practice-key-2");
    expect(page.host.sent("connectMemberCard")).toEqual([{ account: page.account, accessKey: "practice-key-2" }]);
    expect(page.has("error")).toBe(false);
    expect(page.has("mode.apply")).toBe(true);
  });

  const connects: ErrorCode[] = ["member_card_key_wrong", "member_card_not_connected", "unreachable", "timeout", "http_status", "not_json", "unexpected_shape", "tls_failed", "keyring_absent", "keyring_locked", "keyring_failed", "internal"];
  it.each(connects)("explains %s and keeps the key to correct", async (code) => {
    const page = await mountStep("mode");
    page.host.refuse("connectMemberCard", code);
    await typeKey(page, "practice-key-1");
    expect(page.get("error").attributes("data-code")).toBe(code);
    expect((page.get("mode.access_key").element as HTMLInputElement).value).toBe("practice-key-1");
    expect(page.host.read("getMemberCard").connected).toBe(false);
  });

  const applies: ErrorCode[] = ["mode_not_confirmed", "unreachable", "timeout", "http_status", "bad_request", "disk_full", "internal"];
  it.each(applies)("does not claim a switch that ended with %s", async (code) => {
    const page = await connected();
    await page.click("mode.manual");
    page.host.refuse("setMode", code);
    await page.click("mode.apply");
    expect(page.get("error").attributes("data-code")).toBe(code);
    expect(mode(page)).toBe("authorized");
    expect(page.has("mode.applied")).toBe(false);
    expect(blocked(page)).toBe(true);
  });

  it.each([["zh", false], ["zh", true], ["en", false], ["en", true]] as const)(
    "is accessible, reachable and complete in %s, connected: %s",
    async (language, withCard) => {
      const page = await mountStep("mode", { scene: withCard ? "mode.card" : "wizard.mode", language });
      expectTranslated(page.get("step.mode").element);
      expectReachable(page.get("step.mode").element);
      await expectAccessible();
    },
  );
});
