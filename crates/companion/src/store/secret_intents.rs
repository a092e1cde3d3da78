//! Entries of the keyring that are about to be written or removed. Each is noted before the keyring is touched and settled
//! after the ledger's own record, so that an interruption in between leaves no entry that nothing leads to.

use rusqlite::{Connection, Row};

use super::StoreError;
use super::columns::{Word, ledger_row};
use crate::api::Environment;

/// With the instant since when a service provider is removed: its allocations stay on record.
pub(super) const MIGRATION: &str = "CREATE TABLE secret_intents (
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    environment TEXT,
    PRIMARY KEY (owner, kind)
) STRICT, WITHOUT ROWID;
ALTER TABLE providers ADD COLUMN removed_at INTEGER;";

/// One entry of the keyring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecretIntent {
    /// The account, service provider or channel.
    pub(crate) owner: String,
    /// As the keyring's entry is named.
    pub(crate) kind: String,
    /// `None`: a channel's, which belongs to no environment.
    pub(crate) environment: Option<Environment>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<SecretIntent> {
    ledger_row(row, ("secret_intents", "owner"), |row| {
        Ok(SecretIntent {
            owner: row.get("owner")?,
            kind: row.get("kind")?,
            environment: row.get::<_, Option<Word<_>>>("environment")?.map(|environment| environment.0),
        })
    })
}

pub(crate) fn all(db: &Connection) -> Result<Vec<SecretIntent>, StoreError> {
    let mut query = db.prepare_cached("SELECT * FROM secret_intents ORDER BY owner, kind")?;
    let rows = query.query_map((), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn note(db: &Connection, intent: &SecretIntent) -> Result<(), StoreError> {
    db.execute(
        "INSERT OR REPLACE INTO secret_intents (owner, kind, environment) VALUES (?1, ?2, ?3)",
        (&intent.owner, &intent.kind, intent.environment.map(Word)),
    )?;
    Ok(())
}

pub(crate) fn settle(db: &Connection, intent: &SecretIntent) -> Result<(), StoreError> {
    db.execute("DELETE FROM secret_intents WHERE owner = ?1 AND kind = ?2", (&intent.owner, &intent.kind))?;
    Ok(())
}

/// A backup does not know what became of the entries that were about to be written when it was made.
pub(super) fn drop_all(db: &Connection) -> Result<(), StoreError> {
    db.execute("DELETE FROM secret_intents", ())?;
    Ok(())
}
