//! Changes of the acquisition mode: the intent first, then its outcome.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row};

use super::StoreError;
use super::columns::{At, Word, ledger_row};
use crate::api::{AcquisitionMode, ChangeReason, ChangeState, ChangedBy};

pub(super) const MIGRATION: &str = "CREATE TABLE mode_changes (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    from_mode TEXT,
    to_mode TEXT NOT NULL,
    by TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    confirmed_at INTEGER
) STRICT;
CREATE INDEX mode_changes_by_account ON mode_changes (account, asked_at);";

pub(super) const REASONS: &str = "ALTER TABLE mode_changes ADD COLUMN why TEXT;";

/// In which order changes were written down: a clock can be set back.
pub(super) const ORDER: &str = "ALTER TABLE mode_changes ADD COLUMN seq INTEGER;
UPDATE mode_changes SET seq = rowid;";

/// One change of mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ModeChange {
    /// Also the request id: the platform makes one change of it, however often it is sent.
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) from: Option<AcquisitionMode>,
    pub(crate) to: AcquisitionMode,
    pub(crate) by: ChangedBy,
    pub(crate) why: Option<ChangeReason>,
    pub(crate) state: ChangeState,
    pub(crate) asked_at: DateTime<Utc>,
    pub(crate) confirmed_at: Option<DateTime<Utc>>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<ModeChange> {
    ledger_row(row, ("mode_changes", "id"), read_columns)
}

fn read_columns(row: &Row<'_>) -> rusqlite::Result<ModeChange> {
    Ok(ModeChange {
        id: row.get("id")?,
        account: row.get("account")?,
        from: row.get::<_, Option<Word<_>>>("from_mode")?.map(|mode| mode.0),
        to: row.get::<_, Word<_>>("to_mode")?.0,
        by: row.get::<_, Word<_>>("by")?.0,
        why: row.get::<_, Option<Word<_>>>("why")?.map(|why| why.0),
        state: row.get::<_, Word<_>>("state")?.0,
        asked_at: row.get::<_, At>("asked_at")?.0,
        confirmed_at: row.get::<_, Option<At>>("confirmed_at")?.map(|at| at.0),
    })
}

/// The changes of an account, newest first.
pub(crate) fn of(db: &Connection, account: &str) -> Result<Vec<ModeChange>, StoreError> {
    let sql = "SELECT * FROM mode_changes WHERE account = ?1 ORDER BY seq DESC";
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map([account], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn save(db: &Connection, change: &ModeChange) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO mode_changes (id, account, from_mode, to_mode, by, state, asked_at, confirmed_at, why, seq)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, (SELECT coalesce(max(seq), 0) + 1 FROM mode_changes))
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, confirmed_at = excluded.confirmed_at",
        (
            &change.id,
            &change.account,
            change.from.map(Word),
            Word(change.to),
            Word(change.by),
            Word(change.state),
            At(change.asked_at),
            change.confirmed_at.map(At),
            change.why.map(Word),
        ),
    )?;
    Ok(())
}
