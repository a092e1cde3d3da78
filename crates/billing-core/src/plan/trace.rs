//! Among all plans of least cost and fewest purchases, the one that wastes least.
//!
//! Goes forward from the first call to buy for, only through purchases from which the optimum can still be reached.
//! What a plan has spent up to a call is the same for all of them that made as many purchases, so a call and that
//! number are a state, and the least bought wins.

use super::Offer;
use super::demand::Demand;
use super::search::{Search, Spent};
use std::collections::BTreeMap;

/// One purchase, and what becomes of its calls.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub day: usize,
    pub offer: usize,
    pub wasted: u64,
    pub left_at_end: u64,
}

/// How a state was reached.
#[derive(Debug, Clone, Copy)]
struct Way {
    spent: Spent,
    /// Calls bought so far.
    bought: u128,
    /// The state before and the offer bought there; nothing at the start.
    last: Option<(usize, usize)>,
}

/// A state that was dealt with.
struct Visited {
    call: u64,
    way: Way,
}

pub(super) fn least_waste(demand: &Demand, offers: &[Offer], start: u64, search: &Search) -> Vec<Step> {
    let mut visited: Vec<Visited> = Vec::new();
    let first = Way { spent: Spent::default(), bought: 0, last: None };
    let mut open = BTreeMap::from([((start, 0_u64), first)]);
    // Least `bought - left at the end`, with the last purchase.
    let mut best: Option<(u128, (usize, usize))> = None;
    while let Some(((call, purchases), way)) = open.pop_first() {
        let here = visited.len();
        visited.push(Visited { call, way });
        for (index, offer) in offers.iter().enumerate() {
            let spent = way.spent.plus(Spent::on(offer));
            let reach = demand.reach(call, offer);
            let Some(budget) = spent.left_of(search.best()) else { continue };
            let bought = way.bought.saturating_add(offer.calls.into());
            if reach == demand.total() {
                let used_up = bought.saturating_sub(step(demand, call, index, offer).left_at_end.into());
                if best.is_none_or(|(least, _)| used_up < least) {
                    best = Some((used_up, (here, index)));
                }
            } else if search.can_finish(reach, budget) {
                let way = Way { spent, bought, last: Some((here, index)) };
                let known = open.entry((reach, purchases.saturating_add(1))).or_insert(way);
                if bought < known.bought {
                    *known = way;
                }
            }
        }
    }
    collect(demand, offers, &visited, best.map(|(_, last)| last))
}

/// Follows the way back from the last purchase.
fn collect(
    demand: &Demand,
    offers: &[Offer],
    visited: &[Visited],
    mut last: Option<(usize, usize)>,
) -> Vec<Step> {
    let mut steps = Vec::new();
    while let Some((here, index)) = last
        && let (Some(state), Some(offer)) = (visited.get(here), offers.get(index))
    {
        steps.push(step(demand, state.call, index, offer));
        last = state.way.last;
    }
    steps.reverse();
    steps
}

/// A purchase at a call, and what it leaves: usable after the horizon, or wasted.
pub(super) fn step(demand: &Demand, call: u64, index: usize, offer: &Offer) -> Step {
    let day = demand.day_of(call);
    let used = demand.reach(call, offer).saturating_sub(call);
    let unused = offer.calls.saturating_sub(used);
    let outlives = day.saturating_add(offer.days) > demand.days();
    let (wasted, left_at_end) = if outlives { (0, unused) } else { (unused, 0) };
    Step { day, offer: index, wasted, left_at_end }
}
