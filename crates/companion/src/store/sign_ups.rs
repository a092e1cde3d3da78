//! The last reading of each account's sign-ups, counted by day.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::columns::{At, Json, cache_row};

pub(super) const MIGRATION: &str = "CREATE TABLE sign_ups (
    account TEXT PRIMARY KEY,
    read_at INTEGER NOT NULL,
    days TEXT NOT NULL
) STRICT;";

/// The sign-ups of the last weeks as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignUps {
    pub(crate) account: String,
    /// When the platform counted.
    pub(crate) read_at: DateTime<Utc>,
    /// Oldest first, days without any included.
    pub(crate) days: Vec<DayCounts>,
}

/// One day of Beijing time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DayCounts {
    pub(crate) day: NaiveDate,
    pub(crate) authorized: u64,
    pub(crate) manual: u64,
    pub(crate) cards_issued: u64,
    pub(crate) numbers_not_fetched: u64,
}

pub(crate) fn of(db: &Connection, account: &str) -> Result<Option<SignUps>, StoreError> {
    let found = db.query_row("SELECT * FROM sign_ups WHERE account = ?1", [account], |row| {
        Ok(SignUps {
            account: row.get("account")?,
            read_at: row.get::<_, At>("read_at")?.0,
            days: row.get::<_, Json<_>>("days")?.0,
        })
    });
    Ok(cache_row(found)?)
}

/// When the sign-ups of every account that has any were counted.
pub(crate) fn counted_at_all(db: &Connection) -> Result<HashMap<String, DateTime<Utc>>, StoreError> {
    let mut query = db.prepare_cached("SELECT account, read_at FROM sign_ups")?;
    let rows = query.query_map((), |row| Ok((row.get("account")?, row.get::<_, At>("read_at")?.0)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn counted_at(db: &Connection, account: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
    let mut query = db.prepare_cached("SELECT read_at FROM sign_ups WHERE account = ?1")?;
    Ok(query.query_row([account], |row| row.get::<_, At>("read_at")).optional()?.map(|at| at.0))
}

pub(crate) fn save(db: &Connection, sign_ups: &SignUps) -> Result<(), StoreError> {
    db.execute(
        "INSERT OR REPLACE INTO sign_ups (account, read_at, days) VALUES (?1, ?2, ?3)",
        (&sign_ups.account, At(sign_ups.read_at), Json(&sign_ups.days)),
    )?;
    Ok(())
}
