//! Orders of the console. Their life is the billing core's; here they are placed, stored and settled.

use super::billing::Accounts;
use super::error::{Stored, invalid_row};
use crate::assumed::PENDING_ORDER_LIFE;
use crate::catalogue::Offer;
use crate::ids;
use billing_core::account::{Action, Decision, Event};
use billing_core::order::{Method, Order, Ordered, Pending};
use billing_core::time::{beijing_day, beijing_midnight};
use billing_core::{EventId, Refund, RefusalReason, Tariff};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};

words! {
    /// Why the buyer wants the money back.
    RefundReason {
        WrongPack = "wrong_pack",
        BoughtTwice = "bought_twice",
        NotNeeded = "not_needed",
        Other = "other",
    }
}

/// An order with the package it granted.
#[derive(Debug, Clone)]
pub(crate) struct StoredOrder {
    pub(crate) order: Order,
    /// The package number, once paid; also the lot's id.
    pub(crate) lot: Option<String>,
    pub(crate) refund_reason: Option<RefundReason>,
    app_id: String,
}

/// When the money of a refund is back at the latest: the end of the fifth working day **W**.
pub(crate) fn refund_due(requested_at: DateTime<Utc>) -> DateTime<Utc> {
    let expected = Tariff::embedded().holidays.refund_expected(beijing_day(requested_at));
    let day_after = expected.and_then(|expected| expected.to.succ_opt());
    day_after.and_then(beijing_midnight).unwrap_or(requested_at)
}

/// Carries out what time alone brings about: an unpaid order expires, money on its way arrives.
fn settle(order: Order, now: DateTime<Utc>) -> Stored<Order> {
    let ends = order.ordered().created_at + PENDING_ORDER_LIFE;
    match order {
        Order::Pending(pending) if now >= ends => {
            pending.expire(ends).map(Order::Expired).map_err(invalid_row)
        }
        Order::Refunding(refunding) if now >= refund_due(refunding.requested_at()) => {
            let due = refund_due(refunding.requested_at());
            refunding.complete(due).map(Order::Refunded).map_err(invalid_row)
        }
        other => Ok(other),
    }
}

const SELECT: &str = "SELECT record, lot, app_id, refund_reason FROM orders WHERE app_id = ?1";

fn stored_order(row: &Row<'_>, now: DateTime<Utc>) -> Stored<StoredOrder> {
    let order: Order =
        serde_json::from_str(row.get_ref(0)?.as_str().map_err(invalid_row)?).map_err(invalid_row)?;
    Ok(StoredOrder {
        order: settle(order, now)?,
        lot: row.get(1)?,
        app_id: row.get(2)?,
        refund_reason: row.get(3)?,
    })
}

/// All orders of a mini-program as they stand now, newest first.
pub(crate) fn all(connection: &Connection, app_id: &str, now: DateTime<Utc>) -> Stored<Vec<StoredOrder>> {
    let mut statement = connection.prepare(&format!("{SELECT} ORDER BY created_at DESC, rowid DESC"))?;
    let rows = statement.query_map([app_id], |row| Ok(stored_order(row, now)))?;
    rows.map(|row| row?).collect()
}

/// An order of this mini-program as it stands now. Never another's.
pub(crate) fn find(
    connection: &Connection,
    app_id: &str,
    id: &str,
    now: DateTime<Utc>,
) -> Stored<Option<StoredOrder>> {
    connection
        .prepare(&format!("{SELECT} AND id = ?2"))?
        .query_row((app_id, id), |row| Ok(stored_order(row, now)))
        .optional()?
        .transpose()
}

fn save(connection: &Connection, order: &Order, lot: Option<&str>) -> Stored<()> {
    let record = serde_json::to_string(order).map_err(invalid_row)?;
    connection.execute(
        "UPDATE orders SET record = ?2, lot = ?3 WHERE id = ?1",
        (&order.ordered().number, record, lot),
    )?;
    Ok(())
}

/// Puts an offer on order. Nothing is granted before it is paid.
pub(crate) fn place(
    connection: &Connection,
    app_id: &str,
    offer: &Offer,
    now: DateTime<Utc>,
) -> Stored<String> {
    let number = ids::order_number(connection)?;
    let ordered = Ordered {
        number: number.clone(),
        capability: offer.capability,
        calls: offer.calls,
        days: offer.days,
        list_price: offer.list_price,
        price: offer.price,
        created_at: now,
    };
    let record = serde_json::to_string(&Order::Pending(Pending::place(ordered))).map_err(invalid_row)?;
    let sku_id = i64::try_from(offer.sku_id).map_err(invalid_row)?;
    connection.execute(
        "INSERT INTO orders (id, app_id, sku_id, created_at, record) VALUES (?1, ?2, ?3, ?4, ?5)",
        (&number, app_id, sku_id, now.timestamp(), record),
    )?;
    Ok(number)
}

/// What became of an attempt to pay or cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Changed {
    Done,
    Unknown,
    /// The order is no longer pending.
    NotPending,
}

/// Pays an order: its pack is granted in the same transaction. Paying twice charges once.
pub(crate) fn pay(
    connection: &Connection,
    accounts: &mut Accounts,
    app_id: &str,
    id: &str,
    method: Method,
    now: DateTime<Utc>,
) -> Stored<Changed> {
    let Some(stored) = find(connection, app_id, id, now)? else { return Ok(Changed::Unknown) };
    let Order::Pending(pending) = stored.order else { return Ok(Changed::NotPending) };
    let order = Order::Paid(pending.pay(now, method).map_err(invalid_row)?);
    let ordered = order.ordered();
    let lot = ids::package_number(connection)?;
    let action = Action::Purchase { calls: ordered.calls, days: ordered.days, price: ordered.price };
    let event = Event { id: EventId::new(lot.as_str()).map_err(invalid_row)?, at: now, action };
    match accounts.record(connection, app_id, ordered.capability, event)? {
        Decision::Granted(_) => {}
        other => return Err(invalid_row(format_args!("a purchase answered {other:?}"))),
    }
    save(connection, &order, Some(&lot))?;
    Ok(Changed::Done)
}

/// Gives up a pending order.
pub(crate) fn cancel(connection: &Connection, app_id: &str, id: &str, now: DateTime<Utc>) -> Stored<Changed> {
    let Some(stored) = find(connection, app_id, id, now)? else { return Ok(Changed::Unknown) };
    let Order::Pending(pending) = stored.order else { return Ok(Changed::NotPending) };
    let order = Order::Cancelled(pending.cancel(now).map_err(invalid_row)?);
    save(connection, &order, None)?;
    Ok(Changed::Done)
}

/// Whether an order could be refunded now, and if not, every reason.
pub(crate) fn refund_verdict(
    accounts: &Accounts,
    stored: &StoredOrder,
    now: DateTime<Utc>,
) -> Stored<Refund> {
    match &stored.lot {
        None => Ok(Refund::Refused { reasons: vec![RefusalReason::NotPaid] }),
        Some(lot) => {
            Ok(accounts.get(&stored.app_id, stored.order.ordered().capability)?.refund_verdict(lot, now))
        }
    }
}

/// Asks for a refund. From this instant on the pack consumes nothing.
pub(crate) fn refund(
    connection: &Connection,
    accounts: &mut Accounts,
    app_id: &str,
    (id, reason): (&str, RefundReason),
    now: DateTime<Utc>,
) -> Stored<Option<Refund>> {
    let Some(stored) = find(connection, app_id, id, now)? else { return Ok(None) };
    let verdict = refund_verdict(accounts, &stored, now)?;
    let (Refund::Refunded { .. }, Order::Paid(paid), Some(lot)) = (&verdict, stored.order, &stored.lot)
    else {
        return Ok(Some(verdict));
    };
    let capability = Order::Paid(paid.clone()).ordered().capability;
    let account = accounts.get(app_id, capability)?;
    let lots = account.lots(now);
    let view =
        lots.iter().find(|view| view.lot.as_str() == lot).ok_or_else(|| invalid_row("a lot is missing"))?;
    let ends = view.expires_at.ok_or_else(|| invalid_row("a pack without end"))?;
    let refunding = paid.request_refund(view.used, ends, now).map_err(|refused| {
        invalid_row(format_args!("a granted refund was refused: {:?}", refused.reasons))
    })?;
    let event = Event {
        id: EventId::new(ids::event_name("refund")).map_err(invalid_row)?,
        at: now,
        action: Action::Refund { order: lot.clone() },
    };
    match accounts.record(connection, app_id, capability, event)? {
        Decision::Refund(done) if done == verdict => {}
        other => return Err(invalid_row(format_args!("a refund answered {other:?}"))),
    }
    save(connection, &Order::Refunding(refunding), Some(lot))?;
    connection.execute("UPDATE orders SET refund_reason = ?2 WHERE id = ?1", (id, reason))?;
    Ok(Some(verdict))
}
