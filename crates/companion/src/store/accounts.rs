//! The mini-programs and mini-games the shop looks after.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};

use super::StoreError;
use super::columns::{At, Word, ledger_row};
use crate::api::{AccountKind, Environment};

pub(super) const MIGRATION: &str = "CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    environment TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;";

/// Put aside (archived), or on its way out (removed): what belongs to it is destroyed when the way back has closed.
pub(super) const MIGRATION_PARTING: &str = "ALTER TABLE accounts ADD COLUMN archived_at INTEGER;
ALTER TABLE accounts ADD COLUMN removed_at INTEGER;";

/// What was there before there was a choice is a mini-program.
pub(super) const MIGRATION_KIND: &str =
    "ALTER TABLE accounts ADD COLUMN kind TEXT NOT NULL DEFAULT 'mini_program';";

/// One mini-program or mini-game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: AccountKind,
    pub(crate) environment: Environment,
    pub(crate) created_at: DateTime<Utc>,
    /// Since when it is left out of lists and syncs.
    pub(crate) archived_at: Option<DateTime<Utc>>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    ledger_row(row, ("accounts", "id"), read_columns)
}

fn read_columns(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: row.get("id")?,
        name: row.get("name")?,
        kind: row.get::<_, Word<_>>("kind")?.0,
        environment: row.get::<_, Word<_>>("environment")?.0,
        created_at: row.get::<_, At>("created_at")?.0,
        archived_at: row.get::<_, Option<At>>("archived_at")?.map(|at| at.0),
    })
}

/// The accounts that are looked after, in the order in which they were started.
pub(crate) fn all(db: &Connection) -> Result<Vec<Account>, StoreError> {
    let mut accounts = stored(db)?;
    accounts.retain(|account| account.archived_at.is_none());
    Ok(accounts)
}

/// The same and the archived ones.
pub(crate) fn stored(db: &Connection) -> Result<Vec<Account>, StoreError> {
    listed(db, "SELECT * FROM accounts WHERE removed_at IS NULL ORDER BY created_at, id")
}

/// Those on their way out.
pub(crate) fn leaving(db: &Connection) -> Result<Vec<Account>, StoreError> {
    listed(db, "SELECT * FROM accounts WHERE removed_at IS NOT NULL ORDER BY created_at, id")
}

fn listed(db: &Connection, question: &str) -> Result<Vec<Account>, StoreError> {
    let mut query = db.prepare_cached(question)?;
    let rows = query.query_map((), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn find(db: &Connection, id: &str) -> Result<Option<Account>, StoreError> {
    let question = "SELECT * FROM accounts WHERE id = ?1 AND removed_at IS NULL";
    Ok(db.query_row(question, [id], read).optional()?)
}

pub(crate) fn insert(db: &Connection, account: &Account) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO accounts (id, name, kind, environment, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        (&account.id, &account.name, Word(account.kind), Word(account.environment), At(account.created_at)),
    )?;
    Ok(())
}

pub(crate) fn rename(db: &Connection, id: &str, name: &str) -> Result<(), StoreError> {
    db.execute("UPDATE accounts SET name = ?2 WHERE id = ?1", (id, name))?;
    Ok(())
}

pub(crate) fn change(
    db: &Connection,
    id: &str,
    kind: AccountKind,
    environment: Environment,
) -> Result<(), StoreError> {
    db.execute(
        "UPDATE accounts SET kind = ?2, environment = ?3 WHERE id = ?1",
        (id, Word(kind), Word(environment)),
    )?;
    Ok(())
}

pub(crate) fn archive(db: &Connection, id: &str, at: Option<DateTime<Utc>>) -> Result<(), StoreError> {
    db.execute("UPDATE accounts SET archived_at = ?2 WHERE id = ?1", (id, at.map(At)))?;
    Ok(())
}

/// Puts the account on its way out, or brings it back. Whether there was one.
pub(crate) fn set_leaving(db: &Connection, id: &str, at: Option<DateTime<Utc>>) -> Result<bool, StoreError> {
    let question =
        "UPDATE accounts SET removed_at = ?2 WHERE id = ?1 AND (removed_at IS NULL) = (?2 IS NOT NULL)";
    Ok(db.execute(question, (id, at.map(At)))? == 1)
}

/// Takes the account itself out; what refers to it goes with it.
pub(crate) fn delete(db: &Connection, id: &str) -> Result<(), StoreError> {
    db.execute("DELETE FROM accounts WHERE id = ?1", [id])?;
    Ok(())
}

/// Every id, also of accounts on their way out.
pub(crate) fn ids(db: &Connection) -> Result<HashSet<String>, StoreError> {
    let mut query = db.prepare_cached("SELECT id FROM accounts")?;
    let ids = query.query_map((), |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Nobody who restores a backup wants an account destroyed that was on its way out then.
pub(super) fn stop_leaving(db: &Connection) -> Result<(), StoreError> {
    db.execute("UPDATE accounts SET removed_at = NULL", ())?;
    Ok(())
}
