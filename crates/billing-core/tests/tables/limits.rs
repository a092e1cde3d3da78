//! Plans and recommendations at the edges of what can be said: exact, or refused, never wrong.

use crate::script::calls;
use billing_core::plan::{DAYS_MAX, Plan, PlanError, PlanInput, PlanLot, PlanPack, least_cost, solve};
use billing_core::recommend::{RecommendInput, recommend};
use billing_core::stock::{RemainingLot, RunOut, course};
use billing_core::{Days, Yuan};

fn pack(of: &str, days: u64, price: Yuan) -> PlanPack {
    PlanPack { id: format!("{of}-{days}"), calls: calls(of), days: Days::new(days).unwrap(), price }
}

fn yuan(text: &str) -> Yuan {
    text.parse().unwrap()
}

fn input(daily_demand: Vec<u32>, packs: Vec<PlanPack>) -> PlanInput {
    PlanInput { daily_demand, lots: vec![], packs, bother: Yuan::ZERO, max_purchases: None }
}

/// `cost purchases wasted left`, or what it is refused for.
fn answer(input: &PlanInput) -> String {
    match solve(input) {
        Ok(Plan::Optimal(plan)) => {
            format!("{} {} {} {}", plan.cost, plan.purchases.len(), plan.wasted, plan.left_at_end)
        }
        Ok(Plan::Infeasible) => "infeasible".to_owned(),
        Err(PlanError::Input(error)) => error.path,
        Err(PlanError::TooManyPurchases) => "too many purchases".to_owned(),
        Err(PlanError::TooHard) => "too hard".to_owned(),
        Err(PlanError::CostTooLarge) => "cost too large".to_owned(),
    }
}

#[test]
fn plans_at_the_edges() {
    let most = yuan("999999999999999.99");
    let largest = vec![1_000_000_000; DAYS_MAX];
    let lot = |of: &str, usable_days| PlanLot { calls: calls(of), usable_days };
    let rows = [
        // The largest sums of money and calls there are.
        (input(vec![1_000; 100], vec![pack("1", 1, most)]), "99999999999999999000.00 100000 0 0"),
        (PlanInput { bother: most, ..input(vec![1], vec![pack("1", 1, most)]) }, "1999999999999999.98 1 0 0"),
        (input(largest.clone(), vec![pack("1000000000000", 3_650, yuan("1"))]), "4.00 4 0 350000000000"),
        (input(vec![1], vec![pack("1000000000000", 1, yuan("0"))]), "0.00 1 999999999999 0"),
        // Money that did not come from a text may be too large to add up.
        (
            PlanInput { bother: most, ..input(vec![1], vec![pack("1", 1, Yuan::from_fen(u64::MAX))]) },
            "cost too large",
        ),
        // Limits.
        (input(vec![1_001; 1_000], vec![pack("1", 1, yuan("0"))]), "too many purchases"),
        (PlanInput { max_purchases: Some(0), ..input(vec![1], vec![pack("1", 1, yuan("0"))]) }, "infeasible"),
        (PlanInput { max_purchases: Some(0), ..input(vec![0], vec![]) }, "0.00 0 0 0"),
        (
            PlanInput { max_purchases: Some(u64::MAX), ..input(vec![2], vec![pack("1", 1, yuan("1"))]) },
            "2.00 2 0 0",
        ),
        (
            PlanInput { max_purchases: Some(3), ..input(largest.clone(), vec![pack("1", 1, yuan("1"))]) },
            "infeasible",
        ),
        (input(vec![1; DAYS_MAX + 1], vec![]), "daily_demand"),
        (input(vec![1_000_000_001], vec![]), "daily_demand[0]"),
        (input(vec![], vec![pack("0", 1, yuan("1"))]), "packs[0].calls"),
        (input(vec![], vec![pack("1", 1, yuan("1")); 65]), "packs"),
        (input(vec![], vec![]), "0.00 0 0 0"),
        // Lots without end, and lots that end at once.
        (PlanInput { lots: vec![lot("5", u64::MAX), lot("7", 0)], ..input(vec![3], vec![]) }, "0.00 0 7 2"),
        (
            PlanInput { lots: vec![lot("1000000000000", 9); 100_000], ..input(vec![1], vec![]) },
            "0.00 0 0 99999999999999999",
        ),
        (PlanInput { lots: vec![lot("1000000000000", 9); 10_000_000], ..input(vec![1], vec![]) }, "lots"),
    ];
    for (index, (input, expected)) in rows.iter().enumerate() {
        assert_eq!(answer(input), *expected, "row {index}");
        if !matches!(*expected, "infeasible" | "too many purchases") {
            let refused = expected.contains(|letter: char| letter.is_ascii_alphabetic());
            assert_eq!(least_cost(input).is_err(), refused, "row {index}");
        }
    }
}

fn asked(calls_a_day: u64, horizon_days: usize) -> RecommendInput {
    let today = Some("2024-01-01".parse().unwrap());
    RecommendInput {
        likely: vec![calls_a_day; DAYS_MAX],
        run_out: RunOut { earliest: today, likely: today, latest: today },
        lots: vec![],
        packs: vec![pack("1000000000", 365, yuan("1"))],
        bother: Yuan::ZERO,
        max_purchases: None,
        horizon_days,
        first_day: "2024-01-01".parse().unwrap(),
        today: "2024-01-01".parse().unwrap(),
    }
}

#[test]
fn usage_beyond_what_can_be_planned_is_refused() {
    let refused = |input: &RecommendInput| match recommend(input) {
        Err(PlanError::Input(error)) => error.path,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&asked(1_000_000_001, 365)), "likely");
    assert_eq!(refused(&asked(33, DAYS_MAX + 1)), "horizon_days");
    assert!(recommend(&asked(33, DAYS_MAX)).is_ok());
}

/// The largest lot lasts a hundred days at the largest daily usage there is a plan for: nothing is cut off on the way.
#[test]
fn running_out_is_right_for_any_usage() {
    let lots = [RemainingLot { remaining: calls("1000000000000"), usable_days: None }];
    assert_eq!(course(&[10_000_000_000; 200], &lots).ends.map(|(day, _)| day), Some(100));
    assert_eq!(course(&[u64::MAX; 3], &lots).ends.map(|(day, _)| day), Some(0));
}
