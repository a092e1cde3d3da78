//! What was worked out of each account's readings: dates of running out, and what will be wasted. Worked out again when
//! it is missing or rests on older readings.

use std::collections::HashMap;

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::columns::{Json, as_word, cache_row, known_only};
use crate::api::ForecastMethod;

pub(super) const MIGRATION: &str = "CREATE TABLE outlooks (
    account TEXT PRIMARY KEY,
    basis TEXT NOT NULL,
    found TEXT
) STRICT;";

/// An outlook, and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredOutlook {
    /// Names the readings it was worked out from.
    pub(crate) basis: String,
    /// `None`: nothing can be said.
    pub(crate) found: Option<FoundOutlook>,
}

/// Dates of running out, and what becomes of each lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FoundOutlook {
    #[serde(with = "as_word")]
    pub(crate) method: ForecastMethod,
    /// Days of usage that are known.
    pub(crate) known_days: u32,
    pub(crate) earliest: Option<NaiveDate>,
    pub(crate) likely: Option<NaiveDate>,
    pub(crate) latest: Option<NaiveDate>,
    /// What brings the likely date: the end of the last lot, not use. Not yet stored by version 0.1.0, nor is what follows.
    #[serde(default)]
    pub(crate) by_expiry: bool,
    /// Calls of an average month of the year ahead, and whether they rest on little more than a guess.
    #[serde(default)]
    pub(crate) monthly: Option<u64>,
    #[serde(default)]
    pub(crate) monthly_is_estimate: bool,
    /// Calls that the first day of the forecast hardly ever exceeds; `None` where no days were seen to say so.
    #[serde(default)]
    pub(crate) hardly_exceeded: Option<u64>,
    /// What is worked out for each lot that can or will be used.
    pub(crate) lots: Vec<LotOutlook>,
}

/// What lies ahead of a lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LotOutlook {
    pub(crate) id: String,
    /// Calls that will expire unused.
    pub(crate) wasted: Option<u64>,
    /// The earliest day on which it is likely to be used first; not within the forecast if missing.
    pub(crate) first_use: Option<NaiveDate>,
}

pub(crate) fn of(db: &Connection, account: &str) -> Result<Option<StoredOutlook>, StoreError> {
    let mut query = db.prepare_cached("SELECT basis, found FROM outlooks WHERE account = ?1")?;
    Ok(cache_row(query.query_row([account], read))?)
}

/// The outlook of every account that has one.
pub(crate) fn all(db: &Connection) -> Result<HashMap<String, StoredOutlook>, StoreError> {
    let mut query = db.prepare_cached("SELECT account, basis, found FROM outlooks")?;
    let rows = query.query_map((), |row| Ok((row.get("account")?, cache_row(read(row))?)))?;
    known_only(rows)
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<StoredOutlook> {
    let found: Option<Json<FoundOutlook>> = row.get("found")?;
    Ok(StoredOutlook { basis: row.get("basis")?, found: found.map(|found| found.0) })
}

pub(crate) fn save(db: &Connection, account: &str, outlook: &StoredOutlook) -> Result<(), StoreError> {
    let mut insert =
        db.prepare_cached("INSERT OR REPLACE INTO outlooks (account, basis, found) VALUES (?1, ?2, ?3)")?;
    insert.execute((account, &outlook.basis, outlook.found.as_ref().map(Json)))?;
    Ok(())
}
