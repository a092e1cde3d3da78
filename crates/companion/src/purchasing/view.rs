//! A purchase in the words of the page.

use billing_core::refund;
use chrono::{DateTime, Utc};

use crate::api::{Instant, LotState, Money, PurchaseView};
use crate::store::purchases::{Arrival, Purchase};
use crate::store::readings::Lot;

/// The purchase for the UI. `lots` as last read: a pack in use can no longer be refunded.
pub(crate) fn purchase_view(purchase: &Purchase, lots: &[Lot]) -> PurchaseView {
    let arrived = purchase.arrived.as_ref();
    let lot = arrived.and_then(|arrival| arrival.lot.as_deref());
    let untouched = lots.iter().find(|known| Some(known.id.as_str()) == lot).is_none_or(is_untouched);
    let refundable_until = arrived.filter(|_| untouched).and_then(refundable_until);
    PurchaseView {
        id: purchase.id.clone(),
        pack: purchase.pack.clone(),
        calls: purchase.calls,
        days: purchase.days,
        price: Money(purchase.price),
        state: purchase.state,
        picked_at: Instant(purchase.picked_at),
        handed_over_at: purchase.handed_over_at.map(Instant),
        arrived_at: arrived.map(|arrival| Instant(arrival.seen_at)),
        lot: arrived.and_then(|arrival| arrival.lot.clone()),
        arrived_calls: arrived.map(|arrival| arrival.calls).filter(|calls| *calls != purchase.calls),
        effective_at: arrived.and_then(|arrival| arrival.effective_at).map(Instant),
        expires_at: arrived.and_then(|arrival| arrival.expires_at).map(Instant),
        refundable_until: refundable_until.map(Instant),
        last_checked: purchase.last_checked.map(Instant),
    }
}

/// Nothing of it was used, and it was neither given back nor has it ended.
pub(crate) fn is_untouched(lot: &Lot) -> bool {
    lot.used == 0 && lot.state != LotState::Spent
}

/// A pack takes effect at the instant of payment \[W\], so its start says when it was paid.
pub(crate) fn refundable_until(arrival: &Arrival) -> Option<DateTime<Utc>> {
    refund::refundable_until(arrival.effective_at?, arrival.expires_at?)
}
