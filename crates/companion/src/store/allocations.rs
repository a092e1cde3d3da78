//! Service providers, and what they handed on: the intent first, then its outcome.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};

use super::StoreError;
use super::columns::{At, Word, ledger_row};
use crate::api::{AllocationState, Environment, ErrorCode};

pub(super) const MIGRATION: &str = "CREATE TABLE providers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    environment TEXT NOT NULL,
    app_id TEXT NOT NULL,
    connected_at INTEGER NOT NULL
) STRICT;
CREATE TABLE allocations (
    id TEXT PRIMARY KEY,
    provider TEXT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
    order_id TEXT NOT NULL,
    sku_id TEXT NOT NULL,
    receiver_app_id TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    asked_at INTEGER NOT NULL,
    cancel_asked_at INTEGER,
    code TEXT
) STRICT;
CREATE INDEX allocations_by_provider ON allocations (provider, asked_at);";

/// The page's name for what was sent together, and when it was known to have arrived.
pub(super) const BATCHES: &str = "ALTER TABLE allocations ADD COLUMN batch TEXT;
ALTER TABLE allocations ADD COLUMN done_at INTEGER;
CREATE INDEX allocations_by_batch ON allocations (provider, batch);";

/// A service provider: somebody with bulk orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Provider {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) environment: Environment,
    pub(crate) app_id: String,
    pub(crate) connected_at: DateTime<Utc>,
}

/// One allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Allocation {
    /// Also the request id: WeChat makes one allocation of it, however often it is sent.
    pub(crate) id: String,
    pub(crate) provider: String,
    pub(crate) order_id: String,
    pub(crate) sku_id: String,
    pub(crate) receiver_app_id: String,
    pub(crate) state: AllocationState,
    /// How often it was sent, or was about to be when the application ended.
    pub(crate) attempts: u32,
    pub(crate) asked_at: DateTime<Utc>,
    pub(crate) cancel_asked_at: Option<DateTime<Utc>>,
    /// Why it failed, is not finished, or was not cancelled.
    pub(crate) code: Option<ErrorCode>,
    /// The page's name for what was sent together; `None` for what was sent before there were batches.
    pub(crate) batch: Option<String>,
    /// When WeChat was first heard to have carried it out.
    pub(crate) done_at: Option<DateTime<Utc>>,
}

fn read_provider(row: &Row<'_>) -> rusqlite::Result<Provider> {
    ledger_row(row, ("providers", "id"), read_provider_columns)
}

fn read_provider_columns(row: &Row<'_>) -> rusqlite::Result<Provider> {
    Ok(Provider {
        id: row.get("id")?,
        name: row.get("name")?,
        environment: row.get::<_, Word<_>>("environment")?.0,
        app_id: row.get("app_id")?,
        connected_at: row.get::<_, At>("connected_at")?.0,
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Allocation> {
    ledger_row(row, ("allocations", "id"), read_columns)
}

fn read_columns(row: &Row<'_>) -> rusqlite::Result<Allocation> {
    Ok(Allocation {
        id: row.get("id")?,
        provider: row.get("provider")?,
        order_id: row.get("order_id")?,
        sku_id: row.get("sku_id")?,
        receiver_app_id: row.get("receiver_app_id")?,
        state: row.get::<_, Word<_>>("state")?.0,
        attempts: row.get("tries")?,
        asked_at: row.get::<_, At>("asked_at")?.0,
        cancel_asked_at: row.get::<_, Option<At>>("cancel_asked_at")?.map(|at| at.0),
        code: row.get::<_, Option<Word<_>>>("code")?.map(|code| code.0),
        batch: row.get("batch")?,
        done_at: row.get::<_, Option<At>>("done_at")?.map(|at| at.0),
    })
}

/// The providers that were not removed, in the order in which they were connected.
pub(crate) fn providers(db: &Connection) -> Result<Vec<Provider>, StoreError> {
    listed(db, "SELECT * FROM providers WHERE removed_at IS NULL ORDER BY connected_at, id")
}

/// The same and the removed ones.
pub(crate) fn every_provider(db: &Connection) -> Result<Vec<Provider>, StoreError> {
    listed(db, "SELECT * FROM providers ORDER BY connected_at, id")
}

fn listed(db: &Connection, question: &str) -> Result<Vec<Provider>, StoreError> {
    let mut query = db.prepare_cached(question)?;
    let rows = query.query_map((), read_provider)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn provider(db: &Connection, id: &str) -> Result<Option<Provider>, StoreError> {
    let question = "SELECT * FROM providers WHERE id = ?1 AND removed_at IS NULL";
    Ok(db.query_row(question, [id], read_provider).optional()?)
}

/// Removes a provider, or brings it back. Its allocations stay on record.
pub(crate) fn set_provider_removed(
    db: &Connection,
    id: &str,
    at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    db.execute("UPDATE providers SET removed_at = ?2 WHERE id = ?1", (id, at.map(At)))?;
    Ok(())
}

pub(crate) fn add_provider(db: &Connection, provider: &Provider) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO providers (id, name, environment, app_id, connected_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            &provider.id,
            &provider.name,
            Word(provider.environment),
            &provider.app_id,
            At(provider.connected_at),
        ),
    )?;
    Ok(())
}

pub(crate) fn find(db: &Connection, id: &str) -> Result<Option<Allocation>, StoreError> {
    Ok(db.query_row("SELECT * FROM allocations WHERE id = ?1", [id], read).optional()?)
}

/// A provider's allocations, newest first: in the order in which they were written down, which no clock can change.
pub(crate) fn of(db: &Connection, provider: &str) -> Result<Vec<Allocation>, StoreError> {
    let sql = "SELECT * FROM allocations WHERE provider = ?1 ORDER BY rowid DESC";
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map([provider], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The allocations of one batch, in the order in which they were written down.
pub(crate) fn of_batch(db: &Connection, provider: &str, batch: &str) -> Result<Vec<Allocation>, StoreError> {
    let sql = "SELECT * FROM allocations WHERE provider = ?1 AND batch = ?2 ORDER BY rowid";
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map([provider, batch], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Allocations whose outcome is not known, and those that were heard to have arrived since `since`, oldest first.
pub(crate) fn recent(db: &Connection, since: DateTime<Utc>) -> Result<Vec<Allocation>, StoreError> {
    let sql = "SELECT * FROM allocations
         WHERE state IN ('open', 'accepted', 'cancelling') OR done_at >= ?1 ORDER BY rowid";
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map([At(since)], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Allocations whose outcome is not known, oldest first.
pub(crate) fn unsettled(db: &Connection) -> Result<Vec<Allocation>, StoreError> {
    let sql = "SELECT * FROM allocations WHERE state IN ('open', 'accepted', 'cancelling') ORDER BY rowid";
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map((), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn save(db: &Connection, allocation: &Allocation) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO allocations
            (id, provider, order_id, sku_id, receiver_app_id, state, tries, asked_at, cancel_asked_at, code, batch, done_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, tries = excluded.tries,
            cancel_asked_at = excluded.cancel_asked_at, code = excluded.code, done_at = excluded.done_at",
        rusqlite::params![
            &allocation.id,
            &allocation.provider,
            &allocation.order_id,
            &allocation.sku_id,
            &allocation.receiver_app_id,
            Word(allocation.state),
            allocation.attempts,
            At(allocation.asked_at),
            allocation.cancel_asked_at.map(At),
            allocation.code.map(Word),
            &allocation.batch,
            allocation.done_at.map(At),
        ],
    )?;
    Ok(())
}

/// Marks what WeChat had not taken yet in a restored ledger: after the backup it may have been sent, refused or dropped, so
/// it is not sent before the shop says so. What it had taken is asked about by its id, which is no sending.
pub(super) fn mark_unclear(db: &Connection) -> Result<(), StoreError> {
    db.execute(
        "UPDATE allocations SET code = ?1 WHERE state = 'open'",
        [Word(ErrorCode::AllocationUnclear)],
    )?;
    Ok(())
}
