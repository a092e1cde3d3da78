//! Least cost, then fewest purchases: a best-first search backwards from the last call.
//!
//! A label says: from call `at` on, everything can be served for `spent`. Going back one purchase gives the earliest
//! call from which that pack reaches `at`. A label is kept only while no other one starts as early for no more. Labels
//! are taken in the order of what they have spent plus a bound of what is still to be spent; the bound never
//! overestimates and never falls by more than a step costs, so the first label that reaches the start is optimal.

use super::demand::Demand;
use super::{Offer, PURCHASES_MAX, PlanError};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Labels after which the search gives up: a few seconds and some hundred megabytes.
const LABELS_MAX: usize = 4_000_000;

/// Cost in cents, then purchases. Ordered, and ordered alike after adding the same to both: what makes the search exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Spent {
    pub cost: u128,
    pub purchases: u64,
}

impl Spent {
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            cost: self.cost.saturating_add(other.cost),
            purchases: self.purchases.saturating_add(other.purchases),
        }
    }

    /// What one purchase of an offer spends.
    pub(super) fn on(offer: &Offer) -> Self {
        Self { cost: offer.cost, purchases: 1 }
    }

    /// What is left of a budget, if this is within it.
    pub(super) fn left_of(self, budget: Self) -> Option<Self> {
        Some(Self {
            cost: budget.cost.checked_sub(self.cost)?,
            purchases: budget.purchases.checked_sub(self.purchases)?,
        })
    }
}

/// The optimum, and the labels that prove from where it can be reached.
pub(super) struct Found {
    pub best: Spent,
    front: Front,
}

impl Found {
    /// Whether everything from a call on can be served within a budget.
    pub(super) fn can_finish(&self, from: u64, budget: Spent) -> bool {
        self.front.covers(from, budget)
    }
}

/// Labels that no other label makes useless.
enum Front {
    /// By start: the later, the less is spent. Cost decides, purchases break ties.
    Ordered(BTreeMap<u64, Spent>),
    /// With a limit on purchases a dearer label with fewer purchases may be needed: one such map for each number.
    ByPurchases(Vec<BTreeMap<u64, u128>>),
}

impl Front {
    /// Whether a label that starts at `at` or earlier spends no more than `spent`.
    fn covers(&self, at: u64, spent: Spent) -> bool {
        match self {
            Self::Ordered(labels) => last_up_to(labels, at).is_some_and(|known| *known <= spent),
            Self::ByPurchases(by_purchases) => {
                let count = usize::try_from(spent.purchases).unwrap_or(usize::MAX).saturating_add(1);
                let within = by_purchases.iter().take(count);
                within
                    .into_iter()
                    .any(|labels| last_up_to(labels, at).is_some_and(|cost| *cost <= spent.cost))
            }
        }
    }

    /// Whether a label was not made useless since it was added.
    fn holds(&self, at: u64, spent: Spent) -> bool {
        match self {
            Self::Ordered(labels) => labels.get(&at) == Some(&spent),
            Self::ByPurchases(by_purchases) => usize::try_from(spent.purchases)
                .ok()
                .and_then(|count| by_purchases.get(count))
                .is_some_and(|labels| labels.get(&at) == Some(&spent.cost)),
        }
    }

    /// Adds a label that is not covered, and drops those it makes useless.
    fn add(&mut self, at: u64, spent: Spent) {
        match self {
            Self::Ordered(labels) => add_to(labels, at, spent),
            Self::ByPurchases(by_purchases) => {
                let count = usize::try_from(spent.purchases).unwrap_or(usize::MAX);
                if by_purchases.len() <= count {
                    by_purchases.resize_with(count.saturating_add(1), BTreeMap::new);
                }
                if let Some(labels) = by_purchases.get_mut(count) {
                    add_to(labels, at, spent.cost);
                }
            }
        }
    }
}

fn last_up_to<T>(labels: &BTreeMap<u64, T>, at: u64) -> Option<&T> {
    labels.range(..=at).next_back().map(|(_, spent)| spent)
}

fn add_to<T: Ord>(labels: &mut BTreeMap<u64, T>, at: u64, spent: T) {
    let useless: Vec<u64> =
        labels.range(at..).take_while(|(_, known)| **known >= spent).map(|(start, _)| *start).collect();
    for start in useless {
        labels.remove(&start);
    }
    labels.insert(at, spent);
}

/// Bounds from below of what serving the calls from the start up to a call spends.
struct Bound {
    start: u64,
    /// The cheapest call: cost of a pack and its calls.
    cost: u128,
    calls: u128,
    /// `reached[n]` is how far `n` purchases get at most.
    reached: Vec<u64>,
}

impl Bound {
    fn up_to(&self, call: u64) -> Spent {
        let todo = u128::from(call.saturating_sub(self.start));
        // At most 4 × 10^12 calls × 10^20 cents.
        let cost = todo.saturating_mul(self.cost).div_ceil(self.calls);
        let purchases = self.reached.partition_point(|reached| *reached < call);
        Spent { cost, purchases: u64::try_from(purchases).unwrap_or(u64::MAX) }
    }
}

/// The least that can be spent from `start` on, or nothing if the calls cannot be served within the limit.
pub(super) fn cheapest(
    demand: &Demand,
    offers: &[Offer],
    start: u64,
    max_purchases: Option<u64>,
) -> Result<Option<Found>, PlanError> {
    let Some(bound) = bound(demand, offers, start)? else { return Ok(None) };
    let least = bound.up_to(demand.total()).purchases;
    if max_purchases.is_some_and(|max| max < least) {
        return Ok(None);
    }
    let found = search(demand, offers, &bound, None)?;
    match (&found, max_purchases) {
        (Some(free), Some(max)) if free.best.purchases > max => search(demand, offers, &bound, Some(max)),
        (Some(_) | None, _) => Ok(found),
    }
}

fn bound(demand: &Demand, offers: &[Offer], start: u64) -> Result<Option<Bound>, PlanError> {
    let cheapest_call = offers.iter().min_by(|a, b| {
        let (left, right) = (a.cost.saturating_mul(b.calls.into()), b.cost.saturating_mul(a.calls.into()));
        left.cmp(&right)
    });
    let Some(cheapest_call) = cheapest_call else { return Ok(None) };
    let mut reached = vec![start];
    let mut furthest = start;
    while furthest < demand.total() {
        if reached.len() > PURCHASES_MAX {
            return Err(PlanError::TooLong);
        }
        furthest = offers.iter().map(|offer| demand.reach(furthest, offer)).max().unwrap_or(furthest);
        reached.push(furthest);
    }
    let Offer { cost, calls, .. } = *cheapest_call;
    Ok(Some(Bound { start, cost, calls: calls.into(), reached }))
}

fn search(
    demand: &Demand,
    offers: &[Offer],
    bound: &Bound,
    max_purchases: Option<u64>,
) -> Result<Option<Found>, PlanError> {
    let mut front = match max_purchases {
        None => Front::Ordered(BTreeMap::new()),
        Some(_) => Front::ByPurchases(Vec::new()),
    };
    let end = demand.total();
    let nothing = Spent::default();
    front.add(end, nothing);
    // Among equal estimates the label with the least to do comes first.
    let mut open = BinaryHeap::from([Reverse((bound.up_to(end), end, nothing))]);
    let mut best: Option<Spent> = None;
    let mut labels = 0_usize;
    while let Some(Reverse((estimate, at, spent))) = open.pop() {
        // Labels as good as the optimum are needed to find the path of least waste.
        if best.is_some_and(|best| estimate > best) {
            break;
        }
        if !front.holds(at, spent) {
            continue;
        }
        if at == bound.start {
            best = best.or(Some(spent));
            continue;
        }
        labels = labels.saturating_add(1);
        if labels > LABELS_MAX {
            return Err(PlanError::TooLong);
        }
        for offer in offers {
            let before = demand.earliest_to_reach(at, offer).max(bound.start);
            let spent = spent.plus(Spent::on(offer));
            let estimate = spent.plus(bound.up_to(before));
            let allowed = max_purchases.is_none_or(|max| estimate.purchases <= max);
            if allowed && !front.covers(before, spent) {
                front.add(before, spent);
                open.push(Reverse((estimate, before, spent)));
            }
        }
    }
    Ok(best.map(|best| Found { best, front }))
}
