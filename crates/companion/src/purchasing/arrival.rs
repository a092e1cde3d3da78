//! Whether a reading shows the pack that was paid for.

use chrono::{DateTime, TimeDelta, Utc};

use crate::api::{LotSource, PurchaseState};
use crate::store::purchases::{self, Arrival, Purchase};
use crate::store::readings::{Lot, UsageFigures};
use crate::store::{Db, StoreError};

/// How far this computer's clock and the platform's may differ where only the start of a lot can tell old from new.
pub(crate) const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(10);

/// Compares a reading with the purchase of its account that waits; whether there is one.
pub(crate) fn match_reading(
    db: &Db<'_>,
    figures: &UsageFigures,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let newest = purchases::newest(db, &figures.account)?;
    let waiting = newest.filter(|newest| newest.state == PurchaseState::Waiting);
    let Some(mut purchase) = waiting else { return Ok(false) };
    let matched = purchases::matched_lots(db, &figures.account)?;
    purchase.last_checked = Some(now);
    if let Some((state, lot)) = arrival(&purchase, &figures.lots, &matched) {
        purchase.state = state;
        purchase.arrived = Some(Arrival {
            seen_at: now,
            lot: Some(lot.id.clone()),
            calls: lot.total,
            effective_at: Some(lot.effective_at),
            expires_at: lot.expires_at,
        });
    }
    purchases::save(db, &purchase)?;
    Ok(true)
}

pub(crate) fn is_open(state: PurchaseState) -> bool {
    matches!(state, PurchaseState::Picked | PurchaseState::Waiting)
}

/// The lot that is the purchase: a new paid one with its calls and validity; else, a new paid one that differs.
fn arrival<'a>(purchase: &Purchase, lots: &'a [Lot], matched: &[String]) -> Option<(PurchaseState, &'a Lot)> {
    let is_new = |lot: &&Lot| match &purchase.known_lots {
        Some(known) => !known.contains(&lot.id),
        None => lot.effective_at + CLOCKS_DIFFER >= purchase.picked_at,
    };
    let fresh: Vec<&Lot> = lots.iter().filter(is_new).filter(|lot| !matched.contains(&lot.id)).collect();
    // Some answers leave the source out (docs/wechat.md §1.1); such a lot counts only where everything else fits.
    let same = fresh.iter().find(|lot| {
        matches!(lot.source, LotSource::Paid | LotSource::Other)
            && lot.total == purchase.calls
            && is_valid_for(lot, purchase.days)
    });
    let other = fresh.iter().find(|lot| lot.source == LotSource::Paid);
    same.map(|lot| (PurchaseState::Arrived, *lot))
        .or(other.map(|lot| (PurchaseState::ArrivedDifferent, *lot)))
}

/// Validity is days × 86 400 s exactly \[W\].
pub(crate) fn is_valid_for(lot: &Lot, days: u32) -> bool {
    lot.expires_at
        .is_some_and(|end| end.signed_duration_since(lot.effective_at) == TimeDelta::days(days.into()))
}
