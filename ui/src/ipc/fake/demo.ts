// The in-memory host for looking at pages in a browser. `?step=way&lang=en&theme=dark` opens a page as it would be
// for a shop that came so far; without it the app opens as on its first day. Not part of a release bundle.
import { STEPS, type ErrorCode, type Language, type Step, type Theme } from "../bindings";
import { createFakeHost, type FakeHost } from "../fake";
import { decide } from "./views";
import { beijing, later, MINI_PROGRAMS, newAccount, type FakeAccount, type FakeWorld } from "./world";

/** Answers every step before `step` as an enterprise in catering would. */
export function walkTo(world: FakeWorld, step: Step, finished = false): FakeAccount {
  const account = newAccount(world, "practice", MINI_PROGRAMS[0] ?? "");
  world.accounts.push(account);
  world.active = account.id;
  account.at = step;
  const past = (other: Step) => STEPS.indexOf(step) > STEPS.indexOf(other) || finished;
  const now = beijing(world.now);
  if (past("eligibility")) {
    const decision = decide("enterprise", "catering", true);
    account.eligibility = { subject: "enterprise", category: "catering", verified: true, decision };
  }
  if (past("way")) account.way = { way: "authorized", monthly_calls: 50 };
  if (past("login")) {
    account.email = "shop@example.com";
    account.password = "Kf7-mQ2x-Wd9-1001";
    account.loginConfirmed = true;
  }
  if (past("console")) account.signedInAt = now;
  if (past("connect")) {
    account.source = "app_secret";
    account.appId = "wx0123456789abcdef";
    account.connectedAt = now;
    account.readAt = now;
  }
  account.usageSeen = past("usage");
  if (past("pack")) buy(world, account);
  if (past("payment")) receive(world, account);
  if (past("mode")) account.modeKept = "authorized";
  if (finished) account.finishedAt = now;
  return account;
}

function buy(world: FakeWorld, account: FakeAccount): void {
  account.decided = "pack";
  account.purchase = {
    id: "purchase-0",
    pack: "quick-1000-365",
    calls: 1000,
    days: 365,
    price: "30.00",
    state: "picked",
    picked_at: beijing(world.now),
    handed_over_at: null,
    arrived_at: null,
    lot: null,
    arrived_calls: null,
    effective_at: null,
    expires_at: null,
    refundable_until: null,
    last_checked: null,
  };
}

function receive(world: FakeWorld, account: FakeAccount): void {
  const at = beijing(world.now);
  const expires = beijing(later(world.now, 365));
  account.bought.push({
    id: "pkg-20261121",
    source: "paid",
    state: "in_effect",
    total: 1000,
    used: 0,
    remaining: 1000,
    effective_at: at,
    expires_at: expires,
    wasted: 180,
  });
  if (!account.purchase) return;
  account.purchase = {
    ...account.purchase,
    state: "arrived",
    handed_over_at: at,
    arrived_at: at,
    lot: "pkg-20261121",
    effective_at: at,
    expires_at: expires,
    refundable_until: beijing(later(world.now, 7)),
    last_checked: at,
  };
}

export function createDemoHost(search = window.location.search): FakeHost {
  const asked = new URLSearchParams(search);
  const step = asked.get("step") as Step | null;
  const host = createFakeHost((world) => {
    world.now = new Date();
    world.language = (asked.get("lang") as Language | null) ?? "zh";
    world.theme = (asked.get("theme") as Theme | null) ?? "light";
    world.startupError = asked.get("failed") as ErrorCode | null;
    if (asked.has("overview")) {
      const account = walkTo(world, "done", true);
      if (asked.get("overview") === "stale") account.stale = true;
      if (asked.get("overview") === "empty") account.source = null;
    } else if (step && step !== "welcome") walkTo(world, step);
  });
  // So that a person in the browser's console can play the other side: `companion.arrive("account-1")`.
  Object.assign(window, { companion: host.control });
  return host;
}
