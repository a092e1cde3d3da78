// The in-memory host: a shop's usage over time, always the same.
import type { LotLife, UsageAhead, UsageCurveView, UsageDays, UsagePeriods } from "../bindings";
import { remainingOf } from "./views";
import { beijing, later, type FakeAccount, type FakeWorld } from "./world";

/** Calls on the day so many days ago: more at weekends, and a busy week now and then. */
function callsOf(place: number, date: Date): number {
  const weekend = date.getUTCDay() % 6 === 0 ? 4 : 0;
  const busy = place % 61 < 5 ? 9 : 0;
  return Math.max(0, 3 + weekend + busy + ((place * 7) % 5) - 2);
}

const dateOf = (day: string) => new Date(`${day}T00:00:00Z`);
const monday = (day: string) => later(dateOf(day), -((dateOf(day).getUTCDay() + 6) % 7)).toISOString().slice(0, 10);
const month = (day: string) => `${day.slice(0, 7)}-01`;

function grouped(days: readonly UsageDays[], first: (day: string) => string): UsageDays[] {
  const groups = new Map<string, UsageDays>();
  for (const one of days) {
    const group = groups.get(first(one.day)) ?? { ...one, days: 0, calls: 0 };
    groups.set(first(one.day), { ...group, days: group.days + one.days, calls: (group.calls ?? 0) + (one.calls ?? 0) });
  }
  return [...groups.values()];
}

function ahead(first: (place: number) => string, count: number, calls: number): UsageAhead[] {
  return Array.from({ length: count }, (_, place) => ({
    day: first(place),
    p10: Math.round(calls * (0.55 - place * 0.001)),
    p50: Math.round(calls),
    p90: Math.round(calls * (1.7 + place * 0.004)),
  }));
}

export function curveView(world: FakeWorld, a: FakeAccount): UsageCurveView {
  const today = beijing(world.now).slice(0, 10);
  const dayAt = (offset: number) => later(dateOf(today), offset).toISOString().slice(0, 10);
  const days: UsageDays[] = Array.from({ length: a.days }, (_, index) => {
    const place = a.days - index;
    return { day: dayAt(-place), days: 1, calls: callsOf(place, dateOf(dayAt(-place))), origin: "derived" };
  });
  const known = a.source !== null;
  const nextMonth = (place: number) =>
    new Date(Date.UTC(Number(today.slice(0, 4)), Number(today.slice(5, 7)) + place, 1)).toISOString().slice(0, 10);
  const at = (past: UsageDays[], first: (place: number) => string, count: number, calls: number): UsagePeriods => ({
    past,
    ahead: known ? ahead(first, count, calls) : [],
  });
  const trial: LotLife = {
    id: "trial",
    source: "trial",
    state: "in_effect",
    total: a.trialTotal,
    used: Math.min(a.used, a.trialTotal),
    effective_at: null,
    expires_at: null,
    exhausted_at: null,
  };
  const packs = a.bought.map(({ id, source, state, total, used, effective_at, expires_at }): LotLife => {
    return { id, source, state, total, used, effective_at, expires_at, exhausted_at: null };
  });
  return {
    account: a.id,
    method: known && remainingOf(a) >= 0 ? (a.days > 27 ? "weekday_level" : a.days > 0 ? "few_days" : "monthly_at_most") : null,
    known_days: a.days,
    day: at(days, dayAt, 92, 6),
    week: at(grouped(days, monday), (place) => later(dateOf(monday(today)), 7 * (place + 1)).toISOString().slice(0, 10), 26, 42),
    month: at(grouped(days, month), nextMonth, 12, 180),
    so_far: a.days > 0 ? { day: today, days: 1, calls: 2, origin: "derived" } : null,
    lots: [trial, ...packs],
    stretches:
      a.used > 0 && a.readAt
        ? [{ from: beijing(later(world.now, -a.days)), until: a.readAt, lot: "trial", source: "trial", calls: a.used, passed: { why: "still_open" } }]
        : [],
  };
}
