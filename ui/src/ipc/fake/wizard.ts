// The in-memory host: the app, the wizard's own answers, the login and the console window.
import type { Step } from "../bindings";
import type { Context, Part } from "./context";
import * as views from "./views";
import { appView, later, newAccount, refusal, type FakeAccount } from "./world";

export function appMethods({
  world,
  find,
  now,
}: Context): Part<
  | "getApp"
  | "setLanguage"
  | "setTheme"
  | "selectAccount"
  | "restartApp"
  | "contentShown"
  | "savePage"
  | "advancePracticeClock"
  | "openPracticePhone"
  | "openPracticeCardOffice"
  | "openPracticeClaim"
  | "openHelpPage"
  | "printSummary"
> {
  return {
    async getApp() {
      if (world.startupError) throw refusal(world.startupError);
      return appView(world);
    },
    async setLanguage(language) {
      world.language = language;
      return appView(world);
    },
    async setTheme(theme) {
      world.theme = theme;
      return appView(world);
    },
    async selectAccount(account) {
      world.active = find(account).id;
      return appView(world);
    },
    async restartApp() {
      world.startupError = null;
    },
    async contentShown() {
      world.opened.push("content");
    },
    async savePage(page) {
      world.keptPage = page;
    },
    async advancePracticeClock(days) {
      world.now = later(world.now, days);
      return { mini_programs: appView(world).practice?.mini_programs ?? [], now: now() };
    },
    async openPracticePhone() {
      world.opened.push("phone");
    },
    async openPracticeCardOffice() {
      world.opened.push("card_office");
    },
    async openPracticeClaim() {
      world.opened.push("claim");
    },
    async openHelpPage(page) {
      world.opened.push(page);
    },
    async printSummary() {
      world.opened.push("print");
    },
  };
}

export function wizardMethods({
  world,
  find,
  wizard,
  now,
}: Context): Part<
  | "startAccount"
  | "getWizard"
  | "goToStep"
  | "renameAccount"
  | "decideEligibility"
  | "compareWays"
  | "chooseWay"
  | "finishWizard"
  | "getSummary"
  | "getOverview"
> {
  const named = (name: string) => {
    if (name.trim() === "") throw refusal("name_empty");
    return name.trim();
  };
  return {
    async startAccount(environment, name) {
      const account = newAccount(world, environment, named(name));
      world.accounts.push(account);
      world.active = account.id;
      return wizard(account);
    },
    async getWizard(id) {
      return wizard(find(id));
    },
    async goToStep(id, step: Step) {
      const account = find(id);
      const state = views.stepViews(account).find((view) => view.step === step)?.state;
      if (state === "later") throw refusal("step_not_ready");
      account.at = step;
      return wizard(account);
    },
    async renameAccount(id, environment, name) {
      const account = find(id);
      account.name = named(name);
      account.environment = environment;
      return wizard(account);
    },
    async decideEligibility(id, subject, category, verified) {
      const account = find(id);
      account.eligibility = { subject, category, verified, decision: views.decide(subject, category, verified) };
      return account.eligibility;
    },
    async compareWays(monthlyCalls) {
      return views.waysView(monthlyCalls);
    },
    async chooseWay(id, way, monthlyCalls) {
      const account = find(id);
      account.way = { way, monthly_calls: monthlyCalls };
      return wizard(account);
    },
    async finishWizard(id) {
      const account = find(id);
      account.finishedAt = now();
      return wizard(account);
    },
    async getSummary(id) {
      const account = find(id);
      return {
        name: account.name,
        environment: account.environment,
        finished_at: account.finishedAt ?? now(),
        app_id: account.appId,
        mode: account.modeKept,
        remaining: account.source ? views.remainingOf(account) : null,
        bought: account.purchase,
      };
    },
    async getOverview(id) {
      return views.overviewView(world, find(id));
    },
  };
}

export function loginMethods({
  world,
  find,
  wizard,
  now,
}: Context): Part<
  | "checkLogin"
  | "suggestPassword"
  | "saveLogin"
  | "confirmLoginSet"
  | "revealLogin"
  | "copyLogin"
  | "openConsole"
  | "fillConsole"
  | "confirmSignedIn"
> {
  const saved = (account: FakeAccount) => {
    if (account.email === "") throw refusal("login_missing");
    return account;
  };
  return {
    async checkLogin(email, password) {
      return views.checkLogin(email, password);
    },
    async suggestPassword() {
      return `Kf7-mQ2x-Wd9-${1000 + world.nextId++}`;
    },
    async saveLogin(id, email, password) {
      const account = find(id);
      const check = views.checkLogin(email, password);
      if (check.email) throw refusal("email_invalid");
      if (check.password.length > 0) throw refusal("password_weak");
      account.email = email;
      account.password = password;
      return wizard(account);
    },
    async confirmLoginSet(id) {
      const account = saved(find(id));
      account.loginConfirmed = true;
      return wizard(account);
    },
    async revealLogin(id, field) {
      return saved(find(id))[field];
    },
    async copyLogin(id) {
      saved(find(id));
      return { clears_in_seconds: 30 };
    },
    async openConsole(id, page) {
      world.opened.push(`console:${find(id).id}:${page}`);
    },
    async fillConsole(id, field) {
      saved(find(id));
      world.opened.push(`fill:${field}`);
    },
    async confirmSignedIn(id) {
      const account = find(id);
      account.signedInAt ??= now();
      return wizard(account);
    },
  };
}
