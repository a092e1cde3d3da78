//! Ways that no other way makes useless.

use super::spent::Spent;
use std::collections::BTreeMap;

/// With a limit on purchases, with how many numbers of purchases below its own a way is compared. Comparing saves work
/// and decides nothing, so a few are enough.
const NUMBERS_COMPARED: usize = 32;

/// By the call they reach: the further, the more is spent.
type Ways = BTreeMap<u64, Spent>;

pub(super) enum Front {
    /// Cost decides, purchases and then waste break ties.
    Ordered(Ways),
    /// With a limit on purchases a dearer way with fewer purchases may be needed: one such map for each number.
    ByPurchases(Vec<Ways>),
}

impl Front {
    pub(super) fn new(limited: bool) -> Self {
        if limited { Self::ByPurchases(Vec::new()) } else { Self::Ordered(Ways::new()) }
    }

    /// Whether a way that reaches `at` or further spends no more than `spent`.
    pub(super) fn covers(&self, at: u64, spent: Spent) -> bool {
        match self {
            Self::Ordered(ways) => least_from(ways, at).is_some_and(|known| *known <= spent),
            Self::ByPurchases(by_purchases) => {
                let fewer = by_purchases.iter().take(place(spent).saturating_add(1)).rev();
                fewer.take(NUMBERS_COMPARED).any(|ways| {
                    least_from(ways, at).is_some_and(|known| known.cost <= spent.cost && *known <= spent)
                })
            }
        }
    }

    /// Whether a way was not made useless since it was added.
    pub(super) fn holds(&self, at: u64, spent: Spent) -> bool {
        let ways = match self {
            Self::Ordered(ways) => Some(ways),
            Self::ByPurchases(by_purchases) => by_purchases.get(place(spent)),
        };
        ways.is_some_and(|ways| ways.get(&at) == Some(&spent))
    }

    /// Adds a way that is not covered, and drops those it makes useless.
    pub(super) fn add(&mut self, at: u64, spent: Spent) {
        let ways = match self {
            Self::Ordered(ways) => ways,
            Self::ByPurchases(by_purchases) => {
                let place = place(spent);
                if by_purchases.len() <= place {
                    by_purchases.resize_with(place.saturating_add(1), Ways::new);
                }
                let Some(ways) = by_purchases.get_mut(place) else { return };
                ways
            }
        };
        while let Some((known, _)) = ways.range(..=at).next_back().filter(|(_, known)| **known >= spent) {
            let known = *known;
            ways.remove(&known);
        }
        ways.insert(at, spent);
    }
}

fn place(spent: Spent) -> usize {
    usize::try_from(spent.purchases).unwrap_or(usize::MAX)
}

fn least_from(ways: &Ways, at: u64) -> Option<&Spent> {
    ways.range(at..).next().map(|(_, spent)| spent)
}
