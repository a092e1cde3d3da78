//! Past readings of cumulative usage: the account's own, and each lot's. WeChat has only the present figures, so what is
//! lost here cannot be asked for again.
//!
//! A meter is one figure that only grows, read now and then. Every reading of the account is stored while its day lasts; of
//! a day that is over, the first and the last one stay, since those are the ones next to its midnights. A lot that did
//! not change since its last reading gets no new one. Three years of four readings a day are then 2,190 rows for the
//! account and hardly more for all its lots.

use std::collections::HashMap;

use billing_core::time::{beijing_day, beijing_midnight};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};

use super::StoreError;
use super::columns::{At, Count, Word, ledger_row};
use super::readings::{Lot, UsageFigures};
use crate::api::{LotSource, TypedFigures};

/// `app_id` tells mini-programs apart that one account was connected to; it is empty where figures are typed in. `lot` is
/// empty for the account's own figure.
pub(super) const MIGRATION: &str = "CREATE TABLE meters (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    app_id TEXT NOT NULL,
    lot TEXT NOT NULL,
    source TEXT,
    effective_at INTEGER,
    expires_at INTEGER,
    UNIQUE (account, app_id, lot)
) STRICT;
CREATE TABLE meter_readings (
    meter INTEGER NOT NULL REFERENCES meters (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    used INTEGER NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (meter, at)
) STRICT, WITHOUT ROWID;";

/// The account's own figures, and those that are typed in, by the names of the columns.
const OWN: &str = "";
const TYPED: &str = "";

/// What one meter showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MeterReading {
    pub(crate) at: DateTime<Utc>,
    /// All calls until then.
    pub(crate) used: u64,
    pub(crate) total: u64,
}

/// What is known of a lot, whether or not WeChat still lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LotHistory {
    pub(crate) id: String,
    pub(crate) source: LotSource,
    pub(crate) effective_at: DateTime<Utc>,
    /// `None`: never.
    pub(crate) expires_at: Option<DateTime<Utc>>,
    /// In time order, one per change.
    pub(crate) readings: Vec<MeterReading>,
}

/// Everything that was read of the mini-program an account is connected to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct History {
    /// In time order.
    pub(crate) readings: Vec<MeterReading>,
    /// Figures that were typed in, in time order.
    pub(crate) typed: Vec<MeterReading>,
    /// In no particular order.
    pub(crate) lots: Vec<LotHistory>,
}

/// A meter and its last reading.
struct Known {
    id: i64,
    facts: Option<Facts>,
    last: Option<MeterReading>,
}

/// What a lot is, apart from its figures.
type Facts = (LotSource, DateTime<Utc>, Option<DateTime<Utc>>);

fn facts_of(lot: &Lot) -> Facts {
    (lot.source, lot.effective_at, lot.expires_at)
}

fn read_facts(row: &Row<'_>) -> rusqlite::Result<Option<Facts>> {
    ledger_row(row, ("meters", "lot"), read_facts_columns)
}

fn read_facts_columns(row: &Row<'_>) -> rusqlite::Result<Option<Facts>> {
    let source: Option<Word<LotSource>> = row.get("source")?;
    let effective_at: Option<At> = row.get("effective_at")?;
    let expires_at: Option<At> = row.get("expires_at")?;
    Ok(source.zip(effective_at).map(|(source, at)| (source.0, at.0, expires_at.map(|end| end.0))))
}

fn read_reading(row: &Row<'_>) -> rusqlite::Result<MeterReading> {
    Ok(MeterReading {
        at: row.get::<_, At>("at")?.0,
        used: row.get::<_, Count>("used")?.0,
        total: row.get::<_, Count>("total")?.0,
    })
}

/// Adds a reading of the platform to the history of the mini-program the account is connected to; without a connection
/// there is nothing it could belong to.
pub(crate) fn note(db: &Connection, figures: &UsageFigures) -> Result<(), StoreError> {
    let Some(app_id) = app_id(db, &figures.account)? else { return Ok(()) };
    let account = figures.account.as_str();
    let known = known(db, account, &app_id)?;
    let own = MeterReading { at: figures.read_at, used: figures.used, total: figures.total };
    let meter = known.get(OWN);
    let id = meter.map_or_else(|| add(db, account, &app_id, OWN, None), |meter| Ok(meter.id))?;
    put(db, id, meter.and_then(|meter| meter.last), own)?;
    for lot in &figures.lots {
        let now = MeterReading { at: figures.read_at, used: lot.used, total: lot.total };
        let meter = known.get(lot.id.as_str());
        let id = match meter {
            Some(meter) => {
                if meter.facts != Some(facts_of(lot)) {
                    restate(db, meter.id, lot)?;
                }
                meter.id
            }
            None => add(db, account, &app_id, &lot.id, Some(facts_of(lot)))?,
        };
        let last = meter.and_then(|meter| meter.last);
        if last.is_none_or(|last| (last.used, last.total) != (now.used, now.total)) {
            put(db, id, last, now)?;
        }
    }
    Ok(())
}

/// Adds figures that were typed in.
pub(crate) fn note_typed(
    db: &Connection,
    account: &str,
    at: DateTime<Utc>,
    typed: TypedFigures,
) -> Result<(), StoreError> {
    let known = known(db, account, TYPED)?;
    let meter = known.get(OWN);
    let id = meter.map_or_else(|| add(db, account, TYPED, OWN, None), |meter| Ok(meter.id))?;
    let now = MeterReading { at, used: typed.used, total: typed.total };
    put(db, id, meter.and_then(|meter| meter.last), now)
}

/// Everything that was read of the mini-program the account is connected to now.
pub(crate) fn of(db: &Connection, account: &str) -> Result<History, StoreError> {
    let mut history = History { typed: own_readings(db, account, TYPED)?, ..History::default() };
    let app_id = app_id(db, account)?.unwrap_or_default();
    if app_id == TYPED {
        return Ok(history);
    }
    history.readings = own_readings(db, account, &app_id)?;
    let mut query = db.prepare_cached(
        "SELECT lot, source, effective_at, expires_at, at, used, total
         FROM meters JOIN meter_readings ON meter = id
         WHERE account = ?1 AND app_id = ?2 AND lot <> '' ORDER BY id, at",
    )?;
    let rows = query.query_map((account, &app_id), |row| {
        Ok((row.get::<_, String>("lot")?, read_facts(row)?, read_reading(row)?))
    })?;
    for row in rows {
        let (id, facts, reading) = row?;
        match history.lots.last_mut() {
            Some(lot) if lot.id == id => lot.readings.push(reading),
            _ => {
                let Some((source, effective_at, expires_at)) = facts else { continue };
                let readings = vec![reading];
                history.lots.push(LotHistory { id, source, effective_at, expires_at, readings });
            }
        }
    }
    Ok(history)
}

fn own_readings(db: &Connection, account: &str, app_id: &str) -> Result<Vec<MeterReading>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT at, used, total FROM meters JOIN meter_readings ON meter = id
         WHERE account = ?1 AND app_id = ?2 AND lot = '' ORDER BY at",
    )?;
    let rows = query.query_map((account, app_id), read_reading)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// `None` without a connection; empty where figures are typed in.
fn app_id(db: &Connection, account: &str) -> Result<Option<String>, StoreError> {
    let mut query = db.prepare_cached("SELECT app_id FROM connections WHERE account = ?1")?;
    let found: Option<Option<String>> = query.query_row([account], |row| row.get(0)).optional()?;
    Ok(found.map(Option::unwrap_or_default))
}

/// The meters of an account at one mini-program, by lot.
fn known(db: &Connection, account: &str, app_id: &str) -> Result<HashMap<String, Known>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT id, lot, source, effective_at, expires_at, at, used, total
         FROM meters LEFT JOIN meter_readings
            ON meter = id AND at = (SELECT max(at) FROM meter_readings WHERE meter = id)
         WHERE account = ?1 AND app_id = ?2",
    )?;
    let rows = query.query_map((account, app_id), |row| {
        let last = match row.get::<_, Option<At>>("at")? {
            Some(_) => Some(read_reading(row)?),
            None => None,
        };
        Ok((row.get("lot")?, Known { id: row.get("id")?, facts: read_facts(row)?, last }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn add(
    db: &Connection,
    account: &str,
    app_id: &str,
    lot: &str,
    facts: Option<Facts>,
) -> Result<i64, StoreError> {
    let mut insert = db.prepare_cached(
        "INSERT INTO meters (account, app_id, lot, source, effective_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
    )?;
    let (source, effective_at, expires_at) =
        facts.map_or((None, None, None), |(source, start, end)| (Some(source), Some(start), end));
    let values = (account, app_id, lot, source.map(Word), effective_at.map(At), expires_at.map(At));
    Ok(insert.query_row(values, |row| row.get(0))?)
}

/// A lot turned out to be something else than it was, such as a pack whose validity began only now.
fn restate(db: &Connection, meter: i64, lot: &Lot) -> Result<(), StoreError> {
    db.execute(
        "UPDATE meters SET source = ?2, effective_at = ?3, expires_at = ?4 WHERE id = ?1",
        (meter, Word(lot.source), At(lot.effective_at), lot.expires_at.map(At)),
    )?;
    Ok(())
}

/// Writes a reading; when it is the first of its day, the day of the one before is over and is thinned.
fn put(db: &Connection, meter: i64, last: Option<MeterReading>, now: MeterReading) -> Result<(), StoreError> {
    if let Some(last) = last {
        let day = beijing_day(last.at);
        if let Some(midnight) = beijing_midnight(day).filter(|_| day < beijing_day(now.at)) {
            let mut thin = db.prepare_cached(
                "DELETE FROM meter_readings WHERE meter = ?1 AND at < ?3 AND at >
                    (SELECT min(at) FROM meter_readings WHERE meter = ?1 AND at >= ?2)",
            )?;
            thin.execute((meter, At(midnight), At(last.at)))?;
        }
    }
    let mut insert = db.prepare_cached(
        "INSERT OR REPLACE INTO meter_readings (meter, at, used, total) VALUES (?1, ?2, ?3, ?4)",
    )?;
    insert.execute((meter, At(now.at), Count(now.used), Count(now.total)))?;
    Ok(())
}

#[cfg(test)]
mod tests;
