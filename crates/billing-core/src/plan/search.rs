//! Least cost, then fewest purchases, then least waste: a best-first search forwards from the first call to buy for.
//!
//! A *way* says: the calls before `at` can be served for `spent`. Why it may be dropped when another way reaches as far or
//! further and spent no more: whatever is bought after the first can be bought after the second. Each purchase then comes
//! at the same call or later, so it reaches as far or further ([`Demand::reach`] never falls), and everything is served;
//! a later purchase also ends later, so no more of it is wasted. Ways are taken in the order of what they have spent plus
//! a bound of what is still to be spent; the bound never overestimates, so once the best of them is not below a plan that
//! is known, that plan is optimal.
//!
//! A plan is known from the beginning: always the purchase that looks cheapest ([`Guide::dive`]). Where the bound is exact
//! it is optimal already, however long it is.

use super::bound::{Bound, Bounds, Fewest, Sharpness};
use super::demand::Demand;
use super::front::Front;
use super::offer::Offer;
use super::spent::Spent;
use super::{PURCHASES_MAX, PlanError};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Tries for one guess at the price of a purchase.
const PRICING_TRIES: usize = 200_000;
/// Ways kept at the same time, for the same reason.
const WAYS_MAX: usize = 3_000_000;

/// What is searched.
#[derive(Clone, Copy)]
pub(super) struct Problem<'a> {
    pub demand: &'a Demand,
    pub offers: &'a [Offer],
    /// The first call to buy for.
    pub start: u64,
    pub max_purchases: Option<u64>,
}

/// A plan: what it spends, and the offers in the order in which they are bought.
#[derive(Debug, Clone)]
struct Plan {
    spent: Spent,
    offers: Vec<u8>,
}

struct Way {
    spent: Spent,
    /// The way before, and the offer bought at its end; nothing at the start.
    last: Option<(u32, u8)>,
}

/// Finds the purchases of the best plan; nothing if there is none. The bounds are those of the same offers.
pub(super) fn best(problem: Problem<'_>, bounds: &Bounds) -> Result<Option<Vec<Offer>>, PlanError> {
    let Problem { demand, offers, start, max_purchases } = problem;
    let Some(fewest) = Fewest::new(demand, offers, start, max_purchases)? else { return Ok(None) };
    if start >= demand.total() {
        return Ok(Some(Vec::new()));
    }
    let free = Problem { max_purchases: None, ..problem };
    let mut plan = cheapest(free, 0, &fewest, bounds)?;
    if let (Some(max), Some(found)) = (max_purchases, &plan)
        && found.spent.purchases > max
    {
        plan = cheapest(problem, price_of_a_purchase(free, &fewest, max), &fewest, bounds)?;
    }
    let bought = |plan: Plan| {
        plan.offers.iter().filter_map(|offer| offers.get(usize::from(*offer)).copied()).collect()
    };
    Ok(plan.map(bought))
}

/// Tries harder and harder.
fn cheapest(
    problem: Problem<'_>,
    price: u128,
    fewest: &Fewest,
    bounds: &Bounds,
) -> Result<Option<Plan>, PlanError> {
    let mut known = None;
    for (effort, bound) in bounds.sharper_and_sharper(problem.demand, problem.offers) {
        let Some(guide) = Guide::new(problem, price, fewest, bound, effort.bound) else { return Ok(None) };
        known = known.into_iter().chain(guide.dive(effort.tries)).min_by_key(|plan: &Plan| plan.spent);
        let mut search = Search::new(&guide, known);
        if search.run(effort.tries) {
            return Ok(search.known);
        }
        known = search.known;
    }
    Err(PlanError::TooHard)
}

/// A price put on each purchase at which plans keep to the limit by themselves: with it the bound is the sharpest.
fn price_of_a_purchase(free: Problem<'_>, fewest: &Fewest, max: u64) -> u128 {
    let few = Sharpness { points: 1 << 10, entries: 0 };
    let keeps_to_it = |price: u128| {
        let offers = priced(free.offers, price);
        let problem = Problem { offers: &offers, ..free };
        let plan = Bound::new(free.demand, &offers, free.start, few).and_then(|bound| {
            let guide = Guide { problem, fewest, bound: &bound, priced: None };
            guide.dive(PRICING_TRIES)
        });
        plan.is_some_and(|plan| plan.spent.purchases <= max)
    };
    let (mut too_low, mut enough) = (0_u128, 1_u128);
    while enough < 1 << 80 && !keeps_to_it(enough) {
        too_low = enough;
        enough = enough.saturating_mul(16);
    }
    // Any price will do; a thousandth is near enough to the best one.
    while enough.saturating_sub(too_low) > (enough / 1_000).max(1) {
        let middle = too_low.midpoint(enough);
        if keeps_to_it(middle) {
            enough = middle;
        } else {
            too_low = middle;
        }
    }
    enough
}

fn priced(offers: &[Offer], price: u128) -> Vec<Offer> {
    offers.iter().map(|offer| Offer { cost: offer.cost.saturating_add(price), ..*offer }).collect()
}

/// Estimates, and the purchases that a way allows.
struct Guide<'a> {
    problem: Problem<'a>,
    fewest: &'a Fewest,
    bound: &'a Bound,
    /// With a limit on purchases: the price put on each of them, and the bound with it.
    priced: Option<(u128, Bound)>,
}

impl<'a> Guide<'a> {
    /// Nothing if there are no offers.
    fn new(
        problem: Problem<'a>,
        price: u128,
        fewest: &'a Fewest,
        bound: &'a Bound,
        sharp: Sharpness,
    ) -> Option<Self> {
        let Problem { demand, offers, start, max_purchases } = problem;
        let priced = match max_purchases {
            Some(_) => Some((price, Bound::new(demand, &priced(offers, price), start, sharp)?)),
            None => None,
        };
        Some(Self { problem, fewest, bound, priced })
    }

    /// What a whole plan spends at the very least that begins with a way.
    fn estimate(&self, at: u64, spent: Spent) -> Spent {
        let Problem { demand, max_purchases, .. } = self.problem;
        let day = demand.day_of(at);
        let estimate = spent.plus(self.bound.from(demand, self.fewest, day, at));
        let (Some(max), Some((price, bound))) = (max_purchases, &self.priced) else { return estimate };
        // At most so many purchases are left, so at most so much of the bound is their price.
        let left = u128::from(max.saturating_sub(spent.purchases));
        let cost = bound.from(demand, self.fewest, day, at).cost.saturating_sub(price.saturating_mul(left));
        let cost = cost.saturating_add(spent.cost);
        if cost <= estimate.cost {
            return estimate;
        }
        let purchases = spent.purchases.saturating_add(self.fewest.from(at));
        Spent { cost, purchases, ..estimate }
    }

    /// The ways on from a way: the offer, how far it reaches, and what has been spent then.
    fn onwards(&self, at: u64, spent: Spent) -> impl Iterator<Item = (u8, u64, Spent)> {
        let Problem { demand, offers, max_purchases, .. } = self.problem;
        let day = demand.day_of(at);
        let ways = (0_u8..).zip(offers).map(move |(index, offer)| {
            let reach = demand.reach_on(day, at, offer);
            let mut spent = spent.plus(Spent::on(offer));
            if reach == demand.total() && day.saturating_add(offer.days) > demand.days() {
                // What is left at the end is not wasted.
                let left = offer.calls.saturating_sub(reach.saturating_sub(at));
                spent.bought = spent.bought.saturating_sub(left);
            }
            (index, reach, spent)
        });
        ways.filter(move |(_, reach, spent)| {
            max_purchases.is_none_or(|max| spent.purchases.saturating_add(self.fewest.from(*reach)) <= max)
        })
    }

    /// Always the purchase that looks cheapest; of equal ones the one that reaches furthest. Nothing if that takes more
    /// tries.
    fn dive(&self, tries: usize) -> Option<Plan> {
        let purchases_max = PURCHASES_MAX.min(tries.checked_div(self.problem.offers.len()).unwrap_or(0));
        let (mut at, mut plan) = (self.problem.start, Plan { spent: Spent::default(), offers: Vec::new() });
        while at < self.problem.demand.total() {
            let ways = self.onwards(at, plan.spent);
            let next = ways.min_by_key(|(_, reach, spent)| (self.estimate(*reach, *spent), Reverse(*reach)));
            let (offer, reach, spent) = next.filter(|_| plan.offers.len() < purchases_max)?;
            at = reach;
            plan.spent = spent;
            plan.offers.push(offer);
        }
        Some(plan)
    }
}

struct Search<'a> {
    guide: &'a Guide<'a>,
    /// The best plan known.
    known: Option<Plan>,
    ways: Vec<Way>,
    front: Front,
    /// By estimate; of equal ones the one with the least to do.
    open: BinaryHeap<Reverse<(Spent, Reverse<u64>, u32)>>,
}

impl<'a> Search<'a> {
    fn new(guide: &'a Guide<'a>, known: Option<Plan>) -> Self {
        let front = Front::new(guide.problem.max_purchases.is_some());
        let mut search = Self { guide, known, ways: Vec::new(), front, open: BinaryHeap::new() };
        search.add(guide.problem.start, Spent::default(), None);
        search
    }

    /// Goes on until no better plan is possible than the one that is known: then true. False if it would take more tries.
    fn run(&mut self, mut tries: usize) -> bool {
        while let Some(Reverse((estimate, Reverse(at), index))) = self.open.pop() {
            if self.known.as_ref().is_some_and(|known| estimate >= known.spent) {
                return true;
            }
            let spent =
                usize::try_from(index).ok().and_then(|index| self.ways.get(index)).map(|way| way.spent);
            let Some(spent) = spent.filter(|spent| self.front.holds(at, *spent)) else { continue };
            let Some(rest) = tries.checked_sub(self.guide.problem.offers.len()) else { return false };
            tries = rest;
            for (offer, reach, spent) in self.guide.onwards(at, spent) {
                if reach < self.guide.problem.demand.total() {
                    self.add(reach, spent, Some((index, offer)));
                } else if self.known.as_ref().is_none_or(|known| spent < known.spent) {
                    self.known = Some(Plan { spent, offers: self.offers_of(index, offer) });
                }
            }
            if self.ways.len() > WAYS_MAX {
                return false;
            }
        }
        true
    }

    /// Adds a way if it may lead to a better plan.
    fn add(&mut self, at: u64, spent: Spent, last: Option<(u32, u8)>) {
        if self.front.covers(at, spent) {
            return;
        }
        let estimate = self.guide.estimate(at, spent);
        if self.known.as_ref().is_none_or(|known| estimate < known.spent)
            && let Ok(index) = u32::try_from(self.ways.len())
        {
            self.front.add(at, spent);
            self.ways.push(Way { spent, last });
            self.open.push(Reverse((estimate, Reverse(at), index)));
        }
    }

    /// The offers bought on a way, and the last one.
    fn offers_of(&self, index: u32, last: u8) -> Vec<u8> {
        let mut offers = vec![last];
        let mut index = index;
        while let Some((before, offer)) =
            usize::try_from(index).ok().and_then(|index| self.ways.get(index)).and_then(|way| way.last)
        {
            offers.push(offer);
            index = before;
        }
        offers.reverse();
        offers
    }
}
