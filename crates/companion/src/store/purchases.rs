//! Purchases: what was picked, that it was handed over, and what arrived.

use std::collections::HashMap;

use billing_core::Yuan;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};

use super::StoreError;
use super::columns::{At, Count, Json, Word, ledger_row};
use crate::api::PurchaseState;

pub(super) const MIGRATION: &str = "CREATE TABLE purchases (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    pack TEXT NOT NULL,
    calls INTEGER NOT NULL,
    days INTEGER NOT NULL,
    price TEXT NOT NULL,
    state TEXT NOT NULL,
    picked_at INTEGER NOT NULL,
    handed_over_at INTEGER,
    known_lots TEXT,
    known_total INTEGER,
    arrived_at INTEGER,
    lot TEXT,
    arrived_calls INTEGER,
    effective_at INTEGER,
    expires_at INTEGER,
    last_checked INTEGER
) STRICT;
CREATE INDEX purchases_by_account ON purchases (account, picked_at);
CREATE UNIQUE INDEX one_open_purchase ON purchases (account) WHERE state IN ('picked', 'waiting');";

/// One purchase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Purchase {
    /// Also the request id of the intent.
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) pack: String,
    pub(crate) calls: u64,
    pub(crate) days: u32,
    pub(crate) price: Yuan,
    pub(crate) state: PurchaseState,
    pub(crate) picked_at: DateTime<Utc>,
    pub(crate) handed_over_at: Option<DateTime<Utc>>,
    /// The lots that were there when the pack was picked: what is not among them is new. `None`: not known.
    pub(crate) known_lots: Option<Vec<String>>,
    /// The typed-in total when the pack was picked.
    pub(crate) known_total: Option<u64>,
    pub(crate) arrived: Option<Arrival>,
    pub(crate) last_checked: Option<DateTime<Utc>>,
}

/// What arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrival {
    pub(crate) seen_at: DateTime<Utc>,
    /// WeChat's pkgId; `None` where only a total was typed in.
    pub(crate) lot: Option<String>,
    pub(crate) calls: u64,
    pub(crate) effective_at: Option<DateTime<Utc>>,
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

fn instant(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<DateTime<Utc>>> {
    Ok(row.get::<_, Option<At>>(column)?.map(|at| at.0))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Purchase> {
    ledger_row(row, ("purchases", "id"), read_columns)
}

fn read_columns(row: &Row<'_>) -> rusqlite::Result<Purchase> {
    let calls = row.get::<_, Count>("calls")?.0;
    let arrived_calls: Option<Count> = row.get("arrived_calls")?;
    let arrived = match instant(row, "arrived_at")? {
        Some(seen_at) => Some(Arrival {
            seen_at,
            lot: row.get("lot")?,
            calls: arrived_calls.map_or(calls, |count| count.0),
            effective_at: instant(row, "effective_at")?,
            expires_at: instant(row, "expires_at")?,
        }),
        None => None,
    };
    Ok(Purchase {
        id: row.get("id")?,
        account: row.get("account")?,
        pack: row.get("pack")?,
        calls,
        days: row.get("days")?,
        price: row.get::<_, Json<Yuan>>("price")?.0,
        state: row.get::<_, Word<_>>("state")?.0,
        picked_at: row.get::<_, At>("picked_at")?.0,
        handed_over_at: instant(row, "handed_over_at")?,
        known_lots: row.get::<_, Option<Json<_>>>("known_lots")?.map(|lots| lots.0),
        known_total: row.get::<_, Option<Count>>("known_total")?.map(|total| total.0),
        arrived,
        last_checked: instant(row, "last_checked")?,
    })
}

/// The newest purchase of an account, whatever became of it: the one that was written down last, which no clock can change.
pub(crate) fn newest(db: &Connection, account: &str) -> Result<Option<Purchase>, StoreError> {
    let sql = "SELECT * FROM purchases WHERE account = ?1 ORDER BY rowid DESC LIMIT 1";
    Ok(db.query_row(sql, [account], read).optional()?)
}

/// The newest purchase of every account that has one.
pub(crate) fn newest_of_each(db: &Connection) -> Result<HashMap<String, Purchase>, StoreError> {
    let mut query = db.prepare_cached("SELECT * FROM purchases ORDER BY rowid")?;
    let rows = query.query_map((), |row| read(row).map(|purchase| (purchase.account.clone(), purchase)))?;
    // Of one account, later rows replace earlier ones.
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The purchases of an account that were handed over, newest first.
pub(crate) fn handed_over(db: &Connection, account: &str) -> Result<Vec<Purchase>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT * FROM purchases WHERE account = ?1 AND handed_over_at IS NOT NULL ORDER BY rowid DESC",
    )?;
    let rows = query.query_map([account], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every purchase that was handed over and has not arrived.
pub(crate) fn waiting(db: &Connection) -> Result<Vec<Purchase>, StoreError> {
    let mut query = db.prepare_cached("SELECT * FROM purchases WHERE state = 'waiting' ORDER BY rowid")?;
    let rows = query.query_map((), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Lots that an earlier purchase of the account was matched with: one lot is one purchase.
pub(crate) fn matched_lots(db: &Connection, account: &str) -> Result<Vec<String>, StoreError> {
    let mut query = db.prepare_cached("SELECT lot FROM purchases WHERE account = ?1 AND lot IS NOT NULL")?;
    let rows = query.query_map([account], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn save(db: &Connection, purchase: &Purchase) -> Result<(), StoreError> {
    let arrived = purchase.arrived.as_ref();
    db.execute(
        "INSERT INTO purchases (id, account, pack, calls, days, price, state, picked_at, handed_over_at, known_lots,
            known_total, arrived_at, lot, arrived_calls, effective_at, expires_at, last_checked)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, handed_over_at = excluded.handed_over_at,
            known_lots = excluded.known_lots, arrived_at = excluded.arrived_at, lot = excluded.lot,
            arrived_calls = excluded.arrived_calls, effective_at = excluded.effective_at,
            expires_at = excluded.expires_at, last_checked = excluded.last_checked",
        rusqlite::params![
            purchase.id,
            purchase.account,
            purchase.pack,
            Count(purchase.calls),
            purchase.days,
            Json(purchase.price),
            Word(purchase.state),
            At(purchase.picked_at),
            purchase.handed_over_at.map(At),
            purchase.known_lots.as_ref().map(Json),
            purchase.known_total.map(Count),
            arrived.map(|arrival| At(arrival.seen_at)),
            arrived.and_then(|arrival| arrival.lot.as_deref()),
            arrived.map(|arrival| Count(arrival.calls)),
            arrived.and_then(|arrival| arrival.effective_at).map(At),
            arrived.and_then(|arrival| arrival.expires_at).map(At),
            purchase.last_checked.map(At),
        ],
    )?;
    Ok(())
}

/// Removes a purchase that was only picked: nothing happened yet.
pub(crate) fn unpick(db: &Connection, account: &str) -> Result<(), StoreError> {
    db.execute("DELETE FROM purchases WHERE account = ?1 AND state = 'picked'", [account])?;
    Ok(())
}
