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
