//! What a plan and a recommendation cost: ten years on ten packs, and one frame of a what-if slider.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a benchmark fails by panicking")]

use billing_core::plan::{self, PlanInput, PlanPack};
use billing_core::recommend::{self, MonthlyUsage, RecommendInput};
use billing_core::{Calls, Capability, Days, Tariff, Yuan};
use divan::{Bencher, black_box};

/// The volumes at which HiGHS is timed as well, in calls a month.
const MONTHLY: [u64; 5] = [300, 3_000, 30_000, 300_000, 2_000_000];

fn main() {
    divan::main();
}

/// The whole price list of the guide: nine packs of a year and one of 90 days.
fn price_list() -> Vec<PlanPack> {
    let packs = Tariff::embedded().packs(Capability::Quick, "2024-01-01".parse().unwrap()).into_iter();
    packs
        .map(|pack| PlanPack { id: pack.id.clone(), calls: pack.calls, days: pack.days, price: pack.price })
        .collect()
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

fn even(monthly: u64, days: u64) -> Vec<u32> {
    let until = |day: u64| monthly * 12 * day / 365;
    (0..days).map(|day| u32::try_from(until(day + 1) - until(day)).unwrap()).collect()
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
    let input = RecommendInput {
        usage: MonthlyUsage::About(Calls::new(monthly).unwrap()),
        lots: Vec::new(),
        packs: all_validities(),
        bother: Yuan::ZERO,
        max_purchases: None,
        horizon_days: recommend::HORIZON_DAYS,
        today: "2024-01-01".parse().unwrap(),
    };
    bencher.bench_local(|| recommend::recommend(black_box(&input)).unwrap());
}
