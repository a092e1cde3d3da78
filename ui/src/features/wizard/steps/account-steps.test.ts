// Steps 4 to 6: login, console and connection – the main paths, what is refused, and where secrets may not stand.
import { flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import type { Mounted } from "@/testing/fakeMount";
import { blocked, stands, until } from "@/testing/page";
import { mountStep } from "@/testing/fakeStep";

import { wholeNumber } from "./connect/figures";

afterEach(() => vi.useRealTimers());

describe("login", () => {
  const EMAIL = "shop@example.com";

  it("saves to the keyring, forgets what was typed, then guides through the phone", async () => {
    const page = await mountStep("login");
    await page.type("login.email", EMAIL);
    await page.click("login.suggest");
    const suggested = (page.get("login.password").element as HTMLInputElement).value;
    expect(suggested.length).toBeGreaterThan(11);
    await page.get("login.save").trigger("submit");
    await flushPromises();
    expect(page.account).toMatchObject({ email: EMAIL, password: suggested });
    expect(page.has("login.password")).toBe(false);
    expect(stands(suggested)).toBe(false);
    expect(blocked(page)).toBe(true);
    await page.get("login.confirm").setValue(true);
    await page.click("wizard.next");
    expect(page.account.loginConfirmed).toBe(true);
    expect(page.has("step.console")).toBe(true);
  });

  it("shows strength and problems as the host judges them", async () => {
    const page = await mountStep("login");
    await page.type("login.email", "shop");
    await page.type("login.password", "abc");
    await until(() => expect(page.get("login.strength").attributes("data-strength")).toBe("0"));
    expect(page.text()).toContain("邮箱格式不对");
    expect(page.text()).toContain("至少要 8 位");
    await page.type("login.password", "Kf7-mQ2x-Wd9-1234");
    await until(() => expect(page.get("login.strength").attributes("data-strength")).toBe("4"));
  });

  it("shows the typed password only when asked", async () => {
    const page = await mountStep("login");
    const type = () => page.get("login.password").attributes("type");
    expect(type()).toBe("password");
    await page.click("login.show");
    expect(type()).toBe("text");
    await page.click("login.show");
    expect(type()).toBe("password");
  });

  it.each(["email_invalid", "password_weak", "keyring_locked", "keyring_absent"] as const)(
    "explains %s and keeps what was typed",
    async (code) => {
      const page = await mountStep("login");
      await page.type("login.email", EMAIL);
      await page.type("login.password", "Kf7-mQ2x-Wd9");
      page.host.control.failNext("saveLogin", code);
      await page.get("login.save").trigger("submit");
      await flushPromises();
      expect(page.get("error").attributes("data-code")).toBe(code);
      expect((page.get("login.email").element as HTMLInputElement).value).toBe(EMAIL);
      expect(page.account.email).toBe("");
    },
  );

  const saved = () =>
    mountStep("login", (account) => {
      account.email = EMAIL;
      account.password = "Kf7-mQ2x-Wd9";
    });

  it("reveals and hides what is kept", async () => {
    const page = await saved();
    expect(stands("Kf7-mQ2x-Wd9")).toBe(false);
    await page.click("login.show");
    expect(page.get("login.shown.password").text()).toBe("Kf7-mQ2x-Wd9");
    await page.click("login.show");
    expect(document.body.innerHTML).not.toContain("Kf7-mQ2x-Wd9");
  });

  it("copies through the host and counts down to the clearing", async () => {
    const page = await saved();
    vi.useFakeTimers();
    await page.click("login.copy.password");
    expect(page.get("login.copy.password").text()).toContain("30 秒后清空");
    await vi.advanceTimersByTimeAsync(12_000);
    expect(page.get("login.copy.password").text()).toContain("18 秒后清空");
    await vi.advanceTimersByTimeAsync(18_000);
    expect(page.get("login.copy.password").text()).toBe("复制密码");
  });

  it("explains a clipboard that is held by another program", async () => {
    const page = await saved();
    page.host.control.failNext("copyLogin", "clipboard_failed");
    await page.click("login.copy.email");
    expect(page.get("error").attributes("data-code")).toBe("clipboard_failed");
  });

  it("opens the practice phone, in practice only", async () => {
    const page = await saved();
    await page.click("login.open_phone");
    expect(page.host.control.world.opened).toContain("phone");
    const live = await mountStep("login", (account) => {
      account.email = EMAIL;
      account.environment = "live";
    });
    expect(live.has("login.open_phone")).toBe(false);
  });

  it("asks again for the confirmation after a change", async () => {
    const page = await mountStep("console");
    await page.click("wizard.step.login");
    expect(blocked(page)).toBe(false);
    await page.click("login.change");
    await page.type("login.email", "new@example.com");
    await page.type("login.password", "Zq4-nT8w-Yb2");
    await page.get("login.save").trigger("submit");
    await flushPromises();
    expect(blocked(page)).toBe(true);
  });
});

describe("console", () => {
  it("opens the window, fills and copies on request", async () => {
    const page = await mountStep("console");
    await page.click("console.open");
    await page.click("console.fill.email");
    await page.click("console.fill.password");
    expect(page.host.control.world.opened).toEqual([`console:${page.account.id}:charge`, "fill:email", "fill:password"]);
  });

  it("notices the sign-in by itself", async () => {
    const page = await mountStep("console");
    expect(page.get("console.state").attributes("data-state")).toBe("waiting");
    expect(blocked(page)).toBe(true);
    page.host.control.signIn(page.account.id);
    await flushPromises();
    expect(page.get("console.state").attributes("data-state")).toBe("signed_in");
    await page.click("wizard.next");
    expect(page.has("step.connect")).toBe(true);
  });

  it("takes the shop's word for it", async () => {
    const page = await mountStep("console");
    await page.click("console.confirm");
    expect(page.get("console.state").attributes("data-state")).toBe("signed_in");
  });

  it("leads back to the login when nothing is saved yet", async () => {
    const page = await mountStep("console");
    page.host.control.failNext("fillConsole", "login_missing");
    await page.click("console.fill.email");
    expect(page.get("error").attributes("data-code")).toBe("login_missing");
    await page.click("error.act");
    expect(page.has("step.login")).toBe(true);
  });

  it("explains a window that did not open", async () => {
    const page = await mountStep("console");
    page.host.control.failNext("openConsole", "window_failed");
    await page.click("console.open");
    expect(page.get("error").attributes("data-code")).toBe("window_failed");
  });
});

describe("connect", () => {
  const SECRET = "0123456789abcdef0123456789abcdef";

  async function save(page: Mounted) {
    await page.get("connect.save").trigger("submit");
    await flushPromises();
  }

  it("warns before the AppSecret, checks it, and forgets it", async () => {
    const page = await mountStep("connect");
    await page.click("connect.way.app_secret");
    expect(page.text()).toContain("不要急着重置");
    await page.click("connect.open_dev_settings");
    expect(page.host.control.world.opened).toEqual([`console:${page.account.id}:dev_settings`]);
    await page.type("connect.app_id", " wx0123456789abcdef ");
    await page.type("connect.app_secret", SECRET);
    await save(page);
    expect(page.get("connect.connected").attributes("data-source")).toBe("app_secret");
    expect(stands(SECRET)).toBe(false);
    await page.click("connect.again");
    expect((page.get("connect.app_secret").element as HTMLInputElement).value).toBe("");
    await page.click("wizard.next");
    expect(page.has("step.usage")).toBe(true);
  });

  it.each(["app_secret_wrong", "ip_not_allowed", "app_secret_frozen", "timeout", "confirmation_pending"] as const)(
    "explains %s and gives the field back",
    async (code) => {
      const page = await mountStep("connect");
      await page.click("connect.way.app_secret");
      await page.type("connect.app_id", "wx0123456789abcdef");
      await page.type("connect.app_secret", SECRET);
      page.host.control.failNext("connectAppSecret", code, { ip: "203.0.113.7", host: "api.weixin.qq.com", seconds: "10" });
      await save(page);
      const error = page.get("error");
      expect(error.attributes("data-code")).toBe(code);
      if (code === "ip_not_allowed") expect(error.text()).toContain("203.0.113.7");
      await page.click("error.act");
      expect(document.activeElement).toBe(page.get("connect.app_id").element);
      expect(blocked(page)).toBe(true);
    },
  );

  it("connects by the member-card platform", async () => {
    const page = await mountStep("connect");
    await page.click("connect.way.member_card");
    await page.type("connect.access_key", "short");
    await save(page);
    expect(page.get("error").attributes("data-code")).toBe("member_card_key_wrong");
    await page.type("connect.access_key", "mck-practice-0001");
    await save(page);
    expect(page.account.source).toBe("member_card");
  });

  it("offers the member-card platform on live only where its address is known", async () => {
    const page = await mountStep("connect", (account, world) => {
      account.environment = "live";
      world.liveMemberCard = false;
    });
    expect(page.has("connect.way.member_card")).toBe(false);
    expect(page.has("connect.way.typed_in")).toBe(true);
  });

  it("takes three typed figures as people copy them", async () => {
    const page = await mountStep("connect");
    await page.click("connect.way.typed_in");
    await page.type("connect.used", "１９４");
    await page.type("connect.remaining", "806 次");
    await page.type("connect.total", "abc");
    await save(page);
    expect(page.text()).toContain("填一个整数");
    expect(page.host.control.calls("connectTypedIn")).toBe(0);
    await page.type("connect.total", "1，001");
    await save(page);
    expect(page.get("error").attributes("data-code")).toBe("figures_invalid");
    await page.type("connect.total", "1,000");
    await save(page);
    expect(page.account).toMatchObject({ source: "typed_in", used: 194, trialTotal: 1000 });
  });

  it("reads whole numbers and nothing else", () => {
    expect([" 1,000", "0", "８０６", "12次"].map(wholeNumber)).toEqual([1000, 0, 806, 12]);
    expect(["", "-1", "1.5", "1e3", "约 50", "1234567890123"].map(wholeNumber)).toEqual([null, null, null, null, null, null]);
  });
});
