//! Plans are optimal: compared with trying everything on small cases, and with a table over every call on larger ones.

use billing_core::plan::{Plan, PlanInput, PlanLot, PlanPack, Planner, Purchase, Purchases, solve};
use billing_core::{Calls, Days, Yuan};
use proptest::prelude::*;

/// Cost in cents, purchases, wasted calls: what is minimised, in this order.
pub(crate) type Score = (u64, u64, u64);

/// Something that can serve calls: calls left, first day on which it no longer can.
#[derive(Clone, Debug)]
pub(crate) struct Supply {
    pub(crate) left: u64,
    pub(crate) end: u64,
}

pub(crate) fn lots(input: &PlanInput) -> Vec<Supply> {
    input.lots.iter().map(|lot| Supply { left: lot.calls.get(), end: lot.usable_days }).collect()
}

fn calls_by_day(input: &PlanInput) -> Vec<u64> {
    let days = input.daily_demand.iter().enumerate();
    days.flat_map(|(day, calls)| vec![u64::try_from(day).unwrap(); *calls as usize]).collect()
}

/// Serves one call by the usable supply that ends first.
pub(crate) fn serve(supplies: &mut [Supply], day: u64) -> bool {
    let usable = supplies.iter_mut().filter(|supply| supply.left > 0 && day < supply.end);
    usable.min_by_key(|supply| supply.end).map(|supply| supply.left -= 1).is_some()
}

pub(crate) fn buy(pack: &PlanPack, day: u64) -> Supply {
    Supply { left: pack.calls.get(), end: day + u64::from(pack.days.get()) }
}

pub(crate) fn cost(input: &PlanInput, pack: &PlanPack) -> u64 {
    pack.price.fen().unwrap() + input.bother.fen().unwrap()
}

fn wasted(supplies: &[Supply], horizon: usize) -> u64 {
    supplies.iter().filter(|supply| supply.end <= horizon as u64).map(|supply| supply.left).sum()
}

/// Tries every pack at every call that nothing serves: the model of docs/billing-rules.md §13, word by word.
pub(crate) fn try_everything(input: &PlanInput) -> Option<Score> {
    fn go(
        input: &PlanInput,
        calls: &[u64],
        mut supplies: Vec<Supply>,
        spent: (u64, u64),
        best: &mut Option<Score>,
    ) {
        if best.is_some_and(|best| (spent.0, spent.1) > (best.0, best.1))
            || input.max_purchases.is_some_and(|max| spent.1 > max)
        {
            return;
        }
        let mut calls = calls;
        while let [day, rest @ ..] = calls
            && serve(&mut supplies, *day)
        {
            calls = rest;
        }
        let Some(day) = calls.first() else {
            let score = (spent.0, spent.1, wasted(&supplies, input.daily_demand.len()));
            *best = Some(best.map_or(score, |best| best.min(score)));
            return;
        };
        for pack in &input.packs {
            let mut bought = supplies.clone();
            bought.push(buy(pack, *day));
            go(input, calls, bought, (spent.0 + cost(input, pack), spent.1 + 1), best);
        }
    }
    let mut best = None;
    go(input, &calls_by_day(input), lots(input), (0, 0), &mut best);
    best
}

/// Makes the purchases of a plan as they are listed, and serves every call: panics where the plan is no plan.
fn follow(input: &PlanInput, plan: &Purchases) -> Score {
    let mut supplies = lots(input);
    let mut to_buy = plan.purchases.iter();
    let mut spent = (0, 0);
    let calls = calls_by_day(input);
    for day in &calls {
        if !serve(&mut supplies, *day) {
            let Purchase { day: on, pack } = to_buy.next().expect("a call that the plan forgot");
            assert_eq!(*on as u64, *day, "bought when a call needs it");
            let pack = input.packs.iter().find(|known| known.id == *pack).unwrap();
            supplies.push(buy(pack, *day));
            spent = (spent.0 + cost(input, pack), spent.1 + 1);
            assert!(serve(&mut supplies, *day));
        }
    }
    assert_eq!(to_buy.next(), None, "a purchase that nothing needed");
    let horizon = input.daily_demand.len() as u64;
    let wasted = wasted(&supplies, input.daily_demand.len());
    let left: u64 = supplies.iter().filter(|supply| supply.end > horizon).map(|supply| supply.left).sum();
    assert_eq!((plan.served, plan.wasted, plan.left_at_end), (calls.len() as u64, wasted, left));
    assert_eq!(plan.cost, Yuan::from_fen(spent.0));
    assert_eq!(plan.money, Yuan::from_fen(spent.0 - spent.1 * input.bother.fen().unwrap()));
    (spent.0, spent.1, wasted)
}

/// The best from every call on, from the last to the first, for every number of purchases still allowed.
fn table_over_every_call(input: &PlanInput) -> Option<Score> {
    let calls = calls_by_day(input);
    let mut supplies = lots(input);
    let first = calls.iter().position(|day| !serve(&mut supplies, *day)).unwrap_or(calls.len());
    let lots_wasted = wasted(&supplies, input.daily_demand.len());
    let horizon = input.daily_demand.len() as u64;
    let rounds = input.max_purchases.map(|max| usize::try_from(max).unwrap());
    let step = |at: usize, pack: &PlanPack| {
        let end = calls[at] + u64::from(pack.days.get());
        let by_days = calls.partition_point(|day| *day < end);
        let reach = by_days.min(at + usize::try_from(pack.calls.get()).unwrap());
        let unused = pack.calls.get() - (reach - at) as u64;
        (reach, if end > horizon { 0 } else { unused })
    };
    let fill = |from: &dyn Fn(usize) -> Option<Score>, at: usize| -> Option<Score> {
        let ways = input.packs.iter().filter_map(|pack| {
            let (reach, waste) = step(at, pack);
            let (money, count, wasted) = from(reach)?;
            Some((money + cost(input, pack), count + 1, wasted + waste))
        });
        ways.min()
    };
    let none = |at: usize| (at == calls.len()).then_some((0, 0, 0));
    let mut best: Vec<Option<Score>> = (0..=calls.len()).map(none).collect();
    match rounds {
        None => {
            for at in (first..calls.len()).rev() {
                best[at] = fill(&|reach| best[reach], at);
            }
        }
        Some(rounds) => {
            for _ in 0..rounds {
                let fewer = best;
                best = (0..=calls.len())
                    .map(|at| none(at).or_else(|| fill(&|reach| fewer[reach], at)))
                    .collect();
            }
        }
    }
    best[first].map(|(money, count, waste)| (money, count, waste + lots_wasted))
}

prop_compose! {
    fn pack(calls: u64, days: u64, fen: u64)(calls in 1..=calls, days in 1..=days, fen in 0..=fen) -> (u64, u64, u64) {
        (calls, days, fen)
    }
}

/// Sizes of a generated case: days, calls a day, packs, calls and days and cents of a pack, limit.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) days: usize,
    pub(crate) daily: u32,
    pub(crate) packs: usize,
    pub(crate) calls: u64,
    pub(crate) valid: u64,
    pub(crate) fen: u64,
    pub(crate) limit: u64,
}

pub(crate) fn input(size: Size) -> impl Strategy<Value = PlanInput> {
    let quiet = prop_oneof![2 => Just(0_u32), 3 => 0..=size.daily];
    let lot = (0..=size.calls, 0..=size.valid)
        .prop_map(|(calls, usable_days)| PlanLot { calls: Calls::new(calls).unwrap(), usable_days });
    let packs = prop::collection::vec(pack(size.calls, size.valid, size.fen), 0..=size.packs);
    (
        prop::collection::vec(quiet, 0..=size.days),
        prop::collection::vec(lot, 0..3),
        packs,
        prop_oneof![Just(0_u64), 0..=size.fen],
        prop::option::weighted(0.4, 0..=size.limit),
    )
        .prop_map(|(daily_demand, lots, packs, bother, max_purchases)| PlanInput {
            daily_demand,
            lots,
            packs: packs
                .into_iter()
                .enumerate()
                .map(|(index, (calls, days, fen))| PlanPack {
                    id: format!("p{index}"),
                    calls: Calls::new(calls).unwrap(),
                    days: Days::new(days).unwrap(),
                    price: Yuan::from_fen(fen),
                })
                .collect(),
            bother: Yuan::from_fen(bother),
            max_purchases,
        })
}

const SMALL: Size = Size { days: 6, daily: 3, packs: 3, calls: 7, valid: 5, fen: 9, limit: 5 };
const TIED: Size = Size { days: 40, daily: 20, packs: 5, calls: 100, valid: 20, fen: 1, limit: 20 };
const LARGER: Size = Size { days: 60, daily: 30, packs: 6, calls: 200, valid: 30, fen: 400, limit: 25 };

fn compare(input: &PlanInput, expected: Option<Score>) -> Result<(), TestCaseError> {
    match solve(input).unwrap() {
        Plan::Optimal(plan) => prop_assert_eq!(Some(follow(input, &plan)), expected, "{:?}", plan),
        Plan::Infeasible => prop_assert_eq!(None, expected),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn no_plan_is_better_when_everything_is_tried(input in input(SMALL)) {
        compare(&input, try_everything(&input))?;
    }

    #[test]
    fn the_two_ways_to_check_agree(input in input(SMALL)) {
        prop_assert_eq!(table_over_every_call(&input), try_everything(&input));
    }

    #[test]
    fn the_best_plan_is_the_best_over_its_first_packs(input in input(SMALL)) {
        let score = |plan: &Purchases| (plan.cost, plan.purchases.len(), plan.wasted);
        let planner = Planner::new(&input).unwrap();
        let firsts = input.packs.iter().filter_map(|pack| {
            let plan = planner.starting_with(pack).unwrap()?;
            assert_eq!(plan.purchases[0].pack, pack.id);
            follow(&input, &plan);
            Some(score(&plan))
        });
        let best = firsts.min();
        match solve(&input).unwrap() {
            Plan::Optimal(plan) if plan.purchases.is_empty() => prop_assert_eq!(best, None),
            Plan::Optimal(plan) => prop_assert_eq!(best, Some(score(&plan))),
            Plan::Infeasible => prop_assert_eq!(best, None),
        }
    }
}

proptest! {
    // The table is slow: fewer, larger cases.
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn no_plan_is_better_in_the_table_over_every_call(input in input(LARGER)) {
        compare(&input, table_over_every_call(&input))?;
    }
}

proptest! {
    // A wrong tie shows in one case of many hundred.
    #![proptest_config(ProptestConfig { cases: 2_500, ..ProptestConfig::default() })]

    /// As on the real price list: the same price a call in every pack, so that many plans cost the same.
    #[test]
    fn among_equally_dear_plans_the_fewest_purchases_win(mut input in input(TIED), fen in 1_u64..3) {
        for pack in &mut input.packs {
            pack.price = Yuan::from_fen(pack.calls.get() * fen);
        }
        input.bother = Yuan::ZERO;
        compare(&input, table_over_every_call(&input))?;
    }
}
