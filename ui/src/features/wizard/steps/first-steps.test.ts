// Steps 1 to 6: the main path of each, what each refuses, and that quitting loses nothing.
import { flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import App from "@/app/App.vue";
import WizardPage from "@/features/wizard/WizardPage.vue";
import type { Step } from "@/ipc/bindings";
import { expectAccessible } from "@/shared/testing/axe";
import { mountWithHost, type Mounted } from "@/shared/testing/mount";
import { expectReachable, expectTranslated, mountStep } from "@/shared/testing/step";

import { callsAt, positionOf, POSITIONS } from "./way/volume";
import { wholeNumber } from "./connect/figures";

afterEach(() => vi.useRealTimers());

/** Waits for what the page debounces. */
const until = (check: () => void) => vi.waitFor(check, { timeout: 2000, interval: 20 });

/** Whether a secret stands anywhere on the page, as text or in a field. */
function stands(secret: string): boolean {
  const fields = [...document.querySelectorAll("input")].map((field) => field.value);
  return document.body.innerHTML.includes(secret) || fields.includes(secret);
}

const blocked = (page: Mounted) => page.get("wizard.next").attributes("aria-disabled") === "true";

describe("welcome", () => {
  const open = () => mountWithHost(WizardPage, { path: "/wizard" });

  it("starts a practice account and asks the next question", async () => {
    const page = await open();
    expect((page.get("welcome.name").element as HTMLInputElement).value).toBe("晋味小馆会员中心");
    await page.click("wizard.next");
    await until(() => expect(page.has("step.eligibility")).toBe(true));
    const [account] = page.host.control.world.accounts;
    expect(account).toMatchObject({ name: "晋味小馆会员中心", environment: "practice", at: "eligibility" });
    expect(page.path()).toBe(`/wizard/${account?.id}`);
  });

  it("starts a live account under its own name, and says so on the strip", async () => {
    const page = await open();
    expect(page.get("app.environment").attributes("data-environment")).toBe("practice");
    await page.click("welcome.live");
    expect((page.get("welcome.name").element as HTMLInputElement).value).toBe("");
    expect(blocked(page)).toBe(true);
    await page.click("wizard.next");
    expect(page.host.control.calls("startAccount")).toBe(0);
    await page.type("welcome.name", "老街面馆");
    await page.click("wizard.next");
    await until(() => expect(page.has("step.eligibility")).toBe(true));
    expect(page.host.control.world.accounts[0]).toMatchObject({ name: "老街面馆", environment: "live" });
  });

  it("shows a refusal and stays", async () => {
    const page = await open();
    page.host.control.failNext("startAccount", "disk_full");
    await page.click("wizard.next");
    expect(page.get("error").attributes("data-code")).toBe("disk_full");
    expect(page.has("step.welcome")).toBe(true);
    expect(page.host.control.world.accounts).toEqual([]);
  });

  it("sends one request however often it is pressed", async () => {
    const page = await open();
    const release = page.host.control.hold("startAccount");
    await page.click("wizard.next");
    await page.click("wizard.next");
    release();
    await until(() => expect(page.has("step.eligibility")).toBe(true));
    expect(page.host.control.calls("startAccount")).toBe(1);
  });

  it("changes the language at once and keeps it", async () => {
    const page = await open();
    await page.click("welcome.language.en");
    expect(page.get("wizard.next").text()).toBe("Start");
    expect(page.host.control.world.language).toBe("en");
  });

  it("renames the account while nothing depends on it, and not after", async () => {
    const page = await mountStep("welcome");
    await page.type("welcome.name", "青禾书店会员中心");
    await page.click("wizard.next");
    expect(page.account.name).toBe("青禾书店会员中心");
    const later = await mountStep("console");
    await later.click("wizard.step.welcome");
    expect(later.has("welcome.name")).toBe(false);
    await later.click("wizard.next");
    expect(later.host.control.calls("renameAccount")).toBe(0);
  });
});

describe("eligibility", () => {
  async function answer(page: Mounted, subject: string, category: string, verified = true) {
    await page.type("eligibility.subject", subject);
    await page.type("eligibility.category", category);
    await page.get("eligibility.verified").setValue(verified);
    await page.click("wizard.next");
  }

  it("asks for both before it answers", async () => {
    const page = await mountStep("eligibility");
    await page.type("eligibility.subject", "enterprise");
    expect(blocked(page)).toBe(true);
    await page.click("wizard.next");
    expect(page.host.control.calls("decideEligibility")).toBe(0);
  });

  it("says what a shop that pays will pay, from the host, and goes on", async () => {
    const page = await mountStep("eligibility");
    await answer(page, "enterprise", "catering");
    expect(page.get("eligibility.verdict").attributes("data-kind")).toBe("pays");
    expect(page.get("eligibility.verdict").text()).toContain("¥0.03");
    expect(page.get("eligibility.verdict").text()).toContain("2023 年 8 月 28 日");
    await page.click("wizard.next");
    expect(page.has("step.way")).toBe(true);
  });

  it.each([
    ["government", "other", "government_or_non_profit", false],
    ["public_institution", "government_services", "public_institution_government_services", false],
    ["enterprise", "formal_education", "medical_or_education", true],
  ] as const)("tells %s in %s that it pays nothing, and by which rule", async (subject, category, rule, check) => {
    const page = await mountStep("eligibility");
    await answer(page, subject, category);
    const verdict = page.get("eligibility.verdict");
    expect(verdict.attributes()).toMatchObject({ "data-kind": "free", "data-rule": rule });
    expect(verdict.text().includes("核对")).toBe(check);
    await page.click("wizard.next");
    expect(page.has("step.done")).toBe(true);
    expect(page.get("wizard.step.pack").attributes("data-state")).toBe("skipped");
  });

  it("lets a free account look at its usage all the same", async () => {
    const page = await mountStep("eligibility");
    await answer(page, "government", "other");
    await page.click("eligibility.see_usage");
    expect(page.has("step.connect")).toBe(true);
  });

  it.each([
    ["individual", true, "individual"],
    ["enterprise", false, "not_verified"],
  ] as const)("tells %s (verified: %s) that it is not open", async (subject, verified, reason) => {
    const page = await mountStep("eligibility");
    await answer(page, subject, "retail", verified);
    expect(page.get("eligibility.verdict").attributes()).toMatchObject({ "data-kind": "not_eligible", "data-reason": reason });
  });

  it("takes a verdict off the screen when an answer changes", async () => {
    const page = await mountStep("eligibility");
    await answer(page, "government", "other");
    await page.type("eligibility.subject", "enterprise");
    expect(page.has("eligibility.verdict")).toBe(false);
    await page.click("wizard.next");
    expect(page.get("eligibility.verdict").attributes("data-kind")).toBe("pays");
  });

  it("shows no verdict the host did not acknowledge", async () => {
    const page = await mountStep("eligibility");
    page.host.control.failNext("decideEligibility", "disk_failed");
    await answer(page, "government", "other");
    expect(page.has("eligibility.verdict")).toBe(false);
    expect(page.get("error").attributes("data-code")).toBe("disk_failed");
  });
});

describe("way", () => {
  it("shows the host's cost at the shop's volume and follows the slider", async () => {
    const page = await mountStep("way");
    expect(page.get("way.year_cost").text()).toBe("¥36.00");
    const slider = page.get("way.slider");
    expect(slider.attributes("aria-valuetext")).toBe("每月 100 次");
    for (let press = 0; press < 20; press += 1) await slider.trigger("keydown", { key: "ArrowRight" });
    expect(page.get("way.volume").attributes("data-value")).toBe("1000");
    await until(() => expect(page.get("way.year_cost").text()).toBe("¥360.00"));
    expect(page.text()).toContain("¥330.00");
    // Twenty key presses, one question: the slider is debounced.
    expect(page.host.control.calls("compareWays")).toBe(2);
  });

  it.each([
    ["authorized", "login"],
    ["manual", "mode"],
  ] as const)("keeps %s with its volume and opens %s", async (way, next) => {
    const page = await mountStep("way");
    expect(blocked(page)).toBe(true);
    await page.click(`way.${way}`);
    await page.click("wizard.next");
    expect(page.account.way).toEqual({ way, monthly_calls: 100 });
    expect(page.has(`step.${next}`)).toBe(true);
  });

  it("starts from real usage when it is known", async () => {
    const page = await mountStep("way", (account) => {
      account.source = "app_secret";
      account.readAt = "2026-11-21T10:32:00+08:00";
    });
    expect(page.get("way.volume").attributes("data-value")).toBe("50");
    expect(page.text()).toContain("近期用量");
  });

  it("explains when the comparison cannot be had", async () => {
    const page = await mountStep("eligibility");
    page.host.control.failNext("compareWays", "internal");
    await page.type("eligibility.subject", "enterprise");
    await page.type("eligibility.category", "retail");
    await page.click("wizard.next");
    await page.click("wizard.next");
    expect(page.get("error").attributes("data-code")).toBe("internal");
    await page.click("error.act");
    expect(page.get("way.year_cost").text()).toBe("¥36.00");
  });

  it("has an even scale from 10 to 100,000", () => {
    expect([0, 20, 40, 60, 80].map(callsAt)).toEqual([10, 100, 1000, 10_000, 100_000]);
    expect(callsAt(POSITIONS)).toBe(100_000);
    for (let position = 0; position <= POSITIONS; position += 1) expect(positionOf(callsAt(position))).toBe(position);
    expect(positionOf(0)).toBe(0);
    expect(positionOf(9_999_999)).toBe(POSITIONS);
  });
});

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
    expect(page.text()).toContain("这不像邮箱");
    expect(page.text()).toContain("再长一点");
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
    expect(page.text()).toContain("写一个整数");
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

describe("the wizard", () => {
  it("goes back, and to any step that is done, but not ahead", async () => {
    const page = await mountStep("console");
    await page.click("wizard.back");
    expect(page.has("step.login")).toBe(true);
    await page.click("wizard.step.eligibility");
    expect(page.has("step.eligibility")).toBe(true);
    await page.click("wizard.step.pack");
    expect(page.has("step.eligibility")).toBe(true);
    expect(page.get("wizard.step.pack").attributes("data-state")).toBe("later");
  });

  it("opens where the host says it stopped, and leaves without losing it", async () => {
    const page = await mountStep("connect");
    const { host } = page;
    await page.click("wizard.later");
    await until(() => expect(page.path()).toBe("/overview"));
    const again = await mountWithHost(App, { host, path: "/" });
    await until(() => expect(again.has("step.connect")).toBe(true));
  });

  it("says when the account cannot be read, and reads again", async () => {
    const page = await mountWithHost(WizardPage, { path: "/wizard/account-9" });
    expect(page.get("error").attributes("data-code")).toBe("not_found");
  });

  it("puts the reader at the question", async () => {
    const page = await mountStep("way");
    expect(document.activeElement).toBe(page.element.querySelector("h1"));
  });
});

describe.each(["zh", "en"] as const)("every first step in %s", (language) => {
  it.each<Step>(["welcome", "eligibility", "way", "login", "console", "connect"])(
    "%s is accessible, reachable and complete",
    async (step) => {
      const page = await mountStep(step, () => undefined, language);
      if (step === "connect") await page.click("connect.way.app_secret");
      await expectAccessible(page.element);
      expectReachable(page.element);
      expectTranslated(page.element);
      expect(page.element.querySelectorAll('[data-testid="wizard.next"]').length).toBe(1);
    },
  );
});
