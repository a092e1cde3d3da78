//! What plans are made for.

use billing_core::plan::PlanPack;
use billing_core::{Capability, Tariff};

/// Calls a month of a small, a middling and a very large shop.
pub(crate) const MONTHLY: [u64; 5] = [300, 3_000, 30_000, 300_000, 2_000_000];

/// The whole price list of the guide: nine packs of a year and one of 90 days.
pub(crate) fn price_list() -> Vec<PlanPack> {
    let packs = Tariff::embedded().packs(Capability::Quick, "2024-01-01".parse().unwrap()).into_iter();
    packs
        .map(|pack| PlanPack { id: pack.id.clone(), calls: pack.calls, days: pack.days, price: pack.price })
        .collect()
}

/// Days of one size that add up to `monthly` calls a month.
pub(crate) fn even(monthly: u64, days: u64) -> Vec<u32> {
    let until = |day: u64| monthly * 12 * day / 365;
    (0..days).map(|day| u32::try_from(until(day + 1) - until(day)).unwrap()).collect()
}
