//! Bulk purchase (集采): a provider's orders and their allocations. What is left of an order is the billing core's pool.

use super::billing::Accounts;
use super::columns::{capability_from, count, instant};
use super::error::{Stored, invalid_row};
use crate::assumed::{BULK_ORDERS_BY, NOT_CANCELLED};
use crate::catalogue::{Offer, Wholesale};
use crate::ids;
use crate::model::capability_text;
use billing_core::account::{Action, Decision, Event};
use billing_core::pool::{Allocation, Pool, RequestId};
use billing_core::{Calls, Capability, Days, EventId, LotId, Withdrawal, Yuan};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};

/// A provider's order.
#[derive(Debug, Clone)]
pub(crate) struct BulkOrder {
    pub(crate) id: String,
    pub(crate) provider: String,
    pub(crate) sku_id: u64,
    pub(crate) capability: Capability,
    /// Wholesale packs bought.
    pub(crate) count: u64,
    /// Calls of all of them together.
    pub(crate) calls: Calls,
    pub(crate) days: Days,
    pub(crate) price: Yuan,
    /// The package it is in the provider's own usage.
    pub(crate) package: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) paid_at: Option<DateTime<Utc>>,
    pub(crate) invoice_at: Option<DateTime<Utc>>,
}

impl BulkOrder {
    /// Valid from payment; before it, as if paid when ordered.
    pub(crate) fn begins_at(&self) -> DateTime<Utc> {
        self.paid_at.unwrap_or(self.created_at)
    }

    pub(crate) fn ends_at(&self) -> DateTime<Utc> {
        self.begins_at() + self.days.length()
    }
}

/// One request to allocate a pack, and how far it got.
#[derive(Debug, Clone)]
pub(crate) struct Assignment {
    pub(crate) order_id: String,
    pub(crate) request_id: RequestId,
    pub(crate) sku_id: u64,
    pub(crate) receiver: String,
    pub(crate) calls: Calls,
    pub(crate) days: Days,
    pub(crate) asked_at: DateTime<Utc>,
    /// The result is announced twice.
    pub(crate) told_twice: bool,
    /// The package the receiver got.
    pub(crate) lot: Option<String>,
    pub(crate) done_at: Option<DateTime<Utc>>,
    pub(crate) cancel_due_at: Option<DateTime<Utc>>,
    pub(crate) cancelled_at: Option<DateTime<Utc>>,
}

/// Puts packs on order, paid or not, with an invoice or without.
pub(crate) fn place(
    connection: &Connection,
    provider: &str,
    pack: &Wholesale,
    packs: u64,
    (paid, invoice): (bool, bool),
    now: DateTime<Utc>,
) -> Stored<String> {
    let id = ids::order_number(connection)?;
    let calls = pack.calls.get().checked_mul(packs).and_then(|calls| Calls::new(calls).ok());
    let calls = calls.ok_or_else(|| invalid_row("an order of that many calls"))?;
    let fen = pack.price.fen().and_then(|fen| fen.checked_mul(packs));
    let price = Yuan::from_fen(fen.ok_or_else(|| invalid_row("an order of that price"))?);
    connection.execute(
        "INSERT INTO bulk_orders
           (id, provider, sku_id, capability, count, calls, days, price, package, created_at, paid_at, invoice_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        rusqlite::params![
            id,
            provider,
            i64::try_from(pack.sku_id).map_err(invalid_row)?,
            capability_text(pack.capability),
            i64::try_from(packs).map_err(invalid_row)?,
            i64::try_from(calls.get()).map_err(invalid_row)?,
            pack.days.get(),
            price.to_string(),
            ids::package_number(connection)?,
            now.timestamp(),
            paid.then(|| now.timestamp()),
            invoice.then(|| now.timestamp()),
        ],
    )?;
    Ok(id)
}

const ORDER: &str = "SELECT id, provider, sku_id, capability, count, calls, days, price, package, created_at, paid_at, \
                     invoice_at FROM bulk_orders";

fn optional_instant(row: &Row<'_>, column: usize) -> Stored<Option<DateTime<Utc>>> {
    row.get::<_, Option<i64>>(column)?.map(instant).transpose()
}

fn order(row: &Row<'_>) -> Stored<BulkOrder> {
    Ok(BulkOrder {
        id: row.get(0)?,
        provider: row.get(1)?,
        sku_id: count(row.get(2)?)?,
        capability: capability_from(&row.get::<_, String>(3)?)?,
        count: count(row.get(4)?)?,
        calls: Calls::new(count(row.get(5)?)?).map_err(invalid_row)?,
        days: Days::new(count(row.get(6)?)?).map_err(invalid_row)?,
        price: row.get::<_, String>(7)?.parse().map_err(invalid_row)?,
        package: row.get(8)?,
        created_at: instant(row.get(9)?)?,
        paid_at: optional_instant(row, 10)?,
        invoice_at: optional_instant(row, 11)?,
    })
}

/// Returns an order of this provider, never another's.
pub(crate) fn find(connection: &Connection, provider: &str, id: &str) -> Stored<Option<BulkOrder>> {
    connection
        .prepare_cached(&format!("{ORDER} WHERE provider = ?1 AND id = ?2"))?
        .query_row((provider, id), |row| Ok(order(row)))
        .optional()?
        .transpose()
}

/// A provider's orders of one capability.
pub(crate) fn all(connection: &Connection, provider: &str, capability: Capability) -> Stored<Vec<BulkOrder>> {
    let mut statement = connection.prepare_cached(&format!(
        "{ORDER} WHERE provider = ?1 AND capability = ?2 ORDER BY {BULK_ORDERS_BY}"
    ))?;
    let rows = statement.query_map((provider, capability_text(capability)), |row| Ok(order(row)))?;
    rows.map(|row| row?).collect()
}

const ASSIGNMENT: &str = "SELECT order_id, request_id, sku_id, receiver, calls, days, asked_at, told_twice, lot, \
                          done_at, cancel_due_at, cancelled_at FROM assignments";

fn assignment_from(row: &Row<'_>) -> Stored<Assignment> {
    Ok(Assignment {
        order_id: row.get(0)?,
        request_id: RequestId::new(row.get::<_, String>(1)?).map_err(invalid_row)?,
        sku_id: count(row.get(2)?)?,
        receiver: row.get(3)?,
        calls: Calls::new(count(row.get(4)?)?).map_err(invalid_row)?,
        days: Days::new(count(row.get(5)?)?).map_err(invalid_row)?,
        asked_at: instant(row.get(6)?)?,
        told_twice: row.get(7)?,
        lot: row.get(8)?,
        done_at: optional_instant(row, 9)?,
        cancel_due_at: optional_instant(row, 10)?,
        cancelled_at: optional_instant(row, 11)?,
    })
}

/// The allocation that a request asked for.
pub(crate) fn assignment(
    connection: &Connection,
    order_id: &str,
    request: &RequestId,
) -> Stored<Option<Assignment>> {
    connection
        .prepare_cached(&format!("{ASSIGNMENT} WHERE order_id = ?1 AND request_id = ?2"))?
        .query_row((order_id, request.as_str()), |row| Ok(assignment_from(row)))
        .optional()?
        .transpose()
}

fn assignments(connection: &Connection, condition: &str, value: &str) -> Stored<Vec<Assignment>> {
    let mut statement =
        connection.prepare_cached(&format!("{ASSIGNMENT} WHERE {condition} ORDER BY rowid"))?;
    let rows = statement.query_map([value], |row| Ok(assignment_from(row)))?;
    rows.map(|row| row?).collect()
}

/// What is left of an order. Calls count from the moment an allocation is asked for, so that two that are under way
/// cannot take the same.
pub(crate) fn pool(connection: &Connection, order: &BulkOrder) -> Stored<Pool> {
    let mut pool = Pool::new(order.calls);
    for each in assignments(connection, "order_id = ?1", &order.id)? {
        let at = each.done_at.unwrap_or(each.asked_at);
        let allocation =
            Allocation { sku: each.sku_id.to_string(), receiver: each.receiver, calls: each.calls, at };
        pool.allocate(each.request_id.clone(), allocation).map_err(invalid_row)?;
        if each.cancelled_at.is_some() {
            // Judged when it was asked for.
            pool.cancel(&each.request_id, at).map_err(invalid_row)?;
        }
    }
    Ok(pool)
}

/// Writes down that an allocation was asked for.
pub(crate) fn ask(
    connection: &Connection,
    accounts: &mut Accounts,
    order: &BulkOrder,
    request: &RequestId,
    (offer, receiver): (&Offer, &str),
    (now, due_at): (DateTime<Utc>, DateTime<Utc>),
    told_twice: bool,
) -> Stored<()> {
    connection.execute(
        "INSERT INTO assignments (order_id, request_id, sku_id, receiver, calls, days, asked_at, due_at, told_twice)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        rusqlite::params![
            order.id,
            request.as_str(),
            i64::try_from(offer.sku_id).map_err(invalid_row)?,
            receiver,
            i64::try_from(offer.calls.get()).map_err(invalid_row)?,
            offer.days.get(),
            now.timestamp(),
            due_at.timestamp(),
            told_twice,
        ],
    )?;
    accounts.is_due_at(due_at);
    Ok(())
}

/// Writes down that an allocation is to be cancelled.
pub(crate) fn ask_to_cancel(
    connection: &Connection,
    accounts: &mut Accounts,
    assignment: &Assignment,
    due_at: DateTime<Utc>,
) -> Stored<()> {
    connection.execute(
        "UPDATE assignments SET cancel_due_at = ?3 WHERE order_id = ?1 AND request_id = ?2",
        (&assignment.order_id, assignment.request_id.as_str(), due_at.timestamp()),
    )?;
    accounts.is_due_at(due_at);
    Ok(())
}

/// When the next allocation or cancellation is due.
pub(crate) fn next_due(connection: &Connection) -> Stored<Option<DateTime<Utc>>> {
    let due: Option<i64> = connection
        .prepare_cached(
            "SELECT min(at) FROM (
               SELECT min(due_at) AS at FROM assignments WHERE done_at IS NULL
               UNION ALL
               SELECT min(cancel_due_at) FROM assignments
                 WHERE cancel_due_at IS NOT NULL AND cancelled_at IS NULL)",
        )?
        .query_row([], |row| row.get(0))?;
    due.map(instant).transpose()
}

/// What came of an allocation or of its cancellation.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    pub(crate) assignment: Assignment,
    pub(crate) order: BulkOrder,
    pub(crate) cancelled: bool,
    /// 0: done.
    pub(crate) result: i64,
}

/// Carries out every allocation and cancellation that is due.
pub(crate) fn settle(
    connection: &Connection,
    accounts: &mut Accounts,
    now: DateTime<Utc>,
) -> Stored<Vec<Settled>> {
    let due = now.timestamp().to_string();
    let mut settled = Vec::new();
    for mut assignment in assignments(connection, "done_at IS NULL AND due_at <= CAST(?1 AS INTEGER)", &due)?
    {
        let order = order_of(connection, &assignment)?;
        let lot = allocate(connection, accounts, &assignment, order.capability, now)?;
        connection.execute(
            "UPDATE assignments SET lot = ?3, done_at = ?4 WHERE order_id = ?1 AND request_id = ?2",
            (&assignment.order_id, assignment.request_id.as_str(), &lot, now.timestamp()),
        )?;
        assignment.lot = Some(lot);
        assignment.done_at = Some(now);
        settled.push(Settled { assignment, order, cancelled: false, result: 0 });
    }
    let cancellations = "cancelled_at IS NULL AND cancel_due_at <= CAST(?1 AS INTEGER)";
    for assignment in assignments(connection, cancellations, &due)? {
        let order = order_of(connection, &assignment)?;
        let result = withdraw(connection, accounts, &assignment, order.capability, now)?;
        let change = if result == 0 { "cancelled_at = ?3" } else { "cancel_due_at = iif(?3, NULL, NULL)" };
        connection.execute(
            &format!("UPDATE assignments SET {change} WHERE order_id = ?1 AND request_id = ?2"),
            (&assignment.order_id, assignment.request_id.as_str(), now.timestamp()),
        )?;
        settled.push(Settled { assignment, order, cancelled: true, result });
    }
    Ok(settled)
}

fn order_of(connection: &Connection, assignment: &Assignment) -> Stored<BulkOrder> {
    connection.query_row(&format!("{ORDER} WHERE id = ?1"), [&assignment.order_id], |row| Ok(order(row)))?
}

fn allocate(
    connection: &Connection,
    accounts: &mut Accounts,
    assignment: &Assignment,
    capability: Capability,
    now: DateTime<Utc>,
) -> Stored<String> {
    let lot = ids::package_number(connection)?;
    let id = EventId::new(lot.as_str()).map_err(invalid_row)?;
    let action = Action::Allocate { calls: assignment.calls, days: assignment.days };
    match accounts.record(connection, &assignment.receiver, capability, Event { id, at: now, action })? {
        Decision::Granted(_) => Ok(lot),
        other => Err(invalid_row(format_args!("an allocation answered {other:?}"))),
    }
}

/// Takes the lot back; returns the result to announce.
fn withdraw(
    connection: &Connection,
    accounts: &mut Accounts,
    assignment: &Assignment,
    capability: Capability,
    now: DateTime<Utc>,
) -> Stored<i64> {
    let lot = assignment.lot.as_ref().ok_or_else(|| invalid_row("cancelled before it was allocated"))?;
    let lot = LotId::from(&EventId::new(lot.as_str()).map_err(invalid_row)?);
    Ok(match accounts.withdraw(connection, &assignment.receiver, capability, &lot, now)? {
        Withdrawal::Withdrawn => 0,
        Withdrawal::Used | Withdrawal::Ended | Withdrawal::NotAllocated => NOT_CANCELLED,
    })
}

/// Why a provider may allocate to a mini-program **C**. One way is enough; an authorisation is another.
pub(crate) fn is_related(connection: &Connection, provider: &str, app_id: &str) -> Stored<bool> {
    let related = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM relations WHERE provider = ?1 AND app_id = ?2)
             OR EXISTS (SELECT 1 FROM authorisations, json_each(permission_sets)
                        WHERE app_id = ?2 AND json_each.value = 18)",
        (provider, app_id),
        |row| row.get(0),
    )?;
    Ok(related)
}

/// Sets or removes the way in which a mini-program is related to a provider.
pub(crate) fn set_relation(
    connection: &Connection,
    provider: &str,
    app_id: &str,
    way: Option<&str>,
) -> Stored<()> {
    connection.execute("DELETE FROM relations WHERE provider = ?1 AND app_id = ?2", (provider, app_id))?;
    if let Some(way) = way {
        connection.execute(
            "INSERT INTO relations (provider, app_id, way) VALUES (?1, ?2, ?3)",
            (provider, app_id, way),
        )?;
    }
    Ok(())
}
