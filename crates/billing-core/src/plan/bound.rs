//! Bounds from below of what is still to be spent: the sharper they are, the fewer ways a search must look at.

use super::demand::Demand;
use super::grid::Grid;
use super::knapsack::Knapsack;
use super::offer::{Offer, at_most_served};
use super::spent::Spent;
use super::{PURCHASES_MAX, PlanError};
use std::cell::OnceCell;

/// What a bound may cost to make.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sharpness {
    /// Points of the grid; without any there is none.
    pub points: u64,
    /// Entries of the knapsack's table.
    pub entries: u64,
}

/// How long to search with which bound.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    pub bound: Sharpness,
    /// Purchases tried before a sharper bound pays.
    pub tries: usize,
}

/// Most plans need a few hundred tries with the plain bound. The last effort is some seconds and a few hundred megabytes.
pub(super) const EFFORTS: [Effort; 4] = [
    Effort { bound: Sharpness { points: 0, entries: 1 << 14 }, tries: 3_000 },
    Effort { bound: Sharpness { points: 1 << 12, entries: 1 << 16 }, tries: 200_000 },
    Effort { bound: Sharpness { points: 1 << 15, entries: 1 << 16 }, tries: 2_000_000 },
    Effort { bound: Sharpness { points: 1 << 18, entries: 1 << 18 }, tries: 20_000_000 },
];

/// The bounds of one demand and one list of offers, blunt to sharp. What is to be spent from a call on does not depend on
/// where a search began, so searches from different calls share the bounds that were made.
#[derive(Debug)]
pub(super) struct Bounds {
    made: Vec<(Effort, OnceCell<Option<Bound>>)>,
    /// No search begins at an earlier call.
    start: u64,
}

impl Bounds {
    pub(super) fn new(start: u64, efforts: &[Effort]) -> Self {
        Self { made: efforts.iter().map(|effort| (*effort, OnceCell::new())).collect(), start }
    }

    /// The sharpest bound that was needed so far, at first the bluntest; then sharper ones. None without offers.
    pub(super) fn sharper_and_sharper(
        &self,
        demand: &Demand,
        offers: &[Offer],
    ) -> impl Iterator<Item = (Effort, &Bound)> {
        let sharpest = self.made.iter().rposition(|(_, bound)| bound.get().is_some()).unwrap_or(0);
        self.made.iter().skip(sharpest).filter_map(move |(effort, bound)| {
            let bound = bound.get_or_init(|| Bound::new(demand, offers, self.start, effort.bound));
            Some((*effort, bound.as_ref()?))
        })
    }
}

/// Purchases that are needed at the very least, whatever they cost: one entry for each, how early the rest may begin.
pub(super) struct Fewest(Vec<u64>);

#[derive(Debug)]
pub(super) struct Bound {
    knapsack: Knapsack,
    grid: Option<Grid>,
}

impl Fewest {
    /// Nothing if more than `limit` are needed. Too long if there is no such limit and there are too many.
    pub(super) fn new(
        demand: &Demand,
        offers: &[Offer],
        start: u64,
        limit: Option<u64>,
    ) -> Result<Option<Self>, PlanError> {
        let mut begins = vec![demand.total()];
        let mut earliest = demand.total();
        while earliest > start {
            let purchases = u64::try_from(begins.len()).unwrap_or(u64::MAX);
            if offers.is_empty() || limit.is_some_and(|limit| purchases > limit) {
                return Ok(None);
            }
            if begins.len() > PURCHASES_MAX {
                return Err(PlanError::TooManyPurchases);
            }
            let before = offers.iter().map(|offer| demand.earliest_to_reach(earliest, offer)).min();
            earliest = before.unwrap_or(earliest);
            begins.push(earliest);
        }
        Ok(Some(Self(begins)))
    }

    pub(super) fn from(&self, call: u64) -> u64 {
        u64::try_from(self.0.partition_point(|begins| *begins > call)).unwrap_or(u64::MAX)
    }
}

impl Bound {
    /// Nothing if there are no offers.
    pub(super) fn new(demand: &Demand, offers: &[Offer], start: u64, sharp: Sharpness) -> Option<Self> {
        let served = at_most_served(offers, demand, start);
        let knapsack = Knapsack::new(&served, demand.total().saturating_sub(start), sharp.entries)?;
        let grid = (sharp.points > 0).then(|| Grid::new(demand, offers, start, sharp.points));
        Some(Self { knapsack, grid })
    }

    /// The least cost from a call on a day, and the fewest purchases at that cost; calls that must be bought for that.
    pub(super) fn from(&self, demand: &Demand, fewest: &Fewest, day: usize, call: u64) -> Spent {
        let todo = demand.total().saturating_sub(call);
        let least = self.knapsack.least(todo);
        let least = self.grid.as_ref().map_or(least, |grid| grid.from(demand, day, call).max(least));
        Spent { cost: least.cost, purchases: least.purchases.max(fewest.from(call)), bought: todo }
    }
}
