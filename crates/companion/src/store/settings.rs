//! Settings, by name. A missing row means the default.

use billing_core::Yuan;
use billing_core::recommend::BOTHER_FEN;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension};

use super::StoreError;
use super::columns::{Word, ledger_row};
use crate::model::stored::StoredWord;

pub(super) const MIGRATION: &str = "CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;";

/// Earlier versions stored the first row of a file of sign-ups as it was, which can be a customer's.
pub(super) const NO_TITLES: &str = "DELETE FROM settings WHERE name = 'bill_columns';";

/// What can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    Language,
    Theme,
    /// The account the pages speak of.
    Active,
    /// Through which proxy the web is reached.
    Proxy,
    /// Which column of a file of sign-ups says what, with a hash of the titles of that file.
    BillColumns,
    /// What a purchase is worth to the shop.
    ErrandPrice,
    /// What closing the main window does.
    Closing,
    /// When this ledger was restored from a backup.
    RestoredAt,
}

impl Setting {
    const fn name(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Theme => "theme",
            Self::Active => "active",
            Self::Proxy => "proxy",
            Self::BillColumns => "bill_columns",
            Self::ErrandPrice => "errand_price",
            Self::Closing => "closing",
            Self::RestoredAt => "restored_at",
        }
    }
}

pub(crate) fn get<T: StoredWord>(db: &Connection, setting: Setting) -> Result<Option<T>, StoreError> {
    let value = db
        .query_row("SELECT name, value FROM settings WHERE name = ?1", [setting.name()], |row| {
            ledger_row(row, ("settings", "name"), |row| row.get::<_, Word<T>>("value"))
        })
        .optional()?;
    Ok(value.map(|found| found.0))
}

pub(crate) fn set<T: StoredWord>(db: &Connection, setting: Setting, value: T) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO settings (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (setting.name(), Word(value)),
    )?;
    Ok(())
}

/// When this ledger was last restored from a backup, if it ever was.
pub(crate) fn restored_at(db: &Connection) -> Result<Option<DateTime<Utc>>, StoreError> {
    let found: Option<String> = get(db, Setting::RestoredAt)?;
    Ok(found.and_then(|text| text.parse().ok()))
}

/// Forgets that the pages speak of an account.
pub(crate) fn forget_active(db: &Connection, account: &str) -> Result<(), StoreError> {
    db.execute("DELETE FROM settings WHERE name = ?1 AND value = ?2", (Setting::Active.name(), account))?;
    Ok(())
}

/// The price that was set; a quarter of an hour of somebody's time until one is.
pub(crate) fn errand_price(db: &Connection) -> Result<Yuan, StoreError> {
    let found: Option<String> = get(db, Setting::ErrandPrice)?;
    Ok(found.and_then(|text| text.parse().ok()).unwrap_or_else(|| Yuan::from_fen(BOTHER_FEN)))
}
