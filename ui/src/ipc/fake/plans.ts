// The in-memory host: plans for a year, roughly as the core would make them.
import type { PlansView, PlanView, RunOutRisk, WhatIf } from "../bindings";
import { advice, beijing, later, packs, reading, type FakeAccount, type FakeWorld } from "./world";

const day = (at: Date) => beijing(at).slice(0, 10);

function riskOf(world: FakeWorld, have: number, need: number): RunOutRisk {
  if (have >= need * 1.5) return { level: "small", at_most_percent: 5, from: null };
  if (have >= need * 0.6) return { level: "some", at_most_percent: 35, from: day(later(world.now, 300)) };
  return { level: "certain", at_most_percent: 100, from: day(later(world.now, Math.round((365 * have) / Math.max(1, need)))) };
}

export function plansView(world: FakeWorld, account: FakeAccount, whatIf: WhatIf, remaining: number): PlansView {
  const monthly = whatIf.monthly_calls ?? account.way?.monthly_calls ?? 50;
  const extra = whatIf.campaign?.extra_calls ?? 0;
  const year = monthly * 12 + extra;
  const needed = Math.max(0, year - remaining);
  const firstDay = Math.floor((remaining / Math.max(1, monthly)) * 30);
  const nothing: PlanView = {
    first: null,
    cost: "0.00",
    wasted: 0,
    left: Math.max(0, remaining - year),
    purchases: 0,
    packs: [],
    schedule: [],
    risk: riskOf(world, remaining, year),
    place: "nothing",
    drawback: null,
  };
  const made = packs(monthly)
    .map((pack) => {
      const times = Math.ceil(needed / pack.calls);
      return { pack, times, cost: times * Number(pack.price), wasted: times * pack.calls - needed };
    })
    .filter((one) => one.times > 0 && one.times <= (whatIf.max_purchases ?? Infinity))
    .sort((a, b) => a.cost - b.cost || a.times - b.times);
  const best = made[0];
  const bigger = best && made.filter((one) => one.pack.calls > best.pack.calls).sort((a, b) => a.pack.calls - b.pack.calls)[0];
  const smaller = best && made.filter((one) => one.pack.calls < best.pack.calls).sort((a, b) => b.pack.calls - a.pack.calls)[0];
  const plans = made.slice(0, 5).map((one): PlanView => {
    const place = one === best ? "best" : one === bigger ? "bigger" : one === smaller ? "smaller" : "other";
    const more = best ? one.cost - best.cost : 0;
    const times = best ? one.times - best.times : 0;
    return {
      first: one.pack.id,
      cost: one.cost.toFixed(2),
      wasted: one.wasted,
      left: 0,
      purchases: one.times,
      packs: [{ pack: one.pack.id, times: one.times }],
      schedule: Array.from({ length: Math.min(12, one.times) }, (_, index) => ({
        day: day(later(world.now, firstDay + index * 30)),
        pack: one.pack.id,
      })),
      risk: riskOf(world, remaining + one.times * one.pack.calls, year),
      place,
      drawback:
        one === best
          ? null
          : more > 0
            ? { kind: "costs_more", yuan: more.toFixed(2) }
            : times > 0
              ? { kind: "more_errands", times }
              : { kind: "nothing" },
    };
  });
  const given = advice(world, monthly, remaining);
  return {
    monthly_calls: monthly,
    monthly_is_estimate: whatIf.monthly_calls === null,
    remaining: reading(remaining, account.source === "typed_in" ? "typed_in" : "derived", account.readAt ?? beijing(world.now)),
    run_out: { earliest: null, likely: day(later(world.now, firstDay)), latest: null, by_expiry: false, method: "monthly_average", known_days: 0 },
    advice:
      needed > 0 && !best
        ? { kind: "cannot" }
        : given.kind === "buy_nothing"
          ? {
              kind: "buy_nothing",
              look_again: given.look_again,
              lasts_until: given.lasts_until,
              idle_days: best ? firstDay : null,
              later: best?.pack.id ?? null,
            }
          : {
              kind: "buy",
              pack: best?.pack.id ?? (given.kind === "buy" ? given.pack : ""),
              needed_on: day(later(world.now, firstDay)),
              lasts_until: day(later(world.now, 400)),
              reasons: ["runs_out_soon", "cheapest", ...(best?.times === 1 ? (["once_is_enough"] as const) : [])],
            },
    plans: [nothing, ...plans],
    first_day: day(world.now),
    last_day: day(later(world.now, 364)),
  };
}
