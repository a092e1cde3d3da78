//! What is minimised.

use super::offer::Offer;

/// Cost in cents, then purchases, then calls bought. Ordered, and ordered alike after adding the same to both: what makes
/// the search exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Spent {
    pub cost: u128,
    pub purchases: u64,
    /// Of the last purchase only what is not left at the end: what was bought and not served was wasted.
    pub bought: u64,
}

impl Spent {
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            cost: self.cost.saturating_add(other.cost),
            purchases: self.purchases.saturating_add(other.purchases),
            bought: self.bought.saturating_add(other.bought),
        }
    }

    /// What one purchase of an offer spends.
    pub(super) fn on(offer: &Offer) -> Self {
        Self { cost: offer.cost, purchases: 1, bought: offer.calls }
    }
}
