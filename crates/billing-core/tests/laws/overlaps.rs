//! The bound for purchases that may overlap: at most what trying every purchase on every day finds, which is at most what a
//! plan costs.

use crate::plans::{Size, Supply, buy, cost, input, lots, serve};
use billing_core::plan::{Plan, PlanInput, PlanPack, least_cost, solve};
use billing_core::{Calls, Days, Yuan};
use proptest::prelude::*;

/// The least cost when any packs may be bought on any day, needed or not.
fn try_every_day(input: &PlanInput) -> Option<u64> {
    fn go(
        input: &PlanInput,
        day: usize,
        first: usize,
        supplies: &[Supply],
        spent: u64,
        best: &mut Option<u64>,
    ) {
        if best.is_some_and(|best| spent >= best) {
            return;
        }
        let Some(calls) = input.daily_demand.get(day) else {
            *best = Some(spent);
            return;
        };
        let mut later = supplies.to_vec();
        if (0..*calls).all(|_| serve(&mut later, day as u64)) {
            go(input, day + 1, 0, &later, spent, best);
        }
        // More packs than calls are never needed.
        let total: usize = input.daily_demand.iter().map(|calls| *calls as usize).sum();
        if supplies.len() < total + input.lots.len() {
            for (index, pack) in input.packs.iter().enumerate().skip(first) {
                let bought = [supplies, &[buy(pack, day as u64)]].concat();
                go(input, day, index, &bought, spent + cost(input, pack), best);
            }
        }
    }
    let mut best = None;
    go(input, 0, 0, &lots(input), 0, &mut best);
    best
}

const TINY: Size = Size { days: 5, daily: 2, packs: 2, calls: 5, valid: 4, fen: 9, limit: 5 };

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn the_bound_holds_where_purchases_overlap(mut input in input(TINY)) {
        input.max_purchases = None;
        let bound = least_cost(&input).unwrap().map(|bound| bound.fen().unwrap());
        let unrestricted = try_every_day(&input);
        prop_assert_eq!(bound.is_some(), unrestricted.is_some());
        let restricted = match solve(&input).unwrap() {
            Plan::Optimal(plan) => Some(plan.cost.fen().unwrap()),
            Plan::Infeasible => None,
        };
        prop_assert!(bound <= unrestricted, "{:?} {:?}", bound, unrestricted);
        prop_assert!(unrestricted <= restricted, "{:?} {:?}", unrestricted, restricted);
    }
}

fn pack(id: &str, calls: u64, days: u64, price: &str) -> PlanPack {
    let (calls, days, price) = (Calls::new(calls).unwrap(), Days::new(days).unwrap(), price.parse().unwrap());
    PlanPack { id: id.to_owned(), calls, days, price }
}

/// Two calls a day, and seven on the third. A small pack for that day beside the large one serves everything; who waits
/// until nothing is left runs out during the peak and pays for the days after it once more.
fn a_peak() -> PlanInput {
    PlanInput {
        daily_demand: vec![2, 2, 7, 2, 2],
        lots: Vec::new(),
        packs: vec![pack("large", 10, 5, "6.00"), pack("small", 5, 1, "2.00")],
        bother: Yuan::ZERO,
        max_purchases: None,
    }
}

#[test]
fn a_cheap_short_pack_for_a_peak_beats_every_plan_and_the_gap_says_so() {
    let input = a_peak();
    let Plan::Optimal(plan) = solve(&input).unwrap() else { panic!("packs serve everything") };
    let bound = least_cost(&input).unwrap().unwrap();
    assert_eq!(try_every_day(&input), Some(800), "large on the first day, small on the third");
    assert_eq!((bound.to_string().as_str(), plan.cost.to_string().as_str()), ("7.60", "12.00"));
}

#[test]
fn nothing_to_buy_costs_nothing_and_no_packs_cost_nothing_known() {
    let mut input = a_peak();
    input.packs.clear();
    assert_eq!(least_cost(&input).unwrap(), None);
    input.daily_demand = vec![0; 3];
    assert_eq!(least_cost(&input).unwrap(), Some(Yuan::ZERO));
}

/// Where one price a call holds and nothing expires, plan and bound agree: no purchase is worth overlapping.
#[test]
fn on_the_real_price_list_an_even_demand_leaves_no_gap() {
    for monthly in [50_u32, 300, 3_000] {
        let packs = billing_core::Tariff::embedded()
            .packs(billing_core::Capability::Quick, "2024-01-01".parse().unwrap());
        let packs = packs
            .into_iter()
            .map(|row| pack(&row.id, row.calls.get(), row.days.get().into(), &row.price.to_string()));
        let daily_demand =
            (0..730_u32).map(|day| (day + 1) * monthly * 12 / 365 - day * monthly * 12 / 365).collect();
        let input = PlanInput { daily_demand, packs: packs.collect(), ..a_peak() };
        let Plan::Optimal(plan) = solve(&input).unwrap() else { panic!("packs serve everything") };
        assert_eq!(least_cost(&input).unwrap(), Some(plan.cost), "{monthly} calls a month");
    }
}
