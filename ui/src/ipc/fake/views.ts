// What the in-memory host answers, made from its state.
import {
  STEPS,
  type AlertView,
  type Decision,
  type LoginCheck,
  type LotView,
  type OverviewView,
  type PasswordProblem,
  type ShopCategory,
  type Step,
  type StepState,
  type StepView,
  type Subject,
  type UsageView,
  type WaysView,
  type WizardView,
} from "../bindings";
import {
  advice,
  beijing,
  later,
  MINUTES,
  reading,
  type FakeAccount,
  type FakeWorld,
} from "./world";

export function decide(subject: Subject, category: ShopCategory, verified: boolean): Decision {
  if (subject === "individual") return { kind: "not_eligible", reason: "individual" };
  if (!verified) return { kind: "not_eligible", reason: "not_verified" };
  if (subject === "government" || subject === "non_profit") {
    return { kind: "free", rule: "government_or_non_profit", needs_check: false };
  }
  if (subject === "public_institution" && category === "government_services") {
    return { kind: "free", rule: "public_institution_government_services", needs_check: false };
  }
  if (category === "public_medical" || category === "formal_education") {
    return { kind: "free", rule: "medical_or_education", needs_check: true };
  }
  return { kind: "pays", unit_price: "0.03", charging_since: "2023-08-28T00:00:00+08:00" };
}

function answered(a: FakeAccount): Record<Step, StepState | null> {
  // Who pays nothing, or may not open the capability, has nothing to prepare or to buy.
  const free = a.eligibility !== null && a.eligibility.decision.kind !== "pays";
  const manual = a.way?.way === "manual";
  const unpaid: StepState | null = free || manual ? "skipped" : null;
  const arrived = a.purchase?.state === "arrived" || a.purchase?.state === "arrived_different";
  return {
    welcome: "done",
    eligibility: a.eligibility ? "done" : null,
    way: free ? "skipped" : a.way ? "done" : null,
    login: a.loginConfirmed ? "done" : unpaid,
    console: a.signedInAt ? "done" : unpaid,
    connect: a.source ? "done" : unpaid,
    usage: a.usageSeen ? "done" : unpaid && !a.source ? "skipped" : null,
    pack: unpaid ?? (a.decided ? "done" : null),
    payment: unpaid ?? (a.decided === "nothing" ? "skipped" : arrived ? "done" : null),
    mode: free ? "skipped" : a.modeKept ? "done" : null,
    done: a.finishedAt ? "done" : null,
  };
}

export function stepViews(a: FakeAccount): StepView[] {
  const states = answered(a);
  let reached = true;
  return STEPS.map((step) => {
    const state = states[step] ?? (reached ? "open" : "later");
    if (states[step] === null) reached = false;
    return { step, state, minutes: MINUTES[step] };
  });
}

export function wizardView(world: FakeWorld, a: FakeAccount): WizardView {
  const nothing = a.decided === "nothing";
  const advised = advice(world, a.way?.monthly_calls ?? 50, remainingOf(a));
  return {
    account: a.id,
    name: a.name,
    environment: a.environment,
    at: a.at,
    steps: stepViews(a),
    eligibility: a.eligibility,
    way: a.way,
    login_saved: a.email !== "",
    login_confirmed: a.loginConfirmed,
    signed_in_at: a.signedInAt,
    connection:
      a.source && a.connectedAt ? { source: a.source, app_id: a.appId, connected_at: a.connectedAt } : null,
    usage_seen: a.usageSeen,
    purchase: nothing
      ? { kind: "nothing", look_again: advised.kind === "buy_nothing" ? advised.look_again : null }
      : a.purchase
        ? { kind: "pack", purchase: a.purchase }
        : null,
    mode: a.modeKept,
    finished_at: a.finishedAt,
  };
}

export function waysView(monthlyCalls: number): WaysView {
  const yearly = monthlyCalls * 12;
  const months = Math.floor(1000 / Math.max(1, monthlyCalls));
  return {
    monthly_calls: monthlyCalls,
    authorised_year: (yearly * 0.03).toFixed(2),
    authorised_unit: "0.03",
    authorised_first_year: (Math.max(0, yearly - 1000) * 0.03).toFixed(2),
    trial_months: months > 120 ? null : months,
    trial_calls: 1000,
    manual_year: "0.00",
  };
}

export function checkLogin(email: string, password: string): LoginCheck {
  const problems: PasswordProblem[] = [];
  const kinds = [/[a-z]/i, /\d/, /[^a-z\d]/i].filter((kind) => kind.test(password)).length;
  if (password.length < 8) problems.push("too_short");
  else if (kinds < 2) problems.push("one_kind_only");
  if (/[\s\u0080-\uffff]/.test(password)) problems.push("forbidden_character");
  const local = email.split("@")[0] ?? "";
  if (local.length > 3 && password.includes(local)) problems.push("contains_email");
  const strength = password === "" ? 0 : Math.min(4, Math.floor(password.length / 5) + kinds - 1);
  return {
    email:
      email === "" ? "empty" : email.length > 64 ? "too_long" : /^\S+@\S+\.\S+$/.test(email) ? null : "not_an_address",
    password: problems,
    strength: problems.length > 0 ? Math.min(1, strength) : strength,
  };
}

function trialLot(a: FakeAccount): LotView {
  const used = Math.min(a.used, a.trialTotal);
  return {
    id: "trial",
    source: "trial",
    state: used < a.trialTotal ? "in_effect" : "spent",
    total: a.trialTotal,
    used,
    remaining: a.trialTotal - used,
    ended: used < a.trialTotal ? null : "used_up",
    effective_at: null,
    expires_at: null,
    wasted: null,
  };
}

export function remainingOf(a: FakeAccount): number {
  return trialLot(a).remaining + a.bought.reduce((sum, lot) => sum + lot.remaining, 0);
}

export function usageView(world: FakeWorld, a: FakeAccount): UsageView | null {
  if (!a.source || !a.readAt) return null;
  const origin = a.source === "typed_in" ? "typed_in" : "platform";
  const lots = [trialLot(a), ...a.bought];
  const total = lots.reduce((sum, lot) => sum + lot.total, 0);
  const remaining = remainingOf(a);
  const likely = Math.round((remaining / 50) * 30);
  return {
    source: a.source,
    used: reading(a.used, origin, a.readAt),
    remaining: reading(remaining, origin, a.readAt),
    total: reading(total, origin, a.readAt),
    expired: 0,
    monthly: { calls: 17, is_estimate: true },
    average: a.source === "typed_in" ? null : reading({ calls: 50, at_most: true }, "platform", a.readAt),
    lots,
    run_out: reading(
      {
        earliest: beijing(later(world.now, Math.round(likely * 0.8))),
        likely: beijing(later(world.now, likely)),
        latest: beijing(later(world.now, Math.round(likely * 1.4))),
        by_expiry: false,
        method: a.days > 27 ? "weekday_level" : a.days > 0 ? "few_days" : "monthly_at_most",
        known_days: a.days,
      },
      "estimated",
      a.readAt,
    ),
    sync: { last_tried: a.readAt, last_ok: a.readAt, running: false, error: a.syncError, stale: a.stale },
  };
}

const isDue = (world: FakeWorld, day: string | null) => day !== null && day.slice(0, 10) <= beijing(world.now).slice(0, 10);

function alerts(world: FakeWorld, a: FakeAccount): AlertView[] {
  const found: AlertView[] = [];
  if (a.reminder && isDue(world, a.reminder)) found.push({ kind: "reminder", day: a.reminder });
  const remaining = remainingOf(a);
  const total = a.trialTotal + a.bought.reduce((sum, lot) => sum + lot.total, 0);
  const percent = Math.floor((remaining * 100) / total);
  const manual = (a.cardConnected ? a.cardMode : a.modeKept) === "manual";
  if (percent <= 20 && !manual) found.push({ kind: "quota_low", percent, remaining });
  const bought = a.purchase;
  if (bought?.state === "waiting" && bought.handed_over_at) {
    found.push({ kind: "purchase_waiting", purchase: bought.id, since: bought.handed_over_at });
  }
  if (bought?.refundable_until && new Date(bought.refundable_until) > world.now) {
    found.push({ kind: "refund_window", purchase: bought.id, until: bought.refundable_until, by_use: false });
  }
  return found;
}

export function situationView(a: FakeAccount, usage: UsageView | null): OverviewView["situation"] {
  if (a.eligibility?.decision.kind === "free") return { kind: "pays_nothing", tone: "calm", first: null, second: null };
  if (!usage) return { kind: a.syncError ? "cannot_read" : "not_connected", tone: "muted", first: "connect", second: null };
  const manual = (a.cardConnected ? a.cardMode : a.modeKept) === "manual";
  const left = usage.remaining.value;
  if (manual) return { kind: left > 0 ? "manual" : "dry_manual", tone: "calm", first: null, second: left > 0 ? "let_members_authorize" : "buy" };
  if (left === 0) return { kind: "dry_used_up", tone: "danger", first: "let_members_type", second: "buy" };
  if (left < 25) return { kind: "ends_soon_by_use", tone: "warn", first: "buy", second: null };
  return { kind: a.bought.length > 0 ? "enough" : "trial_enough", tone: "calm", first: "look_again", second: null };
}

function nextExpiry(dated: LotView[]): OverviewView["next_expiry"] {
  const first = dated.sort((x, y) => (x.expires_at ?? "").localeCompare(y.expires_at ?? ""))[0];
  return first?.expires_at ? { expires_at: first.expires_at, lots: 1, calls: first.remaining, wasted: first.wasted } : null;
}

export function overviewView(world: FakeWorld, a: FakeAccount): OverviewView {
  const usage = usageView(world, a);
  const dated = a.bought.filter((lot) => lot.state !== "spent" && lot.expires_at);
  const kept = a.modeKept ? reading(a.modeKept, "typed_in", beijing(world.now)) : null;
  return {
    account: a.id,
    name: a.name,
    environment: a.environment,
    free: a.eligibility?.decision.kind === "free",
    usage,
    mode: a.cardConnected ? reading(a.cardMode, "platform", beijing(world.now)) : kept,
    situation: situationView(a, usage),
    can_switch: a.cardConnected,
    next_expiry: nextExpiry(dated),
    advice: usage ? advice(world, a.way?.monthly_calls ?? 50, usage.remaining.value) : null,
    purchase: a.purchase,
    alerts: usage ? alerts(world, a) : [],
    reminder: isDue(world, a.reminder) ? null : a.reminder,
  };
}
