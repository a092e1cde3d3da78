//! Signing in to the console: half-finished sign-ins, sessions, and wrong passwords.
//!
//! Only hashes are stored, of session ids as well as of the accounts that were tried.

use super::error::Stored;
use crate::assumed::{HALF_SIGN_IN_MINUTES, SESSION_HOURS, SIGN_IN_TRIES, SIGN_IN_WAIT};
use crate::clock::system_now;
use crate::ids;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension};

/// How far a sign-in has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The password was right; the administrator has to scan.
    Password(String),
    /// The administrator has scanned; they have to choose a mini-program.
    Scanned,
    /// Signed in to this mini-program.
    SignedIn(String),
}

impl Stage {
    fn parts(&self) -> (&'static str, Option<&str>, TimeDelta) {
        let half = TimeDelta::minutes(HALF_SIGN_IN_MINUTES);
        match self {
            Self::Password(app_id) => ("password", Some(app_id), half),
            Self::Scanned => ("scanned", None, half),
            Self::SignedIn(app_id) => ("signed_in", Some(app_id), TimeDelta::hours(SESSION_HOURS)),
        }
    }
}

/// Starts a stage; the answer is the secret for the cookie. A stage before it ends.
pub(crate) fn begin(connection: &Connection, before: Option<&str>, stage: &Stage) -> Stored<String> {
    if let Some(before) = before {
        end(connection, before)?;
    }
    let now = system_now();
    connection.execute("DELETE FROM sessions WHERE machine_expiry <= ?1", [now.timestamp()])?;
    let id = ids::secret();
    let (name, app_id, life) = stage.parts();
    connection.execute(
        "INSERT INTO sessions (id_hash, stage, app_id, machine_expiry) VALUES (?1, ?2, ?3, ?4)",
        (ids::digest_hex(&id), name, app_id, (now + life).timestamp()),
    )?;
    Ok(id)
}

/// The stage that a cookie stands for.
pub(crate) fn find(connection: &Connection, id: &str) -> Stored<Option<Stage>> {
    let found = connection
        .prepare_cached("SELECT stage, app_id FROM sessions WHERE id_hash = ?1 AND machine_expiry > ?2")?
        .query_row((ids::digest_hex(id), system_now().timestamp()), |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
        })
        .optional()?;
    Ok(found.and_then(|(stage, app_id)| match (stage.as_str(), app_id) {
        ("password", Some(app_id)) => Some(Stage::Password(app_id)),
        ("scanned", _) => Some(Stage::Scanned),
        ("signed_in", Some(app_id)) => Some(Stage::SignedIn(app_id)),
        _ => None,
    }))
}

/// Ends a stage.
pub(crate) fn end(connection: &Connection, id: &str) -> Stored<()> {
    connection.execute("DELETE FROM sessions WHERE id_hash = ?1", [ids::digest_hex(id)])?;
    Ok(())
}

/// Every session of a mini-program ends, for instance because its password was changed.
pub(crate) fn end_all(connection: &Connection, app_id: &str) -> Stored<()> {
    connection.execute("DELETE FROM sessions WHERE app_id = ?1", [app_id])?;
    Ok(())
}

fn account_hash(account: &str) -> String {
    ids::digest_hex(&account.trim().to_lowercase())
}

/// When this account may be tried again; nothing when it may be tried now.
pub(crate) fn wait_until(
    connection: &Connection,
    account: &str,
    now: DateTime<Utc>,
) -> Stored<Option<DateTime<Utc>>> {
    let since = now - SIGN_IN_WAIT;
    let (tries, last): (i64, Option<i64>) = connection.query_row(
        "SELECT count(*), max(at) FROM failed_sign_ins WHERE account_hash = ?1 AND at > ?2",
        (account_hash(account), since.timestamp()),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let full = usize::try_from(tries).is_ok_and(|tries| tries >= SIGN_IN_TRIES);
    let last = last.filter(|_| full).and_then(|last| DateTime::from_timestamp(last, 0));
    Ok(last.map(|last| last + SIGN_IN_WAIT))
}

/// Counts a wrong password; returns how many attempts are left.
pub(crate) fn count_failure(connection: &Connection, account: &str, now: DateTime<Utc>) -> Stored<usize> {
    let since = (now - SIGN_IN_WAIT).timestamp();
    connection.execute("DELETE FROM failed_sign_ins WHERE at <= ?1", [since])?;
    let hash = account_hash(account);
    connection.execute(
        "INSERT INTO failed_sign_ins (account_hash, at) VALUES (?1, ?2)",
        (&hash, now.timestamp()),
    )?;
    let tries: i64 = connection.query_row(
        "SELECT count(*) FROM failed_sign_ins WHERE account_hash = ?1",
        [&hash],
        |row| row.get(0),
    )?;
    Ok(SIGN_IN_TRIES.saturating_sub(usize::try_from(tries).unwrap_or(usize::MAX)))
}

/// A right password wipes the slate.
pub(crate) fn forget_failures(connection: &Connection, account: &str) -> Stored<()> {
    connection.execute("DELETE FROM failed_sign_ins WHERE account_hash = ?1", [account_hash(account)])?;
    Ok(())
}
