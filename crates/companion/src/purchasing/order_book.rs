//! The record of orders: what readings, and totals that were typed in, show of them.

use chrono::{DateTime, TimeDelta, Utc};

use crate::api::{LotSource, LotState, PurchaseState};
use crate::purchasing::arrival::{CLOCKS_DIFFER, is_valid_for};
use crate::store::orders::{self, Order};
use crate::store::purchases::{self, Arrival, Purchase};
use crate::store::readings::{Lot, UsageFigures};
use crate::store::{Db, StoreError};

/// Keeps what a reading shows of orders; whether anything is new. Comes after the waiting purchase was compared with it.
pub(crate) fn record_orders(
    db: &Db<'_>,
    figures: &UsageFigures,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let known = orders::of(db, &figures.account)?;
    let dated = figures.lots.iter().filter(|lot| lot.source != LotSource::Trial);
    if known.is_empty() && dated.clone().next().is_none() {
        return Ok(false);
    }
    let mut news = false;
    for lot in dated {
        let before = known.iter().find(|order| order.lot.as_deref() == Some(lot.id.as_str()));
        let mut order = match before {
            Some(order) => order.clone(),
            None => first_sight(db, &known, lot, figures, now)?,
        };
        order.source = lot.source;
        order.state = lot.state;
        order.calls = lot.total;
        order.used = lot.used;
        order.effective_at = Some(lot.effective_at);
        order.expires_at = lot.expires_at;
        if taken_back(lot, now) {
            order.refunded_at.get_or_insert(now);
        }
        if before != Some(&order) {
            orders::save(db, &order)?;
            news = true;
        }
    }
    // A lot that is no longer listed after its money was asked for is the same as one that was taken back.
    for order in known {
        let listed = figures.lots.iter().any(|lot| Some(lot.id.as_str()) == order.lot.as_deref());
        if !listed && order.lot.is_some() && order.refund_asked_at.is_some() && order.refunded_at.is_none() {
            orders::save(db, &Order { refunded_at: Some(now), ..order })?;
            news = true;
        }
    }
    Ok(news)
}

/// WeChat lists a refunded lot as no longer valid: before its end, and although nothing of it was used.
fn taken_back(lot: &Lot, now: DateTime<Utc>) -> bool {
    lot.state == LotState::Spent && lot.used == 0 && lot.expires_at.is_some_and(|end| now < end)
}

/// An order for a lot that was not seen before: of the purchase that it is the arrival of; of one whose arrival was only
/// typed in; of one that the shop had stopped waiting for; or of none.
fn first_sight(
    db: &Db<'_>,
    known: &[Order],
    lot: &Lot,
    figures: &UsageFigures,
    now: DateTime<Utc>,
) -> Result<Order, StoreError> {
    if let Some(typed) = known.iter().find(|order| order.lot.is_none() && order.calls == lot.total) {
        return Ok(Order { lot: Some(lot.id.clone()), ..typed.clone() });
    }
    let mut purchases = purchases::handed_over(db, &figures.account)?;
    let arrived = |purchase: &Purchase| {
        purchase.arrived.as_ref().and_then(|arrival| arrival.lot.as_deref()) == Some(lot.id.as_str())
    };
    let index = purchases
        .iter()
        .position(arrived)
        .or_else(|| purchases.iter().position(|purchase| was_waited_for(purchase, lot)));
    let purchase = index.map(|index| purchases.swap_remove(index));
    if let Some(late) = purchase.clone().filter(|purchase| purchase.arrived.is_none()) {
        let arrival = Arrival {
            seen_at: now,
            lot: Some(lot.id.clone()),
            calls: lot.total,
            effective_at: Some(lot.effective_at),
            expires_at: lot.expires_at,
        };
        purchases::save(db, &Purchase { state: PurchaseState::Arrived, arrived: Some(arrival), ..late })?;
    }
    let purchase = purchase.map(|purchase| purchase.id);
    Ok(Order {
        // The same reading twice is the same order.
        id: purchase.clone().unwrap_or_else(|| format!("{}.{}", figures.account, lot.id)),
        account: figures.account.clone(),
        purchase,
        lot: Some(lot.id.clone()),
        source: lot.source,
        state: lot.state,
        calls: lot.total,
        used: lot.used,
        effective_at: Some(lot.effective_at),
        expires_at: lot.expires_at,
        seen_at: now,
        number: None,
        refund_asked_at: None,
        refunded_at: None,
        invoice_asked_at: None,
    })
}

/// A purchase that was given up, but paid after all.
fn was_waited_for(purchase: &Purchase, lot: &Lot) -> bool {
    let since = purchase.handed_over_at.unwrap_or(purchase.picked_at);
    purchase.state == PurchaseState::GivenUp
        && purchase.arrived.is_none()
        && lot.source == LotSource::Paid
        && lot.total == purchase.calls
        && is_valid_for(lot, purchase.days)
        && lot.effective_at.signed_duration_since(since) > TimeDelta::zero() - CLOCKS_DIFFER
}

/// The order of a purchase whose arrival shows in a typed-in total only.
pub(crate) fn record_typed(db: &Db<'_>, purchase: &Purchase, now: DateTime<Utc>) -> Result<(), StoreError> {
    let calls = purchase.arrived.as_ref().map_or(purchase.calls, |arrival| arrival.calls);
    let order = Order {
        id: purchase.id.clone(),
        account: purchase.account.clone(),
        purchase: Some(purchase.id.clone()),
        lot: None,
        source: LotSource::Paid,
        state: LotState::InEffect,
        calls,
        used: 0,
        effective_at: None,
        expires_at: None,
        seen_at: now,
        number: None,
        refund_asked_at: None,
        refunded_at: None,
        invoice_asked_at: None,
    };
    orders::save(db, &order)
}
