//! Orders: every paid lot that was ever seen, and what the shop wrote down about it. WeChat does not say how long spent lots
//! stay listed, so what was seen is stored here.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row};

use super::StoreError;
use super::columns::{At, Count, Word, ledger_row};
use crate::api::{LotSource, LotState};

/// What had arrived before there were orders becomes one; an arrival that was only typed in has no lot.
pub(super) const MIGRATION: &str = "CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    purchase TEXT UNIQUE REFERENCES purchases (id) ON DELETE CASCADE,
    lot TEXT,
    source TEXT NOT NULL,
    state TEXT NOT NULL,
    calls INTEGER NOT NULL,
    used INTEGER NOT NULL,
    effective_at INTEGER,
    expires_at INTEGER,
    seen_at INTEGER NOT NULL,
    number TEXT,
    refund_asked_at INTEGER,
    refunded_at INTEGER,
    invoice_asked_at INTEGER
) STRICT;
CREATE UNIQUE INDEX one_order_a_lot ON orders (account, lot) WHERE lot IS NOT NULL;
INSERT INTO orders (id, account, purchase, lot, source, state, calls, used, effective_at, expires_at, seen_at)
    SELECT id, account, id, lot, 'paid', 'in_effect', coalesce(arrived_calls, calls), 0, effective_at, expires_at, arrived_at
    FROM purchases WHERE arrived_at IS NOT NULL;";

/// One order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) account: String,
    /// The purchase of the application that it belongs to; `None`: it was bought elsewhere.
    pub(crate) purchase: Option<String>,
    /// WeChat's pkgId; `None` where only a total was typed in.
    pub(crate) lot: Option<String>,
    pub(crate) source: LotSource,
    /// As last seen.
    pub(crate) state: LotState,
    pub(crate) calls: u64,
    /// As last seen.
    pub(crate) used: u64,
    pub(crate) effective_at: Option<DateTime<Utc>>,
    pub(crate) expires_at: Option<DateTime<Utc>>,
    /// When it was first seen.
    pub(crate) seen_at: DateTime<Utc>,
    /// WeChat's number of the order, which the shop wrote down.
    pub(crate) number: Option<String>,
    /// When the shop asked for its money back.
    pub(crate) refund_asked_at: Option<DateTime<Utc>>,
    /// When the lot was seen to be taken back.
    pub(crate) refunded_at: Option<DateTime<Utc>>,
    /// When the shop asked for the invoice.
    pub(crate) invoice_asked_at: Option<DateTime<Utc>>,
}

fn instant(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<DateTime<Utc>>> {
    Ok(row.get::<_, Option<At>>(column)?.map(|at| at.0))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Order> {
    ledger_row(row, ("orders", "id"), read_columns)
}

fn read_columns(row: &Row<'_>) -> rusqlite::Result<Order> {
    Ok(Order {
        id: row.get("id")?,
        account: row.get("account")?,
        purchase: row.get("purchase")?,
        lot: row.get("lot")?,
        source: row.get::<_, Word<_>>("source")?.0,
        state: row.get::<_, Word<_>>("state")?.0,
        calls: row.get::<_, Count>("calls")?.0,
        used: row.get::<_, Count>("used")?.0,
        effective_at: instant(row, "effective_at")?,
        expires_at: instant(row, "expires_at")?,
        seen_at: row.get::<_, At>("seen_at")?.0,
        number: row.get("number")?,
        refund_asked_at: instant(row, "refund_asked_at")?,
        refunded_at: instant(row, "refunded_at")?,
        invoice_asked_at: instant(row, "invoice_asked_at")?,
    })
}

/// The orders of an account, newest first.
pub(crate) fn of(db: &Connection, account: &str) -> Result<Vec<Order>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT * FROM orders WHERE account = ?1 ORDER BY coalesce(effective_at, seen_at) DESC, id DESC",
    )?;
    let rows = query.query_map([account], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Writes an order over the one with the same id.
pub(crate) fn save(db: &Connection, order: &Order) -> Result<(), StoreError> {
    let mut write = db.prepare_cached(
        "INSERT INTO orders (id, account, purchase, lot, source, state, calls, used, effective_at, expires_at, seen_at,
            number, refund_asked_at, refunded_at, invoice_asked_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (id) DO UPDATE SET purchase = excluded.purchase, lot = excluded.lot, source = excluded.source,
            state = excluded.state, calls = excluded.calls, used = excluded.used, effective_at = excluded.effective_at,
            expires_at = excluded.expires_at, number = excluded.number, refund_asked_at = excluded.refund_asked_at,
            refunded_at = excluded.refunded_at, invoice_asked_at = excluded.invoice_asked_at",
    )?;
    write.execute(rusqlite::params![
        order.id,
        order.account,
        order.purchase,
        order.lot,
        Word(order.source),
        Word(order.state),
        Count(order.calls),
        Count(order.used),
        order.effective_at.map(At),
        order.expires_at.map(At),
        At(order.seen_at),
        order.number,
        order.refund_asked_at.map(At),
        order.refunded_at.map(At),
        order.invoice_asked_at.map(At),
    ])?;
    Ok(())
}
