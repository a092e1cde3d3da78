//! How the last try to read each account's usage went.

use std::collections::{BTreeMap, HashMap};

use billing_core::time::parse_instant;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row};

use super::StoreError;
use super::columns::{At, Json, Word, cache_row, known_only};
use crate::api::{ErrorCode, ErrorView, Instant, Retry};

pub(super) const MIGRATION: &str = "CREATE TABLE syncs (
    account TEXT PRIMARY KEY,
    last_tried INTEGER NOT NULL,
    last_ok INTEGER,
    code TEXT,
    params TEXT,
    retry TEXT,
    retry_at TEXT,
    reference TEXT
) STRICT;";

pub(super) const FAILURES: &str = "ALTER TABLE syncs ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;";

/// The last attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sync {
    pub(crate) last_tried: DateTime<Utc>,
    pub(crate) last_ok: Option<DateTime<Utc>>,
    pub(crate) error: Option<ErrorView>,
    /// How many attempts in a row have failed.
    pub(crate) failures: u32,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Sync> {
    let code: Option<Word<ErrorCode>> = row.get("code")?;
    let params: Option<Json<BTreeMap<String, String>>> = row.get("params")?;
    let retry: Option<String> = row.get("retry")?;
    let retry_at: Option<String> = row.get("retry_at")?;
    let reference: Option<String> = row.get("reference")?;
    let retry = match (retry.as_deref(), retry_at) {
        (Some("now"), _) => Retry::Now,
        (Some("later"), Some(at)) => parse_instant(&at).map_or(Retry::Now, |at| Retry::Later(Instant(at))),
        _ => Retry::Never,
    };
    let error = code.map(|code| ErrorView {
        code: code.0,
        params: params.map(|params| params.0).unwrap_or_default(),
        retry,
        reference: reference.unwrap_or_default(),
    });
    Ok(Sync {
        last_tried: row.get::<_, At>("last_tried")?.0,
        last_ok: row.get::<_, Option<At>>("last_ok")?.map(|at| at.0),
        error,
        failures: row.get("failures")?,
    })
}

pub(crate) fn of(db: &Connection, account: &str) -> Result<Option<Sync>, StoreError> {
    Ok(cache_row(db.query_row("SELECT * FROM syncs WHERE account = ?1", [account], read))?)
}

/// How it went for every account that was tried.
pub(crate) fn all(db: &Connection) -> Result<HashMap<String, Sync>, StoreError> {
    let mut query = db.prepare_cached("SELECT * FROM syncs")?;
    let rows = query.query_map((), |row| Ok((row.get("account")?, cache_row(read(row))?)))?;
    known_only(rows)
}

pub(crate) fn succeeded(db: &Connection, account: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
    let mut insert =
        db.prepare_cached("INSERT OR REPLACE INTO syncs (account, last_tried, last_ok) VALUES (?1, ?2, ?2)")?;
    insert.execute((account, At(at)))?;
    Ok(())
}

pub(crate) fn failed(
    db: &Connection,
    account: &str,
    at: DateTime<Utc>,
    error: &ErrorView,
) -> Result<(), StoreError> {
    let (retry, retry_at) = match &error.retry {
        Retry::Never => ("never", None),
        Retry::Now => ("now", None),
        Retry::Later(at) => ("later", Some(at.to_string())),
    };
    db.execute(
        "INSERT INTO syncs (account, last_tried, code, params, retry, retry_at, reference, failures)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1)
         ON CONFLICT (account) DO UPDATE SET last_tried = excluded.last_tried, code = excluded.code,
            params = excluded.params, retry = excluded.retry, retry_at = excluded.retry_at,
            reference = excluded.reference,
            failures = syncs.failures + 1",
        (account, At(at), Word(error.code), Json(&error.params), retry, retry_at, &error.reference),
    )?;
    Ok(())
}

/// Forgets how it went: the account is read in another way now.
pub(crate) fn remove(db: &Connection, account: &str) -> Result<(), StoreError> {
    db.execute("DELETE FROM syncs WHERE account = ?1", [account])?;
    Ok(())
}
