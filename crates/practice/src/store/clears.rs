//! Chances used to clear call counters: a number a month **W**.

use super::error::Stored;
use billing_core::time::{beijing_day, beijing_midnight};
use chrono::{DateTime, Datelike, Utc};
use rusqlite::Connection;

/// What was cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Every interface, by token or by AppSecret: the two share their chances **W**.
    All,
    /// One interface.
    One,
}

impl Scope {
    const fn text(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::One => "one",
        }
    }

    /// Chances an account has a month **W**.
    const fn chances(self) -> u32 {
        match self {
            Self::All => 10,
            Self::One => 50,
        }
    }
}

/// Uses one chance of this (Beijing) month; `false` if all are used.
pub(crate) fn spend(connection: &Connection, app_id: &str, scope: Scope, now: DateTime<Utc>) -> Stored<bool> {
    let today = beijing_day(now);
    let month = today.with_day(1).and_then(beijing_midnight).unwrap_or(now).timestamp();
    let spent: u32 = connection.query_row(
        "SELECT count(*) FROM quota_clears WHERE app_id = ?1 AND scope = ?2 AND at >= ?3",
        (app_id, scope.text(), month),
        |row| row.get(0),
    )?;
    if spent >= scope.chances() {
        return Ok(false);
    }
    connection.execute("DELETE FROM quota_clears WHERE at < ?1", [month])?;
    connection.execute(
        "INSERT INTO quota_clears (app_id, scope, at) VALUES (?1, ?2, ?3)",
        (app_id, scope.text(), now.timestamp()),
    )?;
    Ok(true)
}
