//! What a plan and a recommendation cost: ten years on ten packs, and one frame of a what-if slider.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a benchmark fails by panicking")]

use billing_core::forecast::{ForecastInput, History, MonthlyUsage, forecast, risk};
use billing_core::plan::{self, PlanInput, PlanPack};
use billing_core::recommend::{self, RecommendInput};
use billing_core::stock::{RemainingLot, RunOut};
use billing_core::{Calls, Days, Yuan};
use divan::{Bencher, black_box};
use packs::{MONTHLY, even, price_list};
use std::collections::BTreeSet;

#[path = "core/packs.rs"]
mod packs;

fn main() {
    divan::main();
}

/// Every pack in every validity that WeChat speaks of: the longest list a shop may meet.
fn all_validities() -> Vec<PlanPack> {
    let lengths = [365, 180, 90].map(|days| Days::new(days).unwrap());
    let packs = price_list();
    lengths
        .iter()
        .flat_map(|days| {
            packs.iter().map(move |pack| PlanPack {
                days: *days,
                id: format!("{}-{days}", pack.id),
                ..pack.clone()
            })
        })
        .collect()
}

fn input(monthly: u64, days: u64) -> PlanInput {
    PlanInput {
        daily_demand: even(monthly, days),
        lots: Vec::new(),
        packs: price_list(),
        bother: Yuan::ZERO,
        max_purchases: None,
    }
}

#[divan::bench(args = MONTHLY)]
fn ten_years_on_ten_packs(bencher: Bencher<'_, '_>, monthly: u64) {
    let input = input(monthly, 3_650);
    bencher.bench_local(|| plan::solve(black_box(&input)).unwrap());
}

#[divan::bench(args = MONTHLY)]
fn two_years_on_nine_packs(bencher: Bencher<'_, '_>, monthly: u64) {
    let mut input = input(monthly, 730);
    input.packs.retain(|pack| pack.days.get() == 365);
    bencher.bench_local(|| plan::solve(black_box(&input)).unwrap());
}

#[divan::bench(args = MONTHLY)]
fn a_recommendation_for_a_year(bencher: Bencher<'_, '_>, monthly: u64) {
    let today = "2024-01-01".parse().unwrap();
    let input = RecommendInput {
        likely: even(monthly, 3_650).into_iter().map(u64::from).collect(),
        run_out: RunOut { earliest: Some(today), likely: Some(today), latest: Some(today) },
        lots: Vec::new(),
        packs: all_validities(),
        bother: Yuan::ZERO,
        max_purchases: None,
        horizon_days: recommend::HORIZON_DAYS,
        first_day: today,
        today,
    };
    bencher.bench_local(|| recommend::recommend(black_box(&input)).unwrap());
}

/// What a slider asks: every plan of the guide's price list beside each other, with the chance of running out of each.
#[divan::bench(args = MONTHLY)]
fn one_frame_of_what_if(bencher: Bencher<'_, '_>, monthly: u64) {
    let today = "2024-01-01".parse().unwrap();
    let usage = MonthlyUsage::About(Calls::new(monthly).unwrap());
    let lots = vec![RemainingLot { remaining: Calls::new(806).unwrap(), usable_days: None }];
    let mut likely: Vec<u64> = even(monthly, 365).into_iter().map(u64::from).collect();
    // A campaign on the 18th of June.
    likely[169] += monthly / 4;
    let asked = RecommendInput {
        likely,
        run_out: RunOut { earliest: Some(today), likely: Some(today), latest: None },
        lots,
        packs: price_list(),
        bother: Yuan::ZERO,
        max_purchases: None,
        horizon_days: recommend::HORIZON_DAYS,
        first_day: today,
        today,
    };
    let expected = ForecastInput {
        history: History::none(today),
        monthly_average: Some(usage),
        horizon: recommend::HORIZON_DAYS,
        closed: BTreeSet::new(),
        campaigns: Vec::new(),
    };
    bencher.bench_local(|| {
        let asked = black_box(&asked);
        let compared = recommend::compare(asked).unwrap();
        let forecast = forecast(black_box(&expected)).unwrap();
        compared
            .plans
            .iter()
            .map(|plan| risk(&forecast, &asked.lots, &asked.packs, &plan.purchases))
            .collect::<Vec<_>>()
    });
}
