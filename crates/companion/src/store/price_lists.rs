//! The shop's own price list: every version that was ever saved, the newest being in force.

use billing_core::Pack;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};

use super::StoreError;
use super::columns::{At, Count, Json};

pub(super) const MIGRATION: &str = "CREATE TABLE price_lists (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    kept_at INTEGER NOT NULL,
    packs TEXT NOT NULL
) STRICT;";

/// One version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredList {
    pub(crate) version: u64,
    pub(crate) saved_at: DateTime<Utc>,
    /// Rows over the built-in list; empty for the built-in list alone.
    pub(crate) packs: Vec<Pack>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<StoredList> {
    Ok(StoredList {
        version: row.get::<_, Count>("version")?.0,
        saved_at: row.get::<_, At>("kept_at")?.0,
        packs: row.get::<_, Json<_>>("packs")?.0,
    })
}

/// The version in force, if the shop ever had a list of its own.
pub(crate) fn newest(db: &Connection) -> Result<Option<StoredList>, StoreError> {
    let question = "SELECT * FROM price_lists ORDER BY version DESC LIMIT 1";
    Ok(db.query_row(question, (), read).optional()?)
}

pub(crate) fn find(db: &Connection, version: u64) -> Result<Option<StoredList>, StoreError> {
    let question = "SELECT * FROM price_lists WHERE version = ?1";
    Ok(db.query_row(question, [Count(version)], read).optional()?)
}

/// Puts a list in force.
pub(crate) fn keep(db: &Connection, saved_at: DateTime<Utc>, packs: Vec<Pack>) -> Result<(), StoreError> {
    db.execute("INSERT INTO price_lists (kept_at, packs) VALUES (?1, ?2)", (At(saved_at), Json(packs)))?;
    Ok(())
}
