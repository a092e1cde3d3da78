//! Least cost, then fewest purchases: a best-first search backwards from the last call.
//!
//! A label says: from call `at` on, everything can be served for `spent`. Going back one purchase gives the earliest
//! call from which that pack reaches `at`. A label is kept only while no other one starts as early for no more. Labels
//! are taken in the order of what they have spent plus a bound of what is still to be spent; the bound never
//! overestimates and never falls by more than a step costs, so the first label that reaches the start is optimal.

use super::bound::Bound;
use super::demand::Demand;
use super::{Offer, PlanError};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Labels after which the search gives up: some seconds and a few hundred megabytes.
const LABELS_MAX: usize = 2_000_000;
/// Labels after which a sharper bound pays.
pub(super) const PATIENCE: usize = 20_000;
/// Labels waiting at the same time, for the same reason.
const OPEN_MAX: usize = 8_000_000;

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

/// The least that can be spent from the start on, or nothing if the calls cannot be served within the limit. After
/// `patience` labels the search begins anew with a sharper bound.
pub(super) fn cheapest(
    demand: &Demand,
    offers: &[Offer],
    bound: &mut Bound,
    max_purchases: Option<u64>,
    patience: usize,
) -> Result<Option<Search>, PlanError> {
    let least = bound.purchases_up_to(demand.total());
    if max_purchases.is_some_and(|max| max < least) {
        return Ok(None);
    }
    let mut free = Search::new(demand, bound, None);
    if free.run(demand, offers, bound, patience) == Run::OutOfPatience {
        bound.sharpen(offers);
        free = Search::new(demand, bound, None);
        free.run(demand, offers, bound, LABELS_MAX).or_too_long()?;
    }
    match (free.best, max_purchases) {
        (Some(best), Some(max)) if best.purchases > max => {
            let mut limited = Search::new(demand, bound, Some(max));
            limited.run(demand, offers, bound, LABELS_MAX).or_too_long()?;
            Ok(limited.best.is_some().then_some(limited))
        }
        (best, _) => Ok(best.is_some().then_some(free)),
    }
}

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    /// The optimum is known, or that there is none.
    Done,
    /// It would take more labels.
    OutOfPatience,
}

impl Run {
    fn or_too_long(self) -> Result<(), PlanError> {
        match self {
            Self::Done => Ok(()),
            Self::OutOfPatience => Err(PlanError::TooLong),
        }
    }
}

/// A search that has found the optimum, and can go on to every other way of reaching it.
pub(super) struct Search {
    best: Option<Spent>,
    front: Front,
    open: BinaryHeap<Reverse<(Spent, u64, Spent)>>,
    max_purchases: Option<u64>,
    labels: usize,
}

impl Search {
    fn new(demand: &Demand, bound: &Bound, max_purchases: Option<u64>) -> Self {
        let mut front = match max_purchases {
            None => Front::Ordered(BTreeMap::new()),
            Some(_) => Front::ByPurchases(Vec::new()),
        };
        let (end, nothing) = (demand.total(), Spent::default());
        front.add(end, nothing);
        // Among equal estimates the label with the least to do comes first.
        let open = BinaryHeap::from([Reverse((bound.up_to(end), end, nothing))]);
        Self { best: None, front, open, max_purchases, labels: 0 }
    }

    /// The optimum.
    pub(super) fn best(&self) -> Spent {
        self.best.unwrap_or_default()
    }

    /// Whether everything from a call on is known to be served within a budget.
    pub(super) fn can_finish(&self, from: u64, budget: Spent) -> bool {
        self.front.covers(from, budget)
    }

    /// Goes on to labels as good as the optimum: among them is the path of least waste. Beyond [`LABELS_MAX`] it is
    /// looked for among those known by then.
    pub(super) fn find_all_ties(&mut self, demand: &Demand, offers: &[Offer], bound: &Bound) {
        let best = self.best();
        while self.labels < LABELS_MAX
            && let Some(Reverse((estimate, at, spent))) = self.open.pop()
            && estimate <= best
        {
            self.expand(demand, offers, bound, at, spent);
        }
    }

    /// Goes on until the optimum is found, nothing is left, or so many labels were taken.
    fn run(&mut self, demand: &Demand, offers: &[Offer], bound: &Bound, labels_max: usize) -> Run {
        while let Some(Reverse((_, at, spent))) = self.open.pop() {
            if at == bound.start && self.front.holds(at, spent) {
                self.best = Some(spent);
                return Run::Done;
            }
            if self.labels >= labels_max || self.open.len() > OPEN_MAX {
                return Run::OutOfPatience;
            }
            self.expand(demand, offers, bound, at, spent);
        }
        Run::Done
    }

    fn expand(&mut self, demand: &Demand, offers: &[Offer], bound: &Bound, at: u64, spent: Spent) {
        if at == bound.start || !self.front.holds(at, spent) {
            return;
        }
        self.labels = self.labels.saturating_add(1);
        for offer in offers {
            let before = demand.earliest_to_reach(at, offer).max(bound.start);
            let spent = spent.plus(Spent::on(offer));
            let fewest = spent.purchases.saturating_add(bound.purchases_up_to(before));
            let allowed = self.max_purchases.is_none_or(|max| fewest <= max);
            if allowed && !self.front.covers(before, spent) {
                self.front.add(before, spent);
                self.open.push(Reverse((spent.plus(bound.up_to(before)), before, spent)));
            }
        }
    }
}
