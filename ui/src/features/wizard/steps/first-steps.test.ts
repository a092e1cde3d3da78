// Steps 1 to 3 and the frame around all: the main paths, what is refused, and that quitting loses nothing.
import { describe, expect, it } from "vitest";

import App from "@/app/App.vue";
import WizardPage from "@/features/wizard/WizardPage.vue";
import type { Step } from "@/ipc/bindings";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type Mounted } from "@/testing/mount";
import { blocked, until } from "@/testing/page";
import { expectReachable, expectTranslated, mountStep } from "@/testing/step";

describe("welcome", () => {
  const open = () => mountWithHost(WizardPage, { path: "/wizard" });

  it("starts a practice account and asks the next question", async () => {
    const page = await open();
    expect((page.get("welcome.name").element as HTMLInputElement).value).toBe("晋味小馆会员中心");
    await page.host.leadsTo("wizard.eligibility");
    await page.click("wizard.next");
    await until(() => expect(page.has("step.eligibility")).toBe(true));
    expect(page.host.sent("startAccount")).toEqual([{ environment: "practice", kind: "mini_program", name: "晋味小馆会员中心" }]);
    expect(page.path()).toBe(`/wizard/${page.host.account}`);
  });

  it("starts a live account under its own name, and says so on the strip", async () => {
    const page = await open();
    expect(page.get("app.environment").attributes("data-environment")).toBe("practice");
    await page.click("welcome.live");
    expect((page.get("welcome.name").element as HTMLInputElement).value).toBe("");
    expect(blocked(page)).toBe(true);
    await page.click("wizard.next");
    expect(page.host.calls("startAccount")).toBe(0);
    await page.type("welcome.name", "老街面馆");
    await page.host.leadsTo("wizard.eligibility");
    await page.click("wizard.next");
    await until(() => expect(page.has("step.eligibility")).toBe(true));
    expect(page.host.sent("startAccount")).toEqual([{ environment: "live", kind: "mini_program", name: "老街面馆" }]);
  });

  it("starts a mini-game under a name of its kind", async () => {
    const page = await open();
    const name = () => (page.get("welcome.name").element as HTMLInputElement).value;
    await page.click("welcome.kind.mini_game");
    expect(name()).toBe("晋味大厨小游戏");
    await page.click("welcome.kind.mini_program");
    expect(name()).toBe("晋味小馆会员中心");
    await page.click("welcome.kind.mini_game");
    await page.host.leadsTo("game.eligibility");
    await page.click("wizard.next");
    await until(() => expect(page.has("step.eligibility")).toBe(true));
    expect(page.host.sent("startAccount")).toEqual([{ environment: "practice", kind: "mini_game", name: "晋味大厨小游戏" }]);
  });

  it("leaves a name alone that was typed, whichever kind is chosen", async () => {
    const page = await open();
    await page.type("welcome.name", "老街面馆");
    await page.click("welcome.kind.mini_game");
    expect((page.get("welcome.name").element as HTMLInputElement).value).toBe("老街面馆");
  });

  it("shows a refusal and stays", async () => {
    const page = await open();
    page.host.refuse("startAccount", "disk_full");
    await page.click("wizard.next");
    expect(page.get("error").attributes("data-code")).toBe("disk_full");
    expect(page.has("step.welcome")).toBe(true);
  });

  it("sends one request however often it is pressed", async () => {
    const page = await open();
    const release = page.host.hold("startAccount");
    await page.host.leadsTo("wizard.eligibility");
    await page.click("wizard.next");
    await page.click("wizard.next");
    release();
    await until(() => expect(page.has("step.eligibility")).toBe(true));
    expect(page.host.calls("startAccount")).toBe(1);
  });

  it("changes the language at once and keeps it", async () => {
    const page = await open();
    await page.click("welcome.language.en");
    await until(() => expect(page.get("wizard.next").text()).toBe("Start"));
    await until(() => expect(page.host.sent("setLanguage")).toEqual([{ language: "en" }]));
  });

  it("renames the account while nothing depends on it, and not after", async () => {
    const page = await mountStep("welcome", { scene: "welcome.back" });
    await page.type("welcome.name", "青禾书店会员中心");
    await page.host.leadsTo("welcome.renamed");
    await page.click("wizard.next");
    expect(page.host.sent("renameAccount")).toEqual([{ account: page.account, environment: "practice", kind: "mini_program", name: "青禾书店会员中心" }]);
    const later = await mountStep("console");
    later.host.answer("goToStep", { ...later.host.read("getWizard"), at: "welcome" });
    await later.click("wizard.step.welcome");
    expect(later.has("welcome.name")).toBe(false);
    await later.click("wizard.next");
    expect(later.host.calls("renameAccount")).toBe(0);
  });
});

describe("eligibility", () => {
  async function answer(page: Mounted, subject: string, category: string, verified = true, verdict?: string) {
    if (verdict) await page.host.leadsTo(`eligibility.${verdict}`);
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
    expect(page.host.calls("decideEligibility")).toBe(0);
  });

  it("says what a shop that pays will pay, from the host, and goes on", async () => {
    const page = await mountStep("eligibility");
    await answer(page, "enterprise", "catering", true, "pays");
    expect(page.host.sent("decideEligibility")).toEqual([{ account: page.account, subject: "enterprise", category: "catering", verified: true }]);
    expect(page.get("eligibility.verdict").attributes("data-kind")).toBe("pays");
    expect(page.get("eligibility.verdict").text()).toContain("¥0.03");
    expect(page.get("eligibility.verdict").text()).toContain("前 1,000 次不花钱");
    expect(page.get("eligibility.verdict").text()).toContain("2023 年 8 月 28 日");
    expect(page.has("eligibility.game")).toBe(false);
    await page.host.leadsTo("wizard.way");
    await page.click("wizard.next");
    expect(page.has("step.way")).toBe(true);
  });

  it.each([
    ["government", "other", "government_or_non_profit", false],
    ["public_institution", "government_services", "public_institution_government_services", true],
    ["enterprise", "formal_education", "medical_or_education", true],
  ] as const)("tells %s in %s that it pays nothing, and by which rule", async (subject, category, rule, check) => {
    const page = await mountStep("eligibility");
    await answer(page, subject, category, true, subject === "enterprise" ? "formal_education" : subject);
    expect(page.host.sent("decideEligibility")).toEqual([{ account: page.account, subject, category, verified: true }]);
    const verdict = page.get("eligibility.verdict");
    expect(verdict.attributes()).toMatchObject({ "data-kind": "free", "data-rule": rule });
    expect(verdict.text().includes("核对")).toBe(check);
    await page.host.leadsTo("wizard.free");
    await page.click("wizard.next");
    expect(page.has("step.done")).toBe(true);
    expect(page.get("wizard.step.pack").attributes("data-state")).toBe("skipped");
  });

  it.each([
    ["zh", "2025 年 8 月 4 日", "自己填三个数字"],
    ["en", "4 Aug 2025", "type in three figures"],
  ] as const)("says in %s from when a mini-game pays, and how its usage is read", async (language, since, way) => {
    const page = await mountStep("eligibility", { scene: "game.eligibility", language });
    expect(page.get("eligibility.verdict").text()).toContain(since);
    expect(page.get("eligibility.game").text().toLowerCase()).toContain(way);
  });

  it("lets a free account look at its usage all the same", async () => {
    const page = await mountStep("eligibility");
    await answer(page, "government", "other", true, "government");
    await page.host.leadsTo("wizard.free_connect");
    await page.click("eligibility.see_usage");
    expect(page.has("step.connect")).toBe(true);
  });

  it.each([
    ["individual", true, "individual"],
    ["enterprise", false, "not_verified"],
  ] as const)("tells %s (verified: %s) that it is not open", async (subject, verified, reason) => {
    const page = await mountStep("eligibility");
    await answer(page, subject, "retail", verified, reason);
    expect(page.host.sent("decideEligibility")).toEqual([{ account: page.account, subject, category: "retail", verified }]);
    expect(page.get("eligibility.verdict").attributes()).toMatchObject({ "data-kind": "not_eligible", "data-reason": reason });
  });

  it("takes a verdict off the screen when an answer changes", async () => {
    const page = await mountStep("eligibility");
    await answer(page, "government", "other", true, "government");
    await page.type("eligibility.subject", "enterprise");
    expect(page.has("eligibility.verdict")).toBe(false);
    await page.type("eligibility.category", "catering");
    await page.host.leadsTo("eligibility.pays");
    await page.click("wizard.next");
    expect(page.get("eligibility.verdict").attributes("data-kind")).toBe("pays");
  });

  it("shows no verdict the host did not acknowledge", async () => {
    const page = await mountStep("eligibility");
    page.host.refuse("decideEligibility", "disk_failed");
    await answer(page, "government", "other");
    expect(page.has("eligibility.verdict")).toBe(false);
    expect(page.get("error").attributes("data-code")).toBe("disk_failed");
  });
});

describe("the foot of the wizard", () => {
  it("leaves each button where it is when there is no step to go back to", async () => {
    const places = async (step: Step) => {
      const page = await mountWithHost(WizardPage, step === "welcome" ? {} : { path: "/wizard/:account", scene: `wizard.${step}` });
      return [...page.element.querySelectorAll("footer button, footer [data-testid='wizard.back_room']")].map((button) => button.textContent?.trim()).slice(0, 3);
    };
    expect(await places("welcome")).toEqual(await places("eligibility"));
  });
});

describe("way", () => {
  it("shows the host's cost at the shop's volume and follows the slider", async () => {
    const page = await mountStep("way");
    // What the first year really costs stands large; the trial quota is used first.
    expect(page.get("way.year_cost").text()).toBe("¥6.00");
    expect(page.text()).toContain("以后每年大约 ¥36.00");
    const slider = page.get("way.slider");
    expect(slider.attributes("aria-valuetext")).toBe("每月 100 人次");
    for (let press = 0; press < 6; press += 1) await slider.trigger("keydown", { key: "ArrowRight" });
    expect(slider.attributes("aria-valuetext")).toBe("每月 1,000 人次");
    await until(() => expect(page.get("way.year_cost").text()).toBe("¥330.00"));
    expect(page.text()).toContain("¥360.00");
    // Six key presses, one question: the slider is debounced.
    expect(page.host.calls("compareWays")).toBe(2);
  });

  it.each([
    ["authorized", "login"],
    ["manual", "mode"],
  ] as const)("keeps %s with its volume and opens %s", async (way, next) => {
    const page = await mountStep("way");
    expect(blocked(page)).toBe(true);
    await page.click(`way.${way}`);
    await page.host.leadsTo(way === "manual" ? "wizard.manual" : "wizard.login");
    await page.click("wizard.next");
    expect(page.host.sent("chooseWay")).toEqual([{ account: page.account, way, monthlyCalls: 100 }]);
    expect(page.has(`step.${next}`)).toBe(true);
  });

  it("starts from real usage when it is known", async () => {
    const page = await mountStep("way", { scene: "way.known" });
    expect(page.get("way.slider").attributes("aria-valuetext")).toBe("每月 70 人次");
    expect(page.text()).toContain("近期用量");
  });

  it("explains when the comparison cannot be had", async () => {
    const page = await mountStep("eligibility");
    page.host.refuse("compareWays", "internal");
    await page.type("eligibility.subject", "enterprise");
    await page.type("eligibility.category", "retail");
    await page.host.leadsTo("eligibility.pays", "wizard.way");
    await page.click("wizard.next");
    await page.click("wizard.next");
    expect(page.get("error").attributes("data-code")).toBe("internal");
    await page.click("error.act");
    expect(page.get("way.year_cost").text()).toBe("¥6.00");
  });
});

describe("the wizard", () => {
  it("goes back, and to any step that is done, but not ahead", async () => {
    const page = await mountStep("console");
    const goTo = (at: Step) => page.host.answer("goToStep", { ...page.host.read("getWizard"), at });
    goTo("login");
    await page.click("wizard.back");
    expect(page.has("step.login")).toBe(true);
    goTo("eligibility");
    await page.click("wizard.step.eligibility");
    expect(page.has("step.eligibility")).toBe(true);
    await page.click("wizard.step.pack");
    expect(page.host.sent("goToStep").map(({ step }) => step)).toEqual(["login", "eligibility"]);
    expect(page.has("step.eligibility")).toBe(true);
    expect(page.get("wizard.step.pack").attributes("data-state")).toBe("later");
  });

  it("opens where the host says it stopped, and leaves without losing it", async () => {
    const page = await mountStep("connect");
    const { host } = page;
    await page.click("wizard.later");
    await until(() => expect(page.path()).toBe("/overview"));
    const again = await mountWithHost(App, { host });
    await until(() => expect(again.has("step.connect")).toBe(true));
  });

  it("says when the account cannot be read, and reads again", async () => {
    const page = await mountWithHost(WizardPage, { path: "/wizard/account-9", change: (host) => host.refuseAlways("getWizard", "not_found") });
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
      const page = await mountStep(step, { scene: step === "welcome" ? "welcome.back" : `wizard.${step}`, language });
      if (step === "connect") await page.click("connect.way.app_secret");
      await expectAccessible(page.element);
      expectReachable(page.element);
      expectTranslated(page.element);
      expect(page.element.querySelectorAll('[data-testid="wizard.next"]').length).toBe(1);
    },
  );
});
