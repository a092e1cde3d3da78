//! The last reading of each account's usage: figures, lots, average.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row};

use super::StoreError;
use super::columns::{At, Count, Word, cache_row, known_only};
use crate::api::{LotSource, LotState};

pub(super) const MIGRATION: &str = "CREATE TABLE readings (
    account TEXT PRIMARY KEY,
    read_at INTEGER NOT NULL,
    used INTEGER NOT NULL,
    total INTEGER NOT NULL,
    average INTEGER,
    average_at_most INTEGER
) STRICT;
CREATE TABLE lots (
    account TEXT NOT NULL REFERENCES readings (account) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL,
    total INTEGER NOT NULL,
    used INTEGER NOT NULL,
    effective_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (account, position)
) STRICT;";

/// One reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UsageFigures {
    pub(crate) account: String,
    pub(crate) read_at: DateTime<Utc>,
    /// WeChat's accumulated usage.
    pub(crate) used: u64,
    /// WeChat's total.
    pub(crate) total: u64,
    /// Calls a month, and whether WeChat says only "that or fewer".
    pub(crate) average: Option<(u64, bool)>,
    /// In the order in which they are consumed, spent ones last.
    pub(crate) lots: Vec<Lot>,
}

/// One lot as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lot {
    pub(crate) id: String,
    pub(crate) source: LotSource,
    pub(crate) state: LotState,
    pub(crate) total: u64,
    pub(crate) used: u64,
    pub(crate) effective_at: DateTime<Utc>,
    /// `None`: never.
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

impl Lot {
    /// Calls left that can be or will be used; zero for a spent lot.
    pub(crate) fn remaining(&self) -> u64 {
        match self.state {
            LotState::InEffect | LotState::NotYet => self.total.saturating_sub(self.used),
            LotState::Spent => 0,
        }
    }
}

impl UsageFigures {
    /// The same at an instant after the reading: a lot whose time has come or has passed meanwhile says so.
    pub(crate) fn seen_at(mut self, now: DateTime<Utc>) -> Self {
        for lot in &mut self.lots {
            if lot.expires_at.is_some_and(|end| end <= now) {
                lot.state = LotState::Spent;
            } else if lot.state == LotState::NotYet && lot.effective_at <= now {
                lot.state = LotState::InEffect;
            }
        }
        self
    }

    /// Calls that can be used now: the sum over lots in effect. WeChat's own `all − effectiveUse` could count use of
    /// lots that have ended meanwhile (docs/wechat.md §1.1).
    pub(crate) fn remaining(&self) -> u64 {
        self.lots.iter().filter(|lot| lot.state == LotState::InEffect).map(Lot::remaining).sum()
    }
}

fn read_lot(row: &Row<'_>) -> rusqlite::Result<Lot> {
    Ok(Lot {
        id: row.get("id")?,
        source: row.get::<_, Word<_>>("source")?.0,
        state: row.get::<_, Word<_>>("state")?.0,
        total: row.get::<_, Count>("total")?.0,
        used: row.get::<_, Count>("used")?.0,
        effective_at: row.get::<_, At>("effective_at")?.0,
        expires_at: row.get::<_, Option<At>>("expires_at")?.map(|at| at.0),
    })
}

fn read_figures(row: &Row<'_>, lots: Vec<Lot>) -> rusqlite::Result<UsageFigures> {
    let average: Option<Count> = row.get("average")?;
    let at_most: Option<bool> = row.get("average_at_most")?;
    Ok(UsageFigures {
        account: row.get("account")?,
        read_at: row.get::<_, At>("read_at")?.0,
        used: row.get::<_, Count>("used")?.0,
        total: row.get::<_, Count>("total")?.0,
        average: average.map(|calls| calls.0).zip(at_most),
        lots,
    })
}

/// `None` also where a lot is not known: the sums would be wrong without it.
pub(crate) fn of(db: &Connection, account: &str) -> Result<Option<UsageFigures>, StoreError> {
    let mut query = db.prepare_cached("SELECT * FROM lots WHERE account = ?1 ORDER BY position")?;
    let lots = query.query_map([account], read_lot)?.collect::<rusqlite::Result<Vec<_>>>();
    let Some(lots) = cache_row(lots)? else { return Ok(None) };
    let mut query = db.prepare_cached("SELECT * FROM readings WHERE account = ?1")?;
    Ok(cache_row(query.query_row([account], |row| read_figures(row, lots)))?)
}

/// The last reading of every account that was read.
pub(crate) fn all(db: &Connection) -> Result<HashMap<String, UsageFigures>, StoreError> {
    let mut lots: HashMap<String, Option<Vec<Lot>>> = HashMap::new();
    let mut query = db.prepare_cached("SELECT * FROM lots ORDER BY account, position")?;
    for row in query.query_map((), |row| Ok((row.get("account")?, cache_row(read_lot(row))?)))? {
        let (account, lot): (String, Option<Lot>) = row?;
        let known = lots.entry(account).or_insert_with(|| Some(Vec::new()));
        match (known.as_mut(), lot) {
            (Some(known), Some(lot)) => known.push(lot),
            _ => *known = None,
        }
    }
    let mut query = db.prepare_cached("SELECT * FROM readings")?;
    let rows = query.query_map((), |row| {
        let account: String = row.get("account")?;
        let figures = match lots.remove(&account).unwrap_or_else(|| Some(Vec::new())) {
            Some(lots) => cache_row(read_figures(row, lots))?,
            None => None,
        };
        Ok((account, figures))
    })?;
    known_only(rows)
}

/// Replaces the account's last reading.
pub(crate) fn save(db: &Connection, figures: &UsageFigures) -> Result<(), StoreError> {
    remove(db, &figures.account)?;
    let mut insert = db.prepare_cached(
        "INSERT INTO readings (account, read_at, used, total, average, average_at_most)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    insert.execute((
        &figures.account,
        At(figures.read_at),
        Count(figures.used),
        Count(figures.total),
        figures.average.map(|(calls, _)| Count(calls)),
        figures.average.map(|(_, at_most)| at_most),
    ))?;
    let mut insert = db.prepare_cached(
        "INSERT INTO lots (account, position, id, source, state, total, used, effective_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for (position, lot) in (0_i64..).zip(&figures.lots) {
        insert.execute((
            &figures.account,
            position,
            &lot.id,
            Word(lot.source),
            Word(lot.state),
            Count(lot.total),
            Count(lot.used),
            At(lot.effective_at),
            lot.expires_at.map(At),
        ))?;
    }
    Ok(())
}

/// Forgets the account's reading.
pub(crate) fn remove(db: &Connection, account: &str) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM readings WHERE account = ?1")?.execute([account])?;
    Ok(())
}
