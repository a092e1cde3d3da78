//! What serving every call costs at the very least when purchases may overlap: a cheap short pack for a peak while a long
//! one is open, or a pack bought before it is needed.
//!
//! The plans of this module buy only when nothing usable is left. Whatever else a shop may do, it cannot pay less than
//! either of two bounds, so the difference to a plan's cost – the *gap* – is the most that overlapping could save.
//!
//! **Prices on calls.** Give every call a price such that no purchase can serve calls worth more than it costs. Then the
//! calls that purchases serve are worth no more than all purchases cost. The price of a call on day *d* is the least, over
//! all packs and all days of purchase from which they could serve it, of
//!
//! > cost / the most calls that such a purchase can serve: at most its own, at most those that arrive in its days.
//!
//! A purchase then serves at most that many calls, each at a price of at most its cost divided by that many: worth no more
//! than it costs. Lots serve calls as well, for nothing: what the dearest calls that they could serve are worth is taken off.
//!
//! **Knapsack.** The packs bought must serve as many calls as lots leave unserved, each at most as many as arrive within its
//! days, see `knapsack`.
//! (Lots serve no more calls in any other order: earliest end first is the best assignment there is.)

use super::demand::Demand;
use super::knapsack::Knapsack;
use super::offer::{self, Offer};
use super::{Plan, PlanError, PlanInput, consume_lots, wire};
use crate::Yuan;
use serde::Serialize;
use std::collections::VecDeque;

/// Prices are in cents divided by this many, rounded down: so the bound stays a bound.
const SCALE: u128 = 1_000_000_000;
/// Entries of the knapsack's table.
const ENTRIES: u64 = 1 << 16;

/// The least that any purchases cost that serve every call, bother included, whenever they are made. Nothing if there are
/// no packs but calls to buy for. A limit on purchases is set aside.
pub fn least_cost(input: &PlanInput) -> Result<Option<Yuan>, PlanError> {
    wire::check(input)?;
    let demand = Demand::of(input);
    let by_lots = consume_lots(&demand, &input.lots).served;
    let todo = demand.total().saturating_sub(by_lots);
    if todo == 0 {
        return Ok(Some(Yuan::ZERO));
    }
    let offers = offer::offers(input)?;
    let at_most = offer::at_most_served(&offers, &demand, 0);
    let Some(knapsack) = Knapsack::new(&at_most, todo, ENTRIES) else { return Ok(None) };
    let last_day_of_lots = input.lots.iter().map(|lot| lot.usable_days).max().unwrap_or(0);
    let worth = worth_of_calls(&demand, &offers, by_lots, last_day_of_lots);
    let fen = worth.div_ceil(SCALE).max(knapsack.least(todo).cost);
    Yuan::from_many_fen(fen).map(Some).ok_or(PlanError::CostTooLarge)
}

/// How far a plan may be from the cheapest purchases that overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// What any purchases cost at the very least, bother included.
    pub bound: Yuan,
    /// What the plan costs more: at most so much could be saved by purchases that overlap.
    pub gap: Yuan,
}

/// The gap of a plan; nothing for one that is infeasible.
pub fn gap(input: &PlanInput, plan: &Plan) -> Result<Option<Gap>, PlanError> {
    let (Plan::Optimal(plan), Some(bound)) = (plan, least_cost(input)?) else { return Ok(None) };
    Ok(Some(Gap { bound, gap: plan.cost.checked_sub(bound).unwrap_or_default() }))
}

/// What all calls are worth, less what the dearest are worth that lots could serve.
fn worth_of_calls(demand: &Demand, offers: &[Offer], by_lots: u64, last_day_of_lots: u64) -> u128 {
    let prices = prices(demand, offers);
    let days = prices.iter().enumerate().map(|(day, price)| (*price, demand.on_day(day)));
    let worth = |(price, calls): (u128, u64)| price.saturating_mul(calls.into());
    let all = days.clone().map(worth).fold(0_u128, u128::saturating_add);
    let mut dearest: Vec<_> = days.take(usize::try_from(last_day_of_lots).unwrap_or(usize::MAX)).collect();
    dearest.sort_unstable_by_key(|(price, _)| std::cmp::Reverse(*price));
    let mut left = by_lots;
    let served = dearest.into_iter().map(|(price, calls)| {
        let calls = calls.min(left);
        left = left.saturating_sub(calls);
        worth((price, calls))
    });
    all.saturating_sub(served.fold(0, u128::saturating_add))
}

/// The price of a call on each day.
fn prices(demand: &Demand, offers: &[Offer]) -> Vec<u128> {
    let mut prices = vec![u128::MAX; demand.days()];
    for offer in offers {
        // Rates of purchases on the days from which this pack could serve the current one: rising, oldest first. A rate
        // that is not below a younger one will never be the least again.
        let mut rates: VecDeque<(usize, u128)> = VecDeque::new();
        for (day, price) in prices.iter_mut().enumerate() {
            let end = day.saturating_add(offer.days);
            let arriving = demand.before_day(end).saturating_sub(demand.before_day(day));
            // Where no call arrives nobody is served: any rate will do.
            let most = offer.calls.min(arriving).max(1);
            let rate = offer.cost.saturating_mul(SCALE).checked_div(most.into()).unwrap_or(u128::MAX);
            while rates.back().is_some_and(|(_, older)| *older >= rate) {
                rates.pop_back();
            }
            rates.push_back((day, rate));
            while rates.front().is_some_and(|(bought, _)| bought.saturating_add(offer.days) <= day) {
                rates.pop_front();
            }
            *price = rates.front().map_or(*price, |(_, least)| (*price).min(*least));
        }
    }
    prices
}
