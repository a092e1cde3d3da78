//! What serving so many calls spends at the very least, validity set aside.
//!
//! Then this is a knapsack to be filled: so many calls, packs in any number. The cheapest call is the one of the *best*
//! pack; every other pack, and every call wasted, exceeds its rate. How far a sum of calls must exceed it depends only on
//! what the sum leaves when divided by the calls of the best pack, for best packs fill the rest (perhaps a negative number
//! of them, which only lowers the bound). So a table over those remainders holds the least excess, and with it the bound
//! is exact wherever validity does not matter – where plans are long.

use super::offer::Offer;
use super::spent::Spent;

/// Least excess by remainder, in units of `grain` calls. All amounts are multiplied by the calls of the best pack.
struct Table {
    /// Every pack has a multiple of so many calls.
    grain: u64,
    excess: Vec<Excess>,
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
pub(super) struct Knapsack {
    best: Offer,
    table: Option<Table>,
}

impl Knapsack {
    /// With a table if it has at most so many entries. Nothing if there are no offers.
    pub(super) fn new(offers: &[Offer], remainders_max: u64) -> Option<Self> {
        // Of equally cheap packs the largest: the others then exceed it in purchases, never fall below.
        let best = offers.iter().min_by(|a, b| {
            let (left, right) = (times(a.cost, b.calls), times(b.cost, a.calls));
            left.cmp(&right).then(b.calls.cmp(&a.calls))
        })?;
        Some(Self { best: *best, table: Table::new(offers, best, remainders_max) })
    }

    /// The least cost of so many calls, and the fewest purchases at that cost.
    pub(super) fn least(&self, todo: u64) -> Spent {
        let Some(table) = &self.table else {
            let cost = divided(times(self.best.cost, todo), self.best.calls);
            return Spent { cost, ..Spent::default() };
        };
        let grains = todo.div_ceil(table.grain);
        let todo = grains.saturating_mul(table.grain);
        let excess = table.at(grains);
        let purchases = i128::from(todo).saturating_add(excess.purchases);
        let purchases = divided(u128::try_from(purchases).unwrap_or(0), self.best.calls);
        Spent {
            cost: divided(times(self.best.cost, todo).saturating_add(excess.cost), self.best.calls),
            purchases: u64::try_from(purchases).unwrap_or(u64::MAX),
            bought: 0,
        }
    }
}

impl Table {
    /// Nothing if it would be too large.
    fn new(offers: &[Offer], best: &Offer, remainders_max: u64) -> Option<Self> {
        let grain =
            offers.iter().fold(best.calls, |grain, offer| greatest_common_divisor(grain, offer.calls));
        let remainders = best.calls.checked_div(grain).filter(|count| *count <= remainders_max)?;
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
        Some(Self { grain, excess })
    }

    fn at(&self, grains: u64) -> Excess {
        let count = u64::try_from(self.excess.len()).unwrap_or(u64::MAX);
        let remainder = grains.checked_rem(count).and_then(|remainder| usize::try_from(remainder).ok());
        remainder.and_then(|remainder| self.excess.get(remainder)).copied().unwrap_or(Excess::UNKNOWN)
    }
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

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    match a.checked_rem(b) {
        None => a,
        Some(rest) => greatest_common_divisor(b, rest),
    }
}

fn greatest_common_divisor_of_sizes(a: usize, b: usize) -> usize {
    match a.checked_rem(b) {
        None => a,
        Some(rest) => greatest_common_divisor_of_sizes(b, rest),
    }
}
