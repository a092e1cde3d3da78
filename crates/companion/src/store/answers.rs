//! What the shop answered in the wizard. Which steps are done follows from this and from the other tables; only the
//! step on screen is stored as such.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, Row};

use super::StoreError;
use super::columns::{At, Count, Word, ledger_row};
use crate::api::{AcquisitionMode, ShopCategory, Step, Subject};

pub(super) const MIGRATION: &str = "CREATE TABLE answers (
    account TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    subject TEXT,
    category TEXT,
    verified INTEGER,
    way TEXT,
    monthly_calls INTEGER,
    login_saved_at INTEGER,
    login_confirmed_at INTEGER,
    signed_in_at INTEGER,
    usage_seen_at INTEGER,
    nothing_at INTEGER,
    look_again TEXT,
    mode TEXT,
    finished_at INTEGER
) STRICT;";

/// The answers of step 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Declared {
    pub(crate) subject: Subject,
    pub(crate) category: ShopCategory,
    pub(crate) verified: bool,
}

/// All answers of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answers {
    pub(crate) account: String,
    /// The step on screen.
    pub(crate) at: Step,
    pub(crate) declared: Option<Declared>,
    /// The way, and the calls a month it was chosen for.
    pub(crate) way: Option<(AcquisitionMode, u64)>,
    /// E-mail and password were put into the keyring.
    pub(crate) login_saved_at: Option<DateTime<Utc>>,
    pub(crate) login_confirmed_at: Option<DateTime<Utc>>,
    pub(crate) signed_in_at: Option<DateTime<Utc>>,
    pub(crate) usage_seen_at: Option<DateTime<Utc>>,
    /// "Buy nothing yet" was followed.
    pub(crate) nothing_at: Option<DateTime<Utc>>,
    pub(crate) look_again: Option<NaiveDate>,
    /// Step 10's outcome.
    pub(crate) mode: Option<AcquisitionMode>,
    pub(crate) finished_at: Option<DateTime<Utc>>,
}

impl Answers {
    /// Nothing answered yet but the welcome step.
    pub(crate) fn fresh(account: &str) -> Self {
        Self {
            account: account.to_owned(),
            at: Step::Eligibility,
            declared: None,
            way: None,
            login_saved_at: None,
            login_confirmed_at: None,
            signed_in_at: None,
            usage_seen_at: None,
            nothing_at: None,
            look_again: None,
            mode: None,
            finished_at: None,
        }
    }
}

fn instant(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<DateTime<Utc>>> {
    Ok(row.get::<_, Option<At>>(column)?.map(|at| at.0))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Answers> {
    ledger_row(row, ("answers", "account"), read_columns)
}

fn read_columns(row: &Row<'_>) -> rusqlite::Result<Answers> {
    let subject: Option<Word<Subject>> = row.get("subject")?;
    let category: Option<Word<ShopCategory>> = row.get("category")?;
    let verified: Option<bool> = row.get("verified")?;
    let way: Option<Word<AcquisitionMode>> = row.get("way")?;
    let monthly_calls: Option<Count> = row.get("monthly_calls")?;
    let declared = match (subject, category, verified) {
        (Some(subject), Some(category), Some(verified)) => {
            Some(Declared { subject: subject.0, category: category.0, verified })
        }
        _ => None,
    };
    let look_again: Option<String> = row.get("look_again")?;
    Ok(Answers {
        account: row.get("account")?,
        at: row.get::<_, Word<_>>("at")?.0,
        declared,
        way: way.zip(monthly_calls).map(|(way, calls)| (way.0, calls.0)),
        login_saved_at: instant(row, "login_saved_at")?,
        login_confirmed_at: instant(row, "login_confirmed_at")?,
        signed_in_at: instant(row, "signed_in_at")?,
        usage_seen_at: instant(row, "usage_seen_at")?,
        nothing_at: instant(row, "nothing_at")?,
        look_again: look_again.and_then(|day| day.parse().ok()),
        mode: row.get::<_, Option<Word<_>>>("mode")?.map(|mode| mode.0),
        finished_at: instant(row, "finished_at")?,
    })
}

/// The answers of an account; empty ones at first.
pub(crate) fn of(db: &Connection, account: &str) -> Result<Answers, StoreError> {
    match db.query_row("SELECT * FROM answers WHERE account = ?1", [account], read) {
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok(Answers::fresh(account)),
        found => Ok(found?),
    }
}

/// The answers of every account that has any.
pub(crate) fn all(db: &Connection) -> Result<HashMap<String, Answers>, StoreError> {
    let mut query = db.prepare_cached("SELECT * FROM answers")?;
    let rows = query.query_map((), |row| read(row).map(|answers| (answers.account.clone(), answers)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn save(db: &Connection, answers: &Answers) -> Result<(), StoreError> {
    db.execute(
        "INSERT OR REPLACE INTO answers (account, at, subject, category, verified, way, monthly_calls,
            login_saved_at, login_confirmed_at, signed_in_at, usage_seen_at, nothing_at, look_again, mode, finished_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        rusqlite::params![
            answers.account,
            Word(answers.at),
            answers.declared.map(|declared| Word(declared.subject)),
            answers.declared.map(|declared| Word(declared.category)),
            answers.declared.map(|declared| declared.verified),
            answers.way.map(|(way, _)| Word(way)),
            answers.way.map(|(_, calls)| Count(calls)),
            answers.login_saved_at.map(At),
            answers.login_confirmed_at.map(At),
            answers.signed_in_at.map(At),
            answers.usage_seen_at.map(At),
            answers.nothing_at.map(At),
            answers.look_again.map(|day| day.to_string()),
            answers.mode.map(Word),
            answers.finished_at.map(At),
        ],
    )?;
    Ok(())
}
