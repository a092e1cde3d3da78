//! How each account's usage and member card are read. No secret is here: they are in the keyring.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use rusqlite::{Connection as Db, OptionalExtension, Row};

use super::StoreError;
use super::columns::{At, Count, Word, ledger_row};
use crate::api::{TypedFigures, UsageSource};

pub(super) const MIGRATION: &str = "CREATE TABLE connections (
    account TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    app_id TEXT,
    connected_at INTEGER NOT NULL,
    typed_used INTEGER,
    typed_remaining INTEGER,
    typed_total INTEGER
) STRICT;
CREATE TABLE member_card_connections (
    account TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    connected_at INTEGER NOT NULL
) STRICT;";

/// How an account's usage is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Connection {
    pub(crate) account: String,
    pub(crate) source: UsageSource,
    pub(crate) app_id: Option<String>,
    /// For typed-in figures: when they were typed in last.
    pub(crate) connected_at: DateTime<Utc>,
    /// The figures themselves: no platform could be asked for them again, so they belong to the ledger.
    pub(crate) typed: Option<TypedFigures>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Connection> {
    ledger_row(row, ("connections", "account"), read_columns)
}

fn read_columns(row: &Row<'_>) -> rusqlite::Result<Connection> {
    let used: Option<Count> = row.get("typed_used")?;
    let remaining: Option<Count> = row.get("typed_remaining")?;
    let total: Option<Count> = row.get("typed_total")?;
    let typed = match (used, remaining, total) {
        (Some(used), Some(remaining), Some(total)) => {
            Some(TypedFigures { used: used.0, remaining: remaining.0, total: total.0 })
        }
        _ => None,
    };
    Ok(Connection {
        account: row.get("account")?,
        source: row.get::<_, Word<_>>("source")?.0,
        app_id: row.get("app_id")?,
        connected_at: row.get::<_, At>("connected_at")?.0,
        typed,
    })
}

pub(crate) fn of(db: &Db, account: &str) -> Result<Option<Connection>, StoreError> {
    Ok(db.query_row("SELECT * FROM connections WHERE account = ?1", [account], read).optional()?)
}

/// The connection of every account that has one.
pub(crate) fn all(db: &Db) -> Result<HashMap<String, Connection>, StoreError> {
    let mut query = db.prepare_cached("SELECT * FROM connections")?;
    let rows =
        query.query_map((), |row| read(row).map(|connection| (connection.account.clone(), connection)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn save(db: &Db, connection: &Connection) -> Result<(), StoreError> {
    db.execute(
        "INSERT OR REPLACE INTO connections
            (account, source, app_id, connected_at, typed_used, typed_remaining, typed_total)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            &connection.account,
            Word(connection.source),
            &connection.app_id,
            At(connection.connected_at),
            connection.typed.map(|typed| Count(typed.used)),
            connection.typed.map(|typed| Count(typed.remaining)),
            connection.typed.map(|typed| Count(typed.total)),
        ),
    )?;
    Ok(())
}

/// Since when the member-card platform's access key is in the keyring.
pub(crate) fn member_card_since(db: &Db, account: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
    let since = db
        .query_row("SELECT connected_at FROM member_card_connections WHERE account = ?1", [account], |row| {
            row.get::<_, At>(0)
        })
        .optional()?;
    Ok(since.map(|at| at.0))
}

/// The accounts whose access key is in the keyring.
pub(crate) fn with_member_card(db: &Db) -> Result<HashSet<String>, StoreError> {
    let mut query = db.prepare_cached("SELECT account FROM member_card_connections")?;
    let accounts = query.query_map((), |row| row.get(0))?;
    Ok(accounts.collect::<Result<_, _>>()?)
}

pub(crate) fn save_member_card(db: &Db, account: &str, since: DateTime<Utc>) -> Result<(), StoreError> {
    db.execute(
        "INSERT OR REPLACE INTO member_card_connections (account, connected_at) VALUES (?1, ?2)",
        (account, At(since)),
    )?;
    Ok(())
}
