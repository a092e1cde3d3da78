// Steps 4 to 6: login, console and connection – the main paths, what is refused, and where secrets may not stand.
import { flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import type { Mounted } from "@/testing/mount";
import { blocked, stands, until } from "@/testing/page";
import { mountStep } from "@/testing/step";

import { wholeNumber } from "@/shared/wholeNumber";

afterEach(() => vi.useRealTimers());

describe("login", () => {
  const EMAIL = "shop@example.com";

  it("saves to the keyring, forgets what was typed, then guides through the phone", async () => {
    const page = await mountStep("login");
    await page.type("login.email", EMAIL);
    await page.click("login.suggest");
    await page.host.leadsTo("login.saved", "wizard.console");
    const suggested = (page.get("login.password").element as HTMLInputElement).value;
    expect(suggested.length).toBeGreaterThan(11);
    await page.get("login.save").trigger("submit");
    await flushPromises();
    expect(page.host.sent("saveLogin")).toEqual([{ account: page.account, email: EMAIL, password: suggested }]);
    expect(page.has("login.password")).toBe(false);
    expect(stands(suggested)).toBe(false);
    expect(blocked(page)).toBe(true);
    await page.get("login.confirm").setValue(true);
    await page.click("wizard.next");
    expect(page.host.sent("confirmLoginSet")).toEqual([{ account: page.account }]);
    expect(page.has("step.console")).toBe(true);
  });

  it("shows strength and problems as the host judges them", async () => {
    const page = await mountStep("login");
    const strong = page.host.read("checkLogin");
    page.host.answer("checkLogin", { email: "not_an_address", password: ["too_short"], strength: 0 });
    await page.type("login.email", "shop");
    await page.type("login.password", "abc");
    await until(() => expect(page.text()).toContain("邮箱格式不对"));
    expect(page.get("login.strength").attributes("data-strength")).toBe("0");
    expect(page.text()).toContain("至少要 8 位");
    page.host.answer("checkLogin", { ...strong, strength: 4 });
    await page.type("login.password", "Kf7-mQ2x-Wd9-1234");
    // As a Chinese keyboard types it.
    await page.type("login.email", " ｓhop＠example．com ");
    await until(() => expect(page.host.sent("checkLogin").at(-1)).toEqual({ email: "shop@example.com", password: "Kf7-mQ2x-Wd9-1234" }));
    await until(() => expect(page.get("login.strength").attributes("data-strength")).toBe("4"));
  });

  it("says beside the field what it was refused for, and puts the cursor there", async () => {
    const page = await mountStep("login");
    page.host.refuse("saveLogin", "email_invalid");
    await page.get("login.save").trigger("submit");
    await flushPromises();
    expect(document.activeElement).toBe(page.get("login.email").element);
    expect(page.get("login.email").attributes("aria-invalid")).toBe("true");
    expect(page.text()).toContain("填写邮箱");
    expect(page.has("error.act")).toBe(false);
    expect(page.text()).not.toContain("TEST-0001");
    await page.type("login.email", EMAIL);
    page.host.refuse("saveLogin", "password_weak");
    await page.get("login.save").trigger("submit");
    await flushPromises();
    expect(document.activeElement).toBe(page.get("login.password").element);
    expect(page.get("error").text()).toContain("密码太弱");
  });

  it("keeps room for what it says of a password, so that the button does not move", async () => {
    const page = await mountStep("login");
    const lines = () => [...page.get("login.save").element.closest("form")!.querySelectorAll("p, ul, [role=meter]")].map((one) => one.parentElement!).filter((one, n, all) => all.indexOf(one) === n).length;
    const before = lines();
    page.host.answer("checkLogin", { email: "not_an_address", password: ["too_short", "one_kind_only", "guessable"], strength: 0 });
    await page.type("login.email", "shop");
    await page.type("login.password", "abc");
    await until(() => expect(page.text()).toContain("太短：至少要 8 位，再长一些更安全；只有一种字符不行：要有字母，再加数字或符号；太容易猜到，换一个"));
    expect(lines()).toBe(before);
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
      page.host.refuse("saveLogin", code);
      await page.get("login.save").trigger("submit");
      await flushPromises();
      expect(page.get("error").attributes("data-code")).toBe(code);
      expect((page.get("login.email").element as HTMLInputElement).value).toBe(EMAIL);
      expect(page.has("login.confirm")).toBe(false);
    },
  );

  const saved = () => mountStep("login", { scene: "login.saved", change: ({ answer }) => answer("revealLogin", "Kf7-mQ2x-Wd9") });

  it("reveals and hides what is kept", async () => {
    const page = await saved();
    expect(stands("Kf7-mQ2x-Wd9")).toBe(false);
    await page.click("login.show");
    expect(page.host.sent("revealLogin").at(-1)).toEqual({ account: page.account, field: "password" });
    expect(page.get("login.shown.password").text()).toBe("Kf7-mQ2x-Wd9");
    await page.click("login.show");
    expect(document.body.innerHTML).not.toContain("Kf7-mQ2x-Wd9");
  });

  it("hides what is shown after a while, and when another window is looked at", async () => {
    const page = await saved();
    vi.useFakeTimers();
    await page.click("login.show");
    await vi.advanceTimersByTimeAsync(19_000);
    expect(page.get("login.shown.password").text()).toBe("Kf7-mQ2x-Wd9");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(document.body.innerHTML).not.toContain("Kf7-mQ2x-Wd9");
    await page.click("login.show");
    expect(page.get("login.shown.password").text()).toBe("Kf7-mQ2x-Wd9");
    window.dispatchEvent(new Event("blur"));
    await flushPromises();
    expect(document.body.innerHTML).not.toContain("Kf7-mQ2x-Wd9");
  });

  it("copies through the host and counts down to the clearing", async () => {
    const page = await saved();
    vi.useFakeTimers();
    await page.click("login.copy.password");
    expect(page.host.sent("copyLogin")).toEqual([{ account: page.account, field: "password" }]);
    expect(page.get("login.copy.password").text()).toContain("30 秒后清空");
    await vi.advanceTimersByTimeAsync(12_000);
    expect(page.get("login.copy.password").text()).toContain("18 秒后清空");
    await vi.advanceTimersByTimeAsync(18_000);
    expect(page.get("login.copy.password").text()).toBe("复制密码");
  });

  it("explains a clipboard that is held by another program", async () => {
    const page = await saved();
    page.host.refuse("copyLogin", "clipboard_failed");
    await page.click("login.copy.email");
    expect(page.get("error").attributes("data-code")).toBe("clipboard_failed");
  });

  it("opens the practice phone, in practice only", async () => {
    const page = await saved();
    await page.click("login.open_phone");
    expect(page.host.calls("openPracticePhone")).toBe(1);
    const live = await mountStep("login", { scene: "login.saved", change: ({ answer }) => answer("getWizard", { environment: "live" }) });
    expect(live.has("login.open_phone")).toBe(false);
  });

  it("asks again for the confirmation after a change", async () => {
    const page = await mountStep("console");
    page.host.answer("goToStep", { ...page.host.read("getWizard"), at: "login" });
    await page.click("wizard.step.login");
    expect(blocked(page)).toBe(false);
    await page.click("login.change");
    await page.type("login.email", "new@example.com");
    await page.type("login.password", "Zq4-nT8w-Yb2");
    await page.host.leadsTo("login.saved");
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
    expect(page.host.sent("openConsole")).toEqual([{ account: page.account, page: "charge" }]);
    expect(page.host.sent("fillConsole")).toEqual(["email", "password"].map((field) => ({ account: page.account, field })));
  });

  it("notices the sign-in by itself", async () => {
    const page = await mountStep("console");
    expect(page.get("console.state").attributes("data-state")).toBe("waiting");
    expect(blocked(page)).toBe(true);
    await page.host.becomes("console.signed_in", { account: page.account, tags: ["wizard"] });
    await flushPromises();
    await page.host.leadsTo("wizard.connect");
    expect(page.get("console.state").attributes("data-state")).toBe("signed_in");
    await page.click("wizard.next");
    expect(page.has("step.connect")).toBe(true);
  });

  it("takes the shop's word for it", async () => {
    const page = await mountStep("console");
    await page.host.leadsTo("console.signed_in");
    await page.click("console.confirm");
    expect(page.host.sent("confirmSignedIn")).toEqual([{ account: page.account }]);
    expect(page.get("console.state").attributes("data-state")).toBe("signed_in");
  });

  it("leads back to the login when nothing is saved yet", async () => {
    const page = await mountStep("console");
    page.host.refuse("fillConsole", "login_missing");
    await page.click("console.fill.email");
    expect(page.get("error").attributes("data-code")).toBe("login_missing");
    page.host.answer("goToStep", { ...page.host.read("getWizard"), at: "login" });
    await page.click("error.act");
    expect(page.has("step.login")).toBe(true);
  });

  it("explains a window that did not open", async () => {
    const page = await mountStep("console");
    page.host.refuse("openConsole", "window_failed");
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
    expect(page.host.sent("openConsole")).toEqual([{ account: page.account, page: "dev_settings" }]);
    await page.host.leadsTo("connect.connected", "wizard.usage");
    await page.type("connect.app_id", " wx0123456789abcdef ");
    await page.type("connect.app_secret", SECRET);
    await save(page);
    expect(page.host.sent("connectAppSecret")).toEqual([{ account: page.account, appId: "wx0123456789abcdef", appSecret: SECRET }]);
    expect(page.get("connect.connected").attributes("data-source")).toBe("app_secret");
    expect(stands(SECRET)).toBe(false);
    await page.click("connect.again");
    expect((page.get("connect.app_secret").element as HTMLInputElement).value).toBe("");
    await page.click("wizard.next");
    expect(page.has("step.usage")).toBe(true);
  });

  it.each([["app_id_invalid", "app_id"], ["app_id_wrong", "app_id"], ["app_secret_invalid", "app_secret"], ["app_secret_wrong", "app_secret"]] as const)(
    "says %s at its field, with the cursor in it",
    async (code, field) => {
      const page = await mountStep("connect");
      await page.click("connect.way.app_secret");
      page.host.refuse("connectAppSecret", code);
      await save(page);
      expect(page.get("error").attributes("data-code")).toBe(code);
      expect(document.activeElement).toBe(page.get(`connect.${field}`).element);
      expect(page.get(`connect.${field}`).attributes("aria-describedby")).toBe(page.get("error").attributes("id"));
      expect(page.text()).not.toContain("TEST-0001");
    },
  );

  it.each(["ip_not_allowed", "app_secret_frozen", "timeout", "confirmation_pending"] as const)(
    "explains %s and gives the field back",
    async (code) => {
      const page = await mountStep("connect");
      await page.click("connect.way.app_secret");
      await page.type("connect.app_id", "wx0123456789abcdef");
      await page.type("connect.app_secret", SECRET);
      page.host.refuse("connectAppSecret", code, { ip: "203.0.113.7", host: "api.weixin.qq.com", seconds: "10" });
      await save(page);
      const error = page.get("error");
      expect(error.attributes("data-code")).toBe(code);
      if (code === "ip_not_allowed") expect(error.text()).toContain("203.0.113.7");
      await page.click("error.act");
      expect(document.activeElement).toBe(page.get("connect.app_id").element);
      expect(blocked(page)).toBe(true);
    },
  );

  it.each([
    ["zh", "小游戏没有说", "没有答复这个小游戏的用量（48001）"],
    ["en", "says nothing of mini-games", "does not answer for the usage of this mini-game (48001)"],
  ] as const)("offers a mini-game typed figures first, and says why in %s", async (language, why, what) => {
    const page = await mountStep("connect", { scene: "game.connect", language });
    expect(page.get("connect.game").text()).toContain(why);
    expect(page.get("connect.way.typed_in").attributes("data-state")).toBe("checked");
    const ways = [...document.querySelectorAll<HTMLElement>("[role=radio]")].map((way) => way.dataset.testid);
    expect(ways).toEqual(["typed_in", "app_secret", "member_card"].map((way) => `connect.way.${way}`));
    await page.click("connect.way.app_secret");
    page.host.refuse("connectAppSecret", "mini_game_not_read", { errcode: "48001" });
    await save(page);
    expect(page.get("error").text()).toContain(what);
    await page.click("connect.way.typed_in");
    for (const [field, figure] of [["used", "36"], ["remaining", "964"], ["total", "1000"]] as const) await page.type(`connect.${field}`, figure);
    await page.host.leadsTo("game");
    await save(page);
    expect(page.host.sent("connectTypedIn")).toEqual([{ account: page.account, figures: { used: 36, remaining: 964, total: 1000 } }]);
    const program = await mountStep("connect");
    expect(program.has("connect.game")).toBe(false);
  });

  it("connects by the member-card platform", async () => {
    const page = await mountStep("connect");
    await page.click("connect.way.member_card");
    await page.type("connect.access_key", "short");
    page.host.refuse("connectMemberCardUsage", "member_card_key_wrong");
    await save(page);
    expect(page.get("error").attributes("data-code")).toBe("member_card_key_wrong");
    expect(document.activeElement).toBe(page.get("connect.access_key").element);
    await page.type("connect.access_key", "mck-practice-0001");
    await page.host.leadsTo("connect.member_card");
    await save(page);
    expect(page.host.sent("connectMemberCardUsage").at(-1)).toEqual({ account: page.account, accessKey: "mck-practice-0001" });
    expect(page.get("connect.connected").attributes("data-source")).toBe("member_card");
  });

  it("offers the member-card platform on live only where its address is known", async () => {
    const page = await mountStep("connect", {
      change({ answer }) {
        answer("getWizard", { environment: "live" });
        answer("getApp", { live_member_card: false });
      },
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
    expect(page.host.calls("connectTypedIn")).toBe(0);
    await page.type("connect.total", "1，001");
    page.host.refuse("connectTypedIn", "figures_invalid");
    await save(page);
    expect(page.get("error").attributes("data-code")).toBe("figures_invalid");
    expect(document.activeElement).toBe(page.get("connect.total").element);
    await page.type("connect.total", "1,000");
    await page.host.leadsTo("connect.typed");
    await save(page);
    const figures = page.host.sent("connectTypedIn").map((args) => args.figures);
    expect(figures).toEqual([1001, 1000].map((total) => ({ used: 194, remaining: 806, total })));
    expect(page.get("connect.connected").attributes("data-source")).toBe("typed_in");
  });

  it("reads whole numbers and nothing else", () => {
    expect([" 1,000", "0", "８０６", "12次"].map(wholeNumber)).toEqual([1000, 0, 806, 12]);
    expect(["", "-1", "1.5", "1e3", "约 50", "1234567890123"].map(wholeNumber)).toEqual([null, null, null, null, null, null]);
  });
});
