//! What serving so many calls spends at the very least, validity set aside – but for what a pack can serve at most, where
//! the offers say so ([`at_most_served`](super::offer::at_most_served)).
//!
//! Then this is a knapsack to be filled: so many calls, packs in any number. For few calls a table holds the least that
//! each number of them costs, and the bound is exact.
//!
//! For many calls: the cheapest call is the one of the *best* pack; every other pack, and every call wasted, exceeds its
//! rate. How far a sum of calls must exceed it depends only on what the sum leaves when divided by the calls of the best
//! pack, for best packs fill the rest (perhaps a negative number of them, which only lowers the bound). So a table over
//! those remainders holds the least excess, and the bound is exact where the sum has many best packs in it.

use super::offer::{Offer, grain};
use super::spent::Spent;

/// What the bound is read from. Every pack has a multiple of so many calls: the grain of a table.
#[derive(Debug)]
enum Table {
    /// What so many grains spend at the least.
    Sums { grain: u64, least: Vec<Spent> },
    /// Least excess by remainder in grains. All amounts are multiplied by the calls of the best pack.
    Remainders { grain: u64, excess: Vec<Excess> },
}

/// What exceeds the rate of the best pack: cost, then purchases – fewer than its rate for a dearer pack with more calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Excess {
    cost: u128,
    purchases: i128,
}

impl Excess {
    const UNKNOWN: Self = Self { cost: u128::MAX, purchases: i128::MAX };

    fn plus(self, other: Self) -> Self {
        Self {
            cost: self.cost.saturating_add(other.cost),
            purchases: self.purchases.saturating_add(other.purchases),
        }
    }
}

/// The rate of the best pack, and where it pays a table.
#[derive(Debug)]
pub(super) struct Knapsack {
    best: Offer,
    table: Option<Table>,
}

impl Knapsack {
    /// For so many calls at most; with a table if it has at most so many entries. Nothing if there are no offers.
    pub(super) fn new(offers: &[Offer], todo_max: u64, entries_max: u64) -> Option<Self> {
        // Of equally cheap packs the largest: the others then exceed it in purchases, never fall below.
        let best = offers.iter().min_by(|a, b| {
            let (left, right) = (times(a.cost, b.calls), times(b.cost, a.calls));
            left.cmp(&right).then(b.calls.cmp(&a.calls))
        })?;
        Some(Self { best: *best, table: Table::new(offers, best, todo_max, entries_max) })
    }

    /// The least cost of so many calls, and the fewest purchases at that cost.
    pub(super) fn least(&self, todo: u64) -> Spent {
        match &self.table {
            None => Spent { cost: divided(times(self.best.cost, todo), self.best.calls), ..Spent::default() },
            Some(Table::Sums { grain, least }) => {
                let grains = usize::try_from(todo.div_ceil(*grain)).unwrap_or(usize::MAX);
                least.get(grains).or(least.last()).copied().unwrap_or_default()
            }
            Some(Table::Remainders { grain, excess }) => {
                let grains = todo.div_ceil(*grain);
                let todo = grains.saturating_mul(*grain);
                let excess = excess_at(excess, grains);
                let purchases = i128::from(todo).saturating_add(excess.purchases);
                let purchases = divided(u128::try_from(purchases).unwrap_or(0), self.best.calls);
                Spent {
                    cost: divided(times(self.best.cost, todo).saturating_add(excess.cost), self.best.calls),
                    purchases: u64::try_from(purchases).unwrap_or(u64::MAX),
                    bought: 0,
                }
            }
        }
    }
}

impl Table {
    /// The smaller of the two; nothing if it would be too large.
    fn new(offers: &[Offer], best: &Offer, todo_max: u64, entries_max: u64) -> Option<Self> {
        let grain = grain(offers);
        let remainders = best.calls.checked_div(grain)?;
        let sums = todo_max.div_ceil(grain).saturating_add(1);
        if remainders.min(sums) > entries_max {
            return None;
        }
        if sums <= remainders {
            let least = sums_of(offers, grain, usize::try_from(sums).ok()?);
            return Some(Self::Sums { grain, least });
        }
        let mut excess = vec![Excess::UNKNOWN; usize::try_from(remainders).ok()?];
        *excess.first_mut()? = Excess { cost: 0, purchases: 0 };
        for offer in offers {
            // The cost is not below 0, for no call is cheaper; where it is 0 the purchases are not, for none is larger.
            let more = Excess {
                cost: times(offer.cost, best.calls).saturating_sub(times(best.cost, offer.calls)),
                purchases: i128::from(best.calls).saturating_sub(offer.calls.into()),
            };
            relax(&mut excess, offer.calls.checked_div(grain)?.checked_rem(remainders)?, more);
        }
        let wasted = Excess { cost: times(best.cost, grain), purchases: grain.into() };
        relax(&mut excess, remainders.checked_sub(1)?, wasted);
        Some(Self::Remainders { grain, excess })
    }
}

/// The least that 0, 1, 2, … grains spend.
fn sums_of(offers: &[Offer], grain: u64, count: usize) -> Vec<Spent> {
    let grains =
        |offer: &Offer| usize::try_from(offer.calls.checked_div(grain).unwrap_or(0)).unwrap_or(usize::MAX);
    let offers: Vec<(usize, Spent)> = offers
        .iter()
        .map(|offer| (grains(offer), Spent { cost: offer.cost, purchases: 1, bought: 0 }))
        .collect();
    let mut least = vec![Spent::default()];
    while least.len() < count {
        let ways = offers.iter().map(|(grains, spent)| {
            let before = least.get(least.len().saturating_sub(*grains)).copied().unwrap_or_default();
            before.plus(*spent)
        });
        let next = ways.min().unwrap_or_default();
        least.push(next);
    }
    least
}

fn excess_at(excess: &[Excess], grains: u64) -> Excess {
    let count = u64::try_from(excess.len()).unwrap_or(u64::MAX);
    let remainder = grains.checked_rem(count).and_then(|remainder| usize::try_from(remainder).ok());
    remainder.and_then(|remainder| excess.get(remainder)).copied().unwrap_or(Excess::UNKNOWN)
}

/// Lets every remainder be reached by any number of steps of one kind: twice around each ring of remainders that the
/// steps connect carries the least value everywhere.
fn relax(excess: &mut [Excess], step: u64, more: Excess) {
    let count = excess.len();
    let Ok(step) = usize::try_from(step) else { return };
    if step == 0 {
        return;
    }
    let rings = greatest_common_divisor_of_sizes(count, step);
    let around = count.checked_div(rings).unwrap_or(0).saturating_mul(2);
    for ring in 0..rings {
        let mut at = ring;
        for _ in 0..around {
            let next = at.saturating_add(step);
            let next = if next >= count { next.saturating_sub(count) } else { next };
            let Some(here) = excess.get(at).copied() else { return };
            if here != Excess::UNKNOWN
                && let Some(there) = excess.get_mut(next)
            {
                *there = here.plus(more).min(*there);
            }
            at = next;
        }
    }
}

fn times(cost: u128, calls: u64) -> u128 {
    // At most 10^18 cents × 4 × 10^12 calls.
    cost.saturating_mul(calls.into())
}

/// Rounded up. Dividing 128 bits is slow, and rarely needed.
fn divided(amount: u128, calls: u64) -> u128 {
    match u64::try_from(amount) {
        Ok(amount) => amount.div_ceil(calls).into(),
        Err(_) => amount.div_ceil(calls.into()),
    }
}

fn greatest_common_divisor_of_sizes(a: usize, b: usize) -> usize {
    match a.checked_rem(b) {
        None => a,
        Some(rest) => greatest_common_divisor_of_sizes(b, rest),
    }
}
