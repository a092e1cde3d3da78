//! Orders: every purchase seen or made, whether it can be given back, and what the shop wrote down about it.

use billing_core::time::beijing_text;
use chrono::{DateTime, TimeDelta, Utc};

use crate::app::Companion;
use crate::error::Error;
use crate::forecast::outlook::Outlook;
use crate::purchasing::purchase::{CLOCKS_DIFFER, is_valid_for};
use crate::purchasing::status;
use crate::store::orders::{self, Order};
use crate::store::purchases::{self, Arrival, Purchase};
use crate::store::readings::{Lot, UsageFigures};
use crate::store::{Db, StoreError};
use crate::usage::sync::Known;
use crate::views::{
    ErrorCode, LotSource, LotState, OrderNote, OrdersView, PurchaseState, RefundView, Tag, UsageSource,
};

impl Companion {
    /// Every purchase seen or made, newest first.
    pub async fn get_orders(&self, account: &str) -> Result<OrdersView, Error> {
        let known = self.known(account).await?;
        let outlook = self.outlook(&known).await?;
        let (orders, purchases) = self.kept_orders(&known.account.id).await?;
        Ok(orders_view(&known, &outlook, &orders, &purchases))
    }

    /// Writes down what the shop did about an order in the console. After a refund was asked for, usage is read again:
    /// the lot's end is what confirms it. Errors: `not_found`, `not_refundable`, `order_number_invalid`.
    pub async fn note_order(&self, account: &str, order: &str, note: OrderNote) -> Result<OrdersView, Error> {
        let known = self.known(account).await?;
        let (orders, purchases) = self.kept_orders(&known.account.id).await?;
        let mut kept = orders
            .into_iter()
            .find(|kept| kept.id == order)
            .ok_or_else(|| Error::refused(ErrorCode::NotFound))?;
        let asked = note == OrderNote::RefundAsked;
        match note {
            OrderNote::RefundAsked => {
                let outlook = self.outlook(&known).await?;
                let judged = status::order_view(&known, &outlook, &kept, &purchases);
                if !matches!(judged.refund, RefundView::Possible { .. } | RefundView::Asked { .. }) {
                    return Err(Error::refused(ErrorCode::NotRefundable));
                }
                kept.refund_asked_at.get_or_insert(known.now);
            }
            OrderNote::RefundNotAsked => kept.refund_asked_at = None,
            OrderNote::InvoiceAsked => {
                kept.invoice_asked_at.get_or_insert(known.now);
            }
            OrderNote::InvoiceNotAsked => kept.invoice_asked_at = None,
            OrderNote::Number { number } => kept.number = order_number(&number)?,
        }
        self.shared.store.ledger(move |db| orders::save(db, &kept)).await?;
        self.changed(&known.account.id, &[Tag::Purchase]);
        if asked {
            self.look_for_refund(&known);
        }
        self.get_orders(account).await
    }

    async fn kept_orders(&self, account: &str) -> Result<(Vec<Order>, Vec<Purchase>), Error> {
        let id = account.to_owned();
        let read =
            self.shared.store.ledger(move |db| Ok((orders::of(db, &id)?, purchases::handed_over(db, &id)?)));
        Ok(read.await?)
    }

    /// Reads usage once behind the page. A reading that fails is stored with the account and shown there.
    fn look_for_refund(&self, known: &Known) {
        let Some(connection) = known.facts.connection.clone() else { return };
        if connection.source == UsageSource::TypedIn {
            return;
        }
        let (companion, account) = (self.inner(), known.account.clone());
        self.in_background(async move {
            if let Err(error) = companion.read_usage(&account, &connection).await {
                tracing::info!(code = ?error.code(), "the refund could not be looked for");
            }
        });
    }
}

fn orders_view(known: &Known, outlook: &Outlook, orders: &[Order], purchases: &[Purchase]) -> OrdersView {
    let mut views: Vec<_> = purchases.iter().filter_map(status::unarrived_view).collect();
    views.extend(orders.iter().map(|order| status::order_view(known, outlook, order, purchases)));
    let typed_in = known.facts.connection.as_ref().is_some_and(|connection| connection.typed.is_some());
    let figures = known.figures.as_ref().filter(|_| !typed_in);
    OrdersView {
        account: known.account.id.clone(),
        orders: views,
        read_at: figures.map(|figures| beijing_text(figures.read_at)),
        typed_in,
    }
}

/// WeChat's order numbers are `DD` and digits: 19 in every one that was seen \[S3\].
fn order_number(typed: &str) -> Result<Option<String>, Error> {
    let number = typed.trim();
    let digits = number.strip_prefix("DD").unwrap_or_default();
    let sound = (10..=30).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    match number {
        "" => Ok(None),
        _ if sound => Ok(Some(number.to_owned())),
        _ => Err(Error::refused(ErrorCode::OrderNumberInvalid)),
    }
}

/// Keeps what a reading shows of orders; whether anything is new. Comes after the waiting purchase was compared with it.
pub(crate) fn note_in(db: &Db<'_>, figures: &UsageFigures, now: DateTime<Utc>) -> Result<bool, StoreError> {
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
    let place = purchases
        .iter()
        .position(arrived)
        .or_else(|| purchases.iter().position(|purchase| was_waited_for(purchase, lot)));
    let purchase = place.map(|place| purchases.swap_remove(place));
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
pub(crate) fn note_typed(db: &Db<'_>, purchase: &Purchase, now: DateTime<Utc>) -> Result<(), StoreError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_number_is_two_letters_and_digits() {
        let number = |typed| order_number(typed).map_err(|error| error.code());
        assert_eq!(number(" DD3034220985269108737 "), Ok(Some("DD3034220985269108737".to_owned())));
        assert_eq!(number("  "), Ok(None));
        for wrong in
            ["3034220985269108737", "DD", "DD12345", "DD30342209852691O8737", "dd3034220985269108737"]
        {
            assert_eq!(number(wrong), Err(ErrorCode::OrderNumberInvalid), "{wrong}");
        }
    }
}
