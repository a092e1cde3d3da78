//! The mini-programs the shop looks after.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};

use super::StoreError;
use super::columns::{At, Name};
use crate::views::Environment;

pub(super) const MIGRATION: &str = "CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    environment TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;";

/// One mini-program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) environment: Environment,
    pub(crate) created_at: DateTime<Utc>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: row.get("id")?,
        name: row.get("name")?,
        environment: row.get::<_, Name<_>>("environment")?.0,
        created_at: row.get::<_, At>("created_at")?.0,
    })
}

/// All accounts, in the order in which they were started.
pub(crate) fn all(db: &Connection) -> Result<Vec<Account>, StoreError> {
    let mut query = db.prepare_cached("SELECT * FROM accounts ORDER BY created_at, id")?;
    let rows = query.query_map((), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn find(db: &Connection, id: &str) -> Result<Option<Account>, StoreError> {
    Ok(db.query_row("SELECT * FROM accounts WHERE id = ?1", [id], read).optional()?)
}

pub(crate) fn insert(db: &Connection, account: &Account) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO accounts (id, name, environment, created_at) VALUES (?1, ?2, ?3, ?4)",
        (&account.id, &account.name, Name(account.environment), At(account.created_at)),
    )?;
    Ok(())
}

pub(crate) fn rename(
    db: &Connection,
    id: &str,
    environment: Environment,
    name: &str,
) -> Result<(), StoreError> {
    db.execute(
        "UPDATE accounts SET name = ?2, environment = ?3 WHERE id = ?1",
        (id, name, Name(environment)),
    )?;
    Ok(())
}
