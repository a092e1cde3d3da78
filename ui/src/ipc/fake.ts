// A Host without a Tauri: for component tests, and for looking at the pages in a browser (`npm run dev`). It keeps
// state and refuses like the real one; it never leaves memory. Not part of a release bundle.
import type { Changed, ErrorCode, ErrorView, PurchaseView, Step, Tag } from "./bindings";
import type { Host } from "./client";
import * as views from "./fake/views";
import {
  advice,
  appView,
  beijing,
  later,
  newAccount,
  newWorld,
  packs,
  refusal,
  type FakeAccount,
  type FakeWorld,
} from "./fake/world";

type Method = Exclude<keyof Host, "onChanged">;

export interface FakeControl {
  readonly world: FakeWorld;
  /** The next call of this method is refused so; `params` as the host would send them. */
  failNext(method: Method, code: ErrorCode, params?: Record<string, string>): void;
  /** Holds calls of this method until the returned function is called: to see the busy state. */
  hold(method: Method): () => void;
  /** Tells listeners what changed behind the page's back. */
  emit(changed: Changed): void;
  /** How often a method was called. */
  calls(method: Method): number;
  /** What the console window would notice: a signed-in page. */
  signIn(account: string): void;
  /** WeChat's usage interface shows the pack that was picked. */
  arrive(account: string): void;
}

export type FakeHost = Host & { control: FakeControl };

export function createFakeHost(change: (world: FakeWorld) => void = () => undefined): FakeHost {
  const world = newWorld();
  change(world);
  const listeners = new Set<(changed: Changed) => void>();
  const failures = new Map<Method, ErrorView[]>();
  const gates = new Map<Method, Promise<void>>();
  const counts = new Map<Method, number>();

  const emit = (changed: Changed) => listeners.forEach((listen) => listen(changed));
  const touch = (account: string, ...tags: Tag[]) => emit({ account, tags });
  const find = (id: string): FakeAccount => {
    const found = world.accounts.find((account) => account.id === id);
    if (!found) throw refusal("not_found");
    return found;
  };
  const wizard = (account: FakeAccount) => views.wizardView(world, account);
  const now = () => beijing(world.now);

  const context: Context = { world, find, wizard, touch, now };
  const plain: Omit<Host, "onChanged"> = {
    ...appMethods(context),
    ...wizardMethods(context),
    ...loginMethods(context),
    ...usageMethods(context),
    ...purchaseMethods(context),
    ...cardMethods(context),
  };

  const guarded = Object.fromEntries(
    (Object.keys(plain) as Method[]).map((method) => [
      method,
      async (...values: never[]) => {
        counts.set(method, (counts.get(method) ?? 0) + 1);
        await gates.get(method);
        const failure = failures.get(method)?.shift();
        if (failure) throw failure;
        return (plain[method] as (...args: never[]) => Promise<unknown>)(...values);
      },
    ]),
  ) as unknown as Omit<Host, "onChanged">;

  return {
    ...guarded,
    async onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    control: {
      world,
      emit,
      failNext: (method, code, params = {}) =>
        failures.set(method, [...(failures.get(method) ?? []), refusal(code, params)]),
      hold(method) {
        let open = () => undefined as void;
        gates.set(method, new Promise<void>((resolve) => (open = resolve)));
        return () => {
          gates.delete(method);
          open();
        };
      },
      calls: (method) => counts.get(method) ?? 0,
      signIn(id) {
        find(id).signedInAt = now();
        touch(id, "wizard");
      },
      arrive(id) {
        arrive(world, find(id));
        touch(id, "purchase", "usage", "wizard");
      },
    },
  };
}

interface Context {
  world: FakeWorld;
  find(id: string): FakeAccount;
  wizard(account: FakeAccount): ReturnType<typeof views.wizardView>;
  touch(account: string, ...tags: Tag[]): void;
  now(): string;
}

type Part<K extends Method> = Pick<Host, K>;

function appMethods({
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

function wizardMethods({
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

function loginMethods({
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

function usageMethods({
  world,
  find,
  wizard,
  touch,
  now,
}: Context): Part<
  | "connectAppSecret"
  | "connectMemberCardUsage"
  | "connectTypedIn"
  | "getUsage"
  | "syncUsage"
  | "confirmUsageSeen"
> {
  const connect = (account: FakeAccount, source: FakeAccount["source"], appId: string | null) => {
    account.source = source;
    account.appId = appId;
    account.connectedAt = now();
    account.readAt = now();
    touch(account.id, "usage");
    return wizard(account);
  };
  return {
    async connectAppSecret(id, appId, appSecret) {
      if (!/^wx[0-9a-z]{16}$/.test(appId)) throw refusal("app_id_invalid");
      if (!/^[0-9a-z]{32}$/.test(appSecret)) throw refusal("app_secret_invalid");
      return connect(find(id), "app_secret", appId);
    },
    async connectMemberCardUsage(id, accessKey) {
      if (accessKey.trim().length < 8) throw refusal("member_card_key_wrong");
      const account = find(id);
      account.cardConnected = true;
      return connect(account, "member_card", "wx0123456789abcdef");
    },
    async connectTypedIn(id, figures) {
      if (figures.used + figures.remaining !== figures.total) throw refusal("figures_invalid");
      const account = find(id);
      account.used = figures.used;
      account.trialTotal = figures.total;
      return connect(account, "typed_in", null);
    },
    async getUsage(id) {
      return views.usageView(world, find(id));
    },
    async syncUsage(id) {
      const account = find(id);
      account.readAt = now();
      account.stale = false;
      account.syncError = null;
      const usage = views.usageView(world, account);
      if (!usage) throw refusal("no_usage_yet");
      touch(id, "usage");
      return usage;
    },
    async confirmUsageSeen(id) {
      const account = find(id);
      account.usageSeen = true;
      return wizard(account);
    },
  };
}

/** The picked pack shows up in the usage interface as a lot of its own. */
function arrive(world: FakeWorld, account: FakeAccount): void {
  const bought = account.purchase;
  if (!bought || bought.state !== "waiting") return;
  const at = beijing(world.now);
  const expires = beijing(later(world.now, bought.days));
  account.bought.push({
    id: "pkg-20261121",
    source: "paid",
    state: "in_effect",
    total: bought.calls,
    used: 0,
    remaining: bought.calls,
    effective_at: at,
    expires_at: expires,
    wasted: null,
  });
  account.purchase = {
    ...bought,
    state: "arrived",
    arrived_at: at,
    lot: "pkg-20261121",
    effective_at: at,
    expires_at: expires,
    refundable_until: beijing(later(world.now, 7)),
    last_checked: at,
  };
}

function purchaseMethods({
  world,
  find,
  wizard,
  touch,
  now,
}: Context): Part<
  "getPacks" | "pickPack" | "buyNothing" | "beginPurchase" | "checkArrival" | "giveUpPurchase"
> {
  const open = (account: FakeAccount): PurchaseView => {
    if (!account.purchase) throw refusal("not_found");
    return account.purchase;
  };
  return {
    async getPacks(id, monthlyCalls) {
      const account = find(id);
      const monthly = monthlyCalls ?? account.way?.monthly_calls ?? 50;
      const remaining = views.remainingOf(account);
      return {
        monthly_calls: monthly,
        monthly_is_estimate: monthlyCalls === null,
        remaining,
        advice: advice(world, monthly, remaining),
        packs: packs(monthly),
      };
    },
    async pickPack(id, pack) {
      const account = find(id);
      const picked = packs(50).find((view) => view.id === pack);
      if (!picked) throw refusal("pack_unknown");
      if (account.purchase?.state === "waiting") throw refusal("purchase_open");
      account.decided = "pack";
      account.purchase = {
        id: `purchase-${world.nextId++}`,
        pack,
        calls: picked.calls,
        days: picked.days,
        price: picked.price,
        state: "picked",
        picked_at: now(),
        handed_over_at: null,
        arrived_at: null,
        lot: null,
        arrived_calls: null,
        effective_at: null,
        expires_at: null,
        refundable_until: null,
        last_checked: null,
      };
      return wizard(account);
    },
    async buyNothing(id) {
      const account = find(id);
      account.decided = "nothing";
      account.purchase = null;
      return wizard(account);
    },
    async beginPurchase(id) {
      const account = find(id);
      account.purchase = { ...open(account), state: "waiting", handed_over_at: now(), last_checked: now() };
      world.opened.push("console:buy");
      touch(id, "purchase");
      return account.purchase;
    },
    async checkArrival(id) {
      const account = find(id);
      account.purchase = { ...open(account), last_checked: now() };
      return account.purchase;
    },
    async giveUpPurchase(id) {
      const account = find(id);
      account.purchase = { ...open(account), state: "given_up" };
      account.decided = null;
      return wizard(account);
    },
  };
}

function cardMethods({
  world,
  find,
  wizard,
  touch,
  now,
}: Context): Part<"connectMemberCard" | "getMemberCard" | "syncMemberCard" | "setMode" | "keepMode"> {
  const connected = (account: FakeAccount) => {
    if (!account.cardConnected) throw refusal("member_card_not_connected");
    return account;
  };
  return {
    async connectMemberCard(id, accessKey) {
      if (accessKey.trim().length < 8) throw refusal("member_card_key_wrong");
      const account = find(id);
      account.cardConnected = true;
      touch(id, "member_card");
      return views.memberCardView(world, account);
    },
    async getMemberCard(id) {
      return views.memberCardView(world, find(id));
    },
    async syncMemberCard(id) {
      return views.memberCardView(world, connected(find(id)));
    },
    async setMode(id, mode) {
      const account = connected(find(id));
      account.history.unshift({
        id: `change-${world.nextId++}`,
        from: account.cardMode,
        to: mode,
        by: "person",
        state: "confirmed",
        asked_at: now(),
        confirmed_at: now(),
      });
      account.cardMode = mode;
      account.modeKept = mode;
      touch(id, "member_card", "wizard");
      return views.memberCardView(world, account);
    },
    async keepMode(id) {
      const account = find(id);
      account.modeKept = account.cardConnected ? account.cardMode : (account.way?.way ?? "authorized");
      return wizard(account);
    },
  };
}
