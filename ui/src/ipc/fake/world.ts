// The state behind the in-memory host, and the small facts it is built from. Figures are those of the guide: a
// trial quota of 1,000 with 194 used, packs of the 2023 list at ¥0.03 a call.
import type {
  AcquisitionMode,
  Advice,
  AppView,
  ConsoleView,
  EligibilityView,
  Environment,
  ErrorCode,
  ErrorView,
  ExportTable,
  Language,
  LotView,
  ModeChangeView,
  OrderView,
  Origin,
  PackView,
  PriceRowView,
  ProxyChoice,
  SavedPage,
  PurchaseView,
  Reading,
  Step,
  SyncAllView,
  Theme,
  UnfinishedChangeView,
  UsageSource,
  WayChosen,
} from "../bindings";
import { newBill, type FakeBill } from "./bill";
import { newBulk, type FakeBulk } from "./bulk";

export const MINUTES: Record<Step, number> = {
  welcome: 1,
  eligibility: 2,
  way: 2,
  login: 4,
  console: 2,
  connect: 4,
  usage: 1,
  pack: 2,
  payment: 5,
  mode: 2,
  done: 1,
};

export interface FakeAccount {
  id: string;
  name: string;
  environment: Environment;
  at: Step;
  eligibility: EligibilityView | null;
  way: WayChosen | null;
  email: string;
  password: string;
  loginConfirmed: boolean;
  signedInAt: string | null;
  source: UsageSource | null;
  appId: string | null;
  connectedAt: string | null;
  used: number;
  trialTotal: number;
  bought: LotView[];
  readAt: string | null;
  stale: boolean;
  syncError: ErrorView | null;
  usageSeen: boolean;
  decided: "nothing" | "pack" | null;
  purchase: PurchaseView | null;
  orders: OrderView[];
  cardConnected: boolean;
  cardMode: AcquisitionMode;
  cardsLeft: number;
  /** When the card's settings were read; nothing: just now. */
  cardReadAt: string | null;
  cardStale: boolean;
  /** The platform counts sign-ups. */
  signUpsCounted: boolean;
  modeKept: AcquisitionMode | null;
  history: ModeChangeView[];
  /** A switch that was asked for and not finished. */
  unfinished: UnfinishedChangeView | null;
  finishedAt: string | null;
  archivedAt: string | null;
  /** The day on which it is told of again. */
  reminder: string | null;
  /** Removed, and not yet destroyed. */
  leaving: boolean;
  /** Days of usage that are known. */
  days: number;
}

export interface FakeWorld {
  bulk: FakeBulk;
  consoles: ConsoleView[];
  language: Language;
  theme: Theme;
  accounts: FakeAccount[];
  active: string | null;
  now: Date;
  nextId: number;
  nextOrder: number;
  liveMemberCard: boolean;
  startupError: ErrorCode | null;
  proxy: ProxyChoice;
  errandPrice: string;
  /** Every version of the shop's own price list, the newest last. */
  priceLists: Omit<PriceRowView, "in_force">[][];
  /** Reading all mini-programs again: how far it is. */
  syncAll: SyncAllView;
  /** Files exported, newest last. */
  exports: { name: string; table: ExportTable | null; text: string | null }[];
  /** What was copied last, of what is no secret. */
  clipboard: string | null;
  bill: FakeBill;
  /** Windows asked for, newest last: what a test looks at. */
  opened: string[];
  /** What the next window would show first. */
  keptPage: SavedPage | null;
}

/** When a fresh world is looked at. */
export const BEGINS = "2026-11-21T10:32:00+08:00";

export const MINI_PROGRAMS = ["晋味小馆会员中心", "青禾书店会员中心", "和平街小学家校通"];

export function newWorld(): FakeWorld {
  return {
    bulk: newBulk(),
    consoles: [],
    language: "zh",
    theme: "light",
    accounts: [],
    active: null,
    now: new Date(BEGINS),
    nextId: 1,
    nextOrder: 1,
    liveMemberCard: true,
    startupError: null,
    proxy: { kind: "system" },
    errandPrice: "5.00",
    priceLists: [],
    syncAll: { running: false, total: 0, done: 0, failed: 0, held_back: 0, cancelled: false },
    exports: [],
    clipboard: null,
    bill: newBill(),
    opened: [],
    keptPage: null,
  };
}

export function newAccount(world: FakeWorld, environment: Environment, name: string): FakeAccount {
  return {
    id: `account-${world.nextId++}`,
    name,
    environment,
    at: "eligibility",
    eligibility: null,
    way: null,
    email: "",
    password: "",
    loginConfirmed: false,
    signedInAt: null,
    source: null,
    appId: null,
    connectedAt: null,
    used: 194,
    trialTotal: 1000,
    bought: [],
    readAt: null,
    stale: false,
    syncError: null,
    usageSeen: false,
    decided: null,
    purchase: null,
    orders: [],
    cardConnected: false,
    cardMode: "authorized",
    cardsLeft: 9354,
    cardReadAt: null,
    cardStale: false,
    signUpsCounted: true,
    modeKept: null,
    history: [],
    unfinished: null,
    finishedAt: null,
    archivedAt: null,
    reminder: null,
    leaving: false,
    days: 0,
  };
}

/** A pack that was picked just now and not paid for yet. */
export function pickedPurchase(world: FakeWorld, id: string, pack: Pick<PurchaseView, "pack" | "calls" | "days" | "price">): PurchaseView {
  return {
    id,
    ...pack,
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

export function refusal(code: ErrorCode, params: Record<string, string> = {}): ErrorView {
  return { code, params, retry: { kind: "now" }, ref: "F4K3-0001" };
}

/** RFC 3339 in Beijing time, as the host sends it. */
export function beijing(at: Date): string {
  return `${new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}

export function later(at: Date, days: number): Date {
  return new Date(at.getTime() + days * 86_400_000);
}

export function reading<T>(value: T, origin: Origin, at: string): Reading<T> {
  return { value, origin, read_at: at };
}

export const PRICES: readonly [calls: number, price: number, list: number][] = [
  [1_000, 30, 30],
  [5_000, 150, 150],
  [10_000, 300, 300],
  [50_000, 1_500, 1_500],
  [100_000, 3_000, 3_000],
  [500_000, 15_000, 15_000],
  [1_000_000, 28_000, 30_000],
  [5_000_000, 140_000, 150_000],
  [10_000_000, 270_000, 300_000],
];

/** Up to half a million every call costs the same; above, the larger packs pay off against the half million. */
function breakEven(calls: number, price: number, list: number): PackView["break_even"] {
  if (calls === 1_000) return null;
  const smaller = PRICES.filter(([other]) => other < calls).at(-1);
  const against = `quick-${smaller?.[0] ?? 1_000}-365`;
  return { against, above: list > price ? Math.floor(price / 0.03) : null };
}

export function packs(monthlyCalls: number): PackView[] {
  const yearly = Math.max(1, monthlyCalls * 12);
  return PRICES.map(([calls, price, list]) => {
    const purchases = Math.ceil(yearly / calls);
    return {
      id: `quick-${calls}-365`,
      calls,
      days: 365,
      price: price.toFixed(2),
      list_price: list.toFixed(2),
      saves: list > price ? (list - price).toFixed(2) : null,
      price_per_call: (price / calls).toFixed(3),
      source: "会员卡平台购买指引（2023 年 8 月）",
      as_of: "2023-08-26T00:00:00+08:00",
      assumed: false,
      year: {
        cost: (purchases * price).toFixed(2),
        wasted: purchases * calls - yearly,
        left: 0,
        purchases,
        packs: [{ pack: `quick-${calls}-365`, times: purchases }],
      },
      wasted_if_now: 0,
      // In this list nothing is beaten: where a call costs the same, a bigger pack is fewer errands.
      far_beyond: calls > yearly * 10 && calls > 1_000,
      beaten_by: null,
      break_even: breakEven(calls, price, list),
    };
  });
}

export function advice(world: FakeWorld, monthlyCalls: number, remaining: number): Advice {
  const months = remaining / Math.max(1, monthlyCalls);
  if (months > 2) {
    return {
      kind: "buy_nothing",
      look_again: beijing(later(world.now, Math.floor((months - 1.5) * 30))),
      lasts_until: beijing(later(world.now, Math.floor(months * 30))),
    };
  }
  const money = (pack: PackView) => Number(pack.year?.cost);
  const times = (pack: PackView) => pack.year?.purchases ?? 0;
  const [first, second] = packs(monthlyCalls).sort((a, b) => money(a) - money(b) || times(a) - times(b));
  if (!first?.year) throw new Error("the list has packs");
  const more = second ? money(second) - money(first) : 0;
  return {
    kind: "buy",
    pack: first.id,
    year_cost: first.year.cost,
    year_wasted: first.year.wasted,
    year_purchases: first.year.purchases,
    packs: first.year.packs,
    runner_up: second
      ? { pack: second.id, drawback: more > 0 ? { kind: "costs_more", yuan: more.toFixed(2) } : { kind: "more_errands", times: times(second) - times(first) } }
      : null,
  };
}

export function appView(world: FakeWorld): AppView {
  return {
    version: "0.1.0",
    language: world.language,
    theme: world.theme,
    accounts: world.accounts.filter((a) => !a.archivedAt && !a.leaving).map((a) => ({
      id: a.id,
      name: a.name,
      environment: a.environment,
      wizard_at: a.finishedAt ? null : a.at,
    })),
    active: world.active,
    practice: { mini_programs: [...MINI_PROGRAMS], now: beijing(world.now) },
    live_member_card: world.liveMemberCard,
  };
}
