//! The guard: a rule an account with what it did last, and every act, the intent first and then its outcome.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};

use super::StoreError;
use super::columns::{At, Count, Json, Word, ledger_row};
use crate::api::{ErrorCode, GuardAct, GuardActState, GuardMeasure, GuardState};
use crate::model::stored::GuardPhase;

pub(super) const MIGRATION: &str = "CREATE TABLE guards (
    account TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    measure TEXT NOT NULL,
    act_below INTEGER NOT NULL,
    back_at INTEGER NOT NULL,
    acts_a_day INTEGER NOT NULL,
    provider TEXT,
    pool_a_day INTEGER,
    this_computer INTEGER NOT NULL,
    phase TEXT NOT NULL,
    low INTEGER NOT NULL,
    seen_change TEXT,
    trouble TEXT,
    trouble_since INTEGER,
    trouble_params TEXT,
    trouble_raised INTEGER NOT NULL
) STRICT;
CREATE TABLE guard_acts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    act TEXT NOT NULL,
    dry_run INTEGER NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL,
    measure TEXT NOT NULL,
    threshold INTEGER NOT NULL,
    remaining INTEGER NOT NULL,
    cover_days INTEGER,
    provider TEXT,
    order_id TEXT,
    sku_id TEXT,
    calls INTEGER,
    code TEXT
) STRICT;
CREATE INDEX guard_acts_by_account ON guard_acts (account, seq);";

/// An account's rule, and where its guard stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredGuard {
    pub(crate) account: String,
    pub(crate) state: GuardState,
    pub(crate) measure: GuardMeasure,
    pub(crate) act_below: u32,
    pub(crate) back_at: u32,
    pub(crate) acts_a_day: u32,
    /// The provider, and calls a day.
    pub(crate) pool: Option<(String, u32)>,
    pub(crate) this_computer: bool,
    pub(crate) phase: GuardPhase,
    /// Calls left when it acted or stood down.
    pub(crate) low: u64,
    /// The newest change of mode that was looked at.
    pub(crate) seen_change: Option<String>,
    pub(crate) trouble: Option<Trouble>,
}

/// What keeps a guard from its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) code: ErrorCode,
    pub(crate) since: DateTime<Utc>,
    /// Values for the text of the code.
    pub(crate) params: BTreeMap<String, String>,
    /// An alert was raised about it.
    pub(crate) is_raised: bool,
}

/// An act, or what would have been one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredAct {
    /// Also the id of the change of mode, or the batch of the allocation: each is made once.
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) act: GuardAct,
    pub(crate) dry_run: bool,
    pub(crate) state: GuardActState,
    pub(crate) at: DateTime<Utc>,
    pub(crate) measure: GuardMeasure,
    pub(crate) threshold: u32,
    pub(crate) remaining: u64,
    pub(crate) cover_days: Option<u32>,
    pub(crate) allocated: Option<Allocated>,
    pub(crate) code: Option<ErrorCode>,
}

/// What an act allocates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Allocated {
    pub(crate) provider: String,
    pub(crate) order_id: String,
    pub(crate) sku_id: String,
    pub(crate) calls: u64,
}

fn read(row: &Row<'_>) -> rusqlite::Result<StoredGuard> {
    ledger_row(row, ("guards", "account"), |row| {
        let (provider, pool_a_day) = (row.get::<_, Option<String>>("provider")?, row.get("pool_a_day")?);
        let trouble = row.get::<_, Option<Word<ErrorCode>>>("trouble")?;
        let since = row.get::<_, Option<At>>("trouble_since")?;
        let params = row.get::<_, Option<Json<BTreeMap<String, String>>>>("trouble_params")?;
        let is_raised = row.get("trouble_raised")?;
        Ok(StoredGuard {
            account: row.get("account")?,
            state: row.get::<_, Word<_>>("state")?.0,
            measure: row.get::<_, Word<_>>("measure")?.0,
            act_below: row.get("act_below")?,
            back_at: row.get("back_at")?,
            acts_a_day: row.get("acts_a_day")?,
            pool: provider.zip(pool_a_day),
            this_computer: row.get("this_computer")?,
            phase: row.get::<_, Word<_>>("phase")?.0,
            low: row.get::<_, Count>("low")?.0,
            seen_change: row.get("seen_change")?,
            trouble: trouble.zip(since).map(|(code, since)| Trouble {
                code: code.0,
                since: since.0,
                params: params.map(|params| params.0).unwrap_or_default(),
                is_raised,
            }),
        })
    })
}

pub(crate) fn of(db: &Connection, account: &str) -> Result<Option<StoredGuard>, StoreError> {
    Ok(db.query_row("SELECT * FROM guards WHERE account = ?1", [account], read).optional()?)
}

/// The guards that are not off.
pub(crate) fn watching(db: &Connection) -> Result<Vec<StoredGuard>, StoreError> {
    let mut query = db.prepare_cached("SELECT * FROM guards WHERE state <> 'off' ORDER BY account")?;
    let rows = query.query_map((), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn save(db: &Connection, guard: &StoredGuard) -> Result<(), StoreError> {
    let (provider, pool_a_day) = guard.pool.clone().unzip();
    let trouble = guard.trouble.as_ref();
    db.execute(
        "INSERT OR REPLACE INTO guards (account, state, measure, act_below, back_at, acts_a_day, provider,
            pool_a_day, this_computer, phase, low, seen_change, trouble, trouble_since, trouble_params, trouble_raised)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        rusqlite::params![
            &guard.account,
            Word(guard.state),
            Word(guard.measure),
            guard.act_below,
            guard.back_at,
            guard.acts_a_day,
            provider,
            pool_a_day,
            guard.this_computer,
            Word(guard.phase),
            Count(guard.low),
            &guard.seen_change,
            trouble.map(|trouble| Word(trouble.code)),
            trouble.map(|trouble| At(trouble.since)),
            trouble.map(|trouble| Json(&trouble.params)),
            trouble.is_some_and(|trouble| trouble.is_raised),
        ],
    )?;
    Ok(())
}

/// Lets the guards of a restored ledger only write down what they would do: it does not know what they, or people, did
/// since, nor whether they are wanted still.
pub(super) fn only_dry_runs(db: &Connection) -> Result<(), StoreError> {
    db.execute(
        "UPDATE guards SET state = ?1, phase = ?2, low = 0 WHERE state = ?3",
        (Word(GuardState::DryRun), Word(GuardPhase::Armed), Word(GuardState::On)),
    )?;
    Ok(())
}

fn read_act(row: &Row<'_>) -> rusqlite::Result<StoredAct> {
    ledger_row(row, ("guard_acts", "id"), |row| {
        let (provider, order_id) = (row.get::<_, Option<String>>("provider")?, row.get("order_id")?);
        let (sku_id, calls) =
            (row.get::<_, Option<String>>("sku_id")?, row.get::<_, Option<Count>>("calls")?);
        Ok(StoredAct {
            id: row.get("id")?,
            account: row.get("account")?,
            act: row.get::<_, Word<_>>("act")?.0,
            dry_run: row.get("dry_run")?,
            state: row.get::<_, Word<_>>("state")?.0,
            at: row.get::<_, At>("at")?.0,
            measure: row.get::<_, Word<_>>("measure")?.0,
            threshold: row.get("threshold")?,
            remaining: row.get::<_, Count>("remaining")?.0,
            cover_days: row.get("cover_days")?,
            allocated: provider.zip(order_id).zip(sku_id.zip(calls)).map(
                |((provider, order_id), (sku_id, calls))| Allocated {
                    provider,
                    order_id,
                    sku_id,
                    calls: calls.0,
                },
            ),
            code: row.get::<_, Option<Word<_>>>("code")?.map(|code| code.0),
        })
    })
}

/// The last acts of an account, newest first.
pub(crate) fn acts(db: &Connection, account: &str, count: u32) -> Result<Vec<StoredAct>, StoreError> {
    let sql = "SELECT * FROM guard_acts WHERE account = ?1 ORDER BY seq DESC LIMIT ?2";
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map((account, count), read_act)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Writes an act down, or its outcome.
pub(crate) fn save_act(db: &Connection, act: &StoredAct) -> Result<(), StoreError> {
    let allocated = act.allocated.as_ref();
    db.execute(
        "INSERT INTO guard_acts (id, account, act, dry_run, state, at, measure, threshold, remaining, cover_days,
            provider, order_id, sku_id, calls, code)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, code = excluded.code",
        rusqlite::params![
            &act.id,
            &act.account,
            Word(act.act),
            act.dry_run,
            Word(act.state),
            At(act.at),
            Word(act.measure),
            act.threshold,
            Count(act.remaining),
            act.cover_days,
            allocated.map(|one| &one.provider),
            allocated.map(|one| &one.order_id),
            allocated.map(|one| &one.sku_id),
            allocated.map(|one| Count(one.calls)),
            act.code.map(Word),
        ],
    )?;
    Ok(())
}
