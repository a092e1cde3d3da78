//! Days on which the shop wants to hear again of an account, one an account.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension};

use super::StoreError;

pub(super) const MIGRATION: &str = "CREATE TABLE reminders (
    account TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    day TEXT NOT NULL
) STRICT;";

pub(crate) fn of(db: &Connection, account: &str) -> Result<Option<NaiveDate>, StoreError> {
    let mut query = db.prepare_cached("SELECT day FROM reminders WHERE account = ?1")?;
    let day: Option<String> = query.query_row([account], |row| row.get(0)).optional()?;
    Ok(day.and_then(|day| day.parse().ok()))
}

/// Stores the day, or clears it.
pub(crate) fn set(db: &Connection, account: &str, day: Option<NaiveDate>) -> Result<(), StoreError> {
    match day {
        Some(day) => db.execute(
            "INSERT OR REPLACE INTO reminders (account, day) VALUES (?1, ?2)",
            (account, day.to_string()),
        )?,
        None => db.execute("DELETE FROM reminders WHERE account = ?1", [account])?,
    };
    Ok(())
}
