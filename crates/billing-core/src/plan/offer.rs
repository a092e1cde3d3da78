//! Packs as the search sees them, and what becomes of the calls of one purchase.

use super::demand::Demand;
use super::{PlanError, PlanInput};
use crate::Yuan;

/// A pack as the search sees it: what it costs with the bother, in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Offer {
    pub calls: u64,
    pub days: usize,
    pub cost: u128,
    /// Its place on the price list.
    pub pack: usize,
}

/// One purchase, and what becomes of its calls.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub day: usize,
    /// The first call that it does not serve.
    pub reach: u64,
    /// Calls that end unused before the horizon does.
    pub wasted: u64,
    /// Calls still usable after it.
    pub left_at_end: u64,
}

impl Offer {
    pub(super) fn step(&self, demand: &Demand, call: u64) -> Step {
        let day = demand.day_of(call);
        let reach = demand.reach_on(day, call, self);
        let unused = self.calls.saturating_sub(reach.saturating_sub(call));
        let outlives = day.saturating_add(self.days) > demand.days();
        let (wasted, left_at_end) = if outlives { (0, unused) } else { (unused, 0) };
        Step { day, reach, wasted, left_at_end }
    }

    /// Whether the other one is never a better choice: not larger, not longer, and dearer – or the same at most as long.
    /// (Of two that cost the same the smaller one may waste less.)
    fn replaces(&self, other: &Self) -> bool {
        let as_far = self.calls >= other.calls && self.days >= other.days;
        as_far && (self.cost < other.cost || (self.cost == other.cost && self.calls == other.calls))
    }
}

/// The packs worth looking at.
pub(super) fn offers(input: &PlanInput) -> Result<Vec<Offer>, PlanError> {
    let mut offers: Vec<Offer> = Vec::new();
    for (index, pack) in input.packs.iter().enumerate() {
        let cost = pack.price.checked_add(input.bother).and_then(Yuan::fen).ok_or(PlanError::CostTooLarge)?;
        let calls = pack.calls.get();
        let offer = Offer { calls, days: pack.days.get().into(), cost: cost.into(), pack: index };
        if !offers.iter().any(|known| known.replaces(&offer)) {
            offers.retain(|known| !offer.replaces(known));
            offers.push(offer);
        }
    }
    Ok(offers)
}

/// What the calls of every offer are a multiple of.
pub(super) fn grain(offers: &[Offer]) -> u64 {
    offers.iter().fold(0, |grain, offer| greatest_common_divisor(grain, offer.calls)).max(1)
}

/// Each offer with the calls it can serve at most, wherever it is bought from the call `start` on: no more arrive within
/// its days. What a large pack promises and a small shop never uses makes no bound cheaper. Rounded up to the grain, so
/// that tables over the calls stay as small as they were.
pub(super) fn at_most_served(offers: &[Offer], demand: &Demand, start: u64) -> Vec<Offer> {
    let grain = grain(offers);
    let most = |offer: &Offer| {
        let bought_on = |day: usize| {
            let end = demand.before_day(day.saturating_add(offer.days));
            end.saturating_sub(demand.before_day(day).max(start))
        };
        let calls = (0..demand.days()).map(bought_on).max().unwrap_or(0).max(1);
        calls.div_ceil(grain).saturating_mul(grain)
    };
    offers.iter().map(|offer| Offer { calls: offer.calls.min(most(offer)), ..*offer }).collect()
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    match a.checked_rem(b) {
        None => a,
        Some(rest) => greatest_common_divisor(b, rest),
    }
}
