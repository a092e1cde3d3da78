//! Alerts that were raised, and what each account's readings have raised so far.

use std::collections::HashMap;

use billing_core::alert::Alert;
/// What an account's readings have raised so far.
pub(crate) use billing_core::alert::Told as AlertState;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};

use super::StoreError;
use super::columns::{At, Json, Word};
use crate::api::Environment;

pub(super) const MIGRATION: &str = "CREATE TABLE alert_states (
    account TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    basis TEXT NOT NULL,
    state TEXT NOT NULL
) STRICT;
CREATE TABLE inbox (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    alert TEXT NOT NULL,
    raised_at INTEGER NOT NULL,
    read_at INTEGER,
    notified_at INTEGER
) STRICT;
CREATE INDEX inbox_by_account ON inbox (account);
CREATE INDEX inbox_by_time ON inbox (raised_at);
CREATE INDEX inbox_unread ON inbox (read_at) WHERE read_at IS NULL;";

/// An alert that was raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Raised {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) account_name: String,
    pub(crate) environment: Environment,
    pub(crate) alert: Alert,
    pub(crate) at: DateTime<Utc>,
    pub(crate) read_at: Option<DateTime<Utc>>,
}

/// Accounts that are archived or on their way out have nothing to say.
const SELECT: &str = "SELECT inbox.*, accounts.name, accounts.environment FROM inbox JOIN accounts ON accounts.id = inbox.account
    WHERE accounts.archived_at IS NULL AND accounts.removed_at IS NULL";

fn read(row: &Row<'_>) -> rusqlite::Result<Raised> {
    Ok(Raised {
        id: row.get("id")?,
        account: row.get("account")?,
        account_name: row.get("name")?,
        environment: row.get::<_, Word<Environment>>("environment")?.0,
        alert: row.get::<_, Json<Alert>>("alert")?.0,
        at: row.get::<_, At>("raised_at")?.0,
        read_at: row.get::<_, Option<At>>("read_at")?.map(|at| at.0),
    })
}

/// What was looked at last of each account.
pub(crate) fn observed(db: &Connection) -> Result<HashMap<String, String>, StoreError> {
    let mut query = db.prepare_cached("SELECT account, basis FROM alert_states")?;
    let rows = query.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What an account's readings have raised so far; `None` before the first.
pub(crate) fn state(db: &Connection, account: &str) -> Result<Option<AlertState>, StoreError> {
    let mut query = db.prepare_cached("SELECT state FROM alert_states WHERE account = ?1")?;
    let found = query.query_row([account], |row| row.get::<_, Json<AlertState>>(0)).optional()?;
    Ok(found.map(|state| state.0))
}

pub(crate) fn save_state(
    db: &Connection,
    account: &str,
    basis: &str,
    state: &AlertState,
) -> Result<(), StoreError> {
    let mut insert =
        db.prepare_cached("INSERT OR REPLACE INTO alert_states (account, basis, state) VALUES (?1, ?2, ?3)")?;
    insert.execute((account, basis, Json(state)))?;
    Ok(())
}

pub(crate) fn add(
    db: &Connection,
    id: &str,
    account: &str,
    alert: &Alert,
    raised_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut insert =
        db.prepare_cached("INSERT INTO inbox (id, account, alert, raised_at) VALUES (?1, ?2, ?3, ?4)")?;
    insert.execute((id, account, Json(alert), At(raised_at)))?;
    Ok(())
}

/// The newest alerts, newest first.
pub(crate) fn newest(db: &Connection, count: u32) -> Result<Vec<Raised>, StoreError> {
    let mut query =
        db.prepare_cached(&format!("{SELECT} ORDER BY inbox.raised_at DESC, inbox.id DESC LIMIT ?1"))?;
    let rows = query.query_map([count], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn unread(db: &Connection) -> Result<u32, StoreError> {
    let query = format!("SELECT count(*) FROM ({SELECT} AND inbox.read_at IS NULL)");
    Ok(db.query_row(&query, (), |row| row.get(0))?)
}

/// The alerts that nobody has read, oldest first, of those whose ids `chosen` selects by its one parameter.
pub(super) fn unread_among(
    db: &Connection,
    chosen: &str,
    parameter: &str,
) -> Result<Vec<Raised>, StoreError> {
    let mut query = db.prepare_cached(&format!(
        "{SELECT} AND inbox.read_at IS NULL AND inbox.id IN ({chosen}) ORDER BY inbox.raised_at, inbox.id"
    ))?;
    let rows = query.query_map([parameter], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many alerts [`unread_among`] would find.
pub(super) fn count_unread_among(db: &Connection, chosen: &str, parameter: &str) -> Result<u32, StoreError> {
    let sql = format!("SELECT count(*) FROM ({SELECT} AND inbox.read_at IS NULL AND inbox.id IN ({chosen}))");
    Ok(db.prepare_cached(&sql)?.query_row([parameter], |row| row.get(0))?)
}

/// Marks one alert as read, or all. An id that is not known changes nothing.
pub(crate) fn mark_read(db: &Connection, id: Option<&str>, at: DateTime<Utc>) -> Result<(), StoreError> {
    db.execute(
        "UPDATE inbox SET read_at = ?2 WHERE read_at IS NULL AND (?1 IS NULL OR id = ?1)",
        (id, At(at)),
    )?;
    Ok(())
}

/// The alerts that neither the system has shown nor a person has read, oldest first. From now on they count as shown.
pub(crate) fn take_new(db: &Connection, at: DateTime<Utc>) -> Result<Vec<Raised>, StoreError> {
    let mut query = db.prepare_cached(&format!(
        "{SELECT} AND inbox.notified_at IS NULL AND inbox.read_at IS NULL ORDER BY inbox.raised_at, inbox.id"
    ))?;
    let found = query.query_map((), read)?.collect::<Result<Vec<_>, _>>()?;
    let mut update = db.prepare_cached("UPDATE inbox SET notified_at = ?2 WHERE id = ?1")?;
    for one in &found {
        update.execute((&one.id, At(at)))?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use billing_core::alert::{Observation, Thresholds};
    use billing_core::guard::Act;
    use billing_core::{Calls, CallsTotal};

    use super::*;

    /// These texts stand in the files of shops: what they hold may grow, and what is there never changes.
    #[test]
    fn alerts_and_states_stand_in_the_ledger_by_words_that_do_not_change() {
        let calls = |count| Calls::new(count).unwrap();
        let total = |count| CallsTotal::default().checked_add(calls(count)).unwrap();
        let lot = || "2027-04-08".to_owned();
        for (alert, text) in [
            (
                Alert::PercentLeft { percent: 20, remaining: total(200) },
                r#"{"alert":"percent_left","percent":20,"remaining":200}"#,
            ),
            (
                Alert::EndsSoon { lot: lot(), days: 7, remaining: calls(5) },
                r#"{"alert":"ends_soon","lot":"2027-04-08","days":7,"remaining":5}"#,
            ),
            (Alert::RunsOutSoon { in_days: 9 }, r#"{"alert":"runs_out_soon","in_days":9}"#),
            (
                Alert::WillExpire { lot: lot(), calls: calls(3) },
                r#"{"alert":"will_expire","lot":"2027-04-08","calls":3}"#,
            ),
            (
                Alert::Guarded { act: Act::ToManual, dry_run: false, remaining: 190 },
                r#"{"alert":"guarded","act":"to_manual","dry_run":false,"remaining":190}"#,
            ),
            (
                Alert::Guarded { act: Act::Back, dry_run: true, remaining: 900 },
                r#"{"alert":"guarded","act":"back","dry_run":true,"remaining":900}"#,
            ),
            (
                Alert::Guarded { act: Act::Allocate, dry_run: false, remaining: 190 },
                r#"{"alert":"guarded","act":"allocate","dry_run":false,"remaining":190}"#,
            ),
            (Alert::GuardStuck { remaining: None }, r#"{"alert":"guard_stuck","remaining":null}"#),
            (
                Alert::UsageHigh { calls: 900, expected: 120 },
                r#"{"alert":"usage_high","calls":900,"expected":120}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&alert).unwrap(), text);
            assert_eq!(serde_json::from_str::<Alert>(text).unwrap(), alert);
        }
        let mut state = AlertState::default();
        let thresholds =
            Thresholds { percent_left: vec![20, 10], days_before_end: vec![7], runs_out_within_days: 14 };
        let observation = Observation {
            total: total(1_000),
            remaining: total(90),
            lots: Vec::new(),
            runs_out_in_days: Some(9),
        };
        assert_eq!(state.observe(&thresholds, &observation).len(), 2);
        let text = r#"{"remaining":90,"percent":10,"runs_out":true,"ends":{},"will_expire":[]}"#;
        assert_eq!(serde_json::to_string(&state).unwrap(), text);
        assert_eq!(serde_json::from_str::<AlertState>(text).unwrap(), state);
    }
}
