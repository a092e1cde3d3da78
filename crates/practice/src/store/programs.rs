//! Mini-programs: who owns them, how one signs in, and the hash of their AppSecret.

use super::columns::instant;
use super::error::{Stored, invalid_row};
use crate::ids;
use crate::model::{Program, Standing};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, ErrorCode, OptionalExtension};
use serde::Serialize;
use serde::de::DeserializeOwned;

const COLUMNS: &str = "app_id, name, shop, subject, category, created_at, login_email_hash, password_hash, secret_hash, \
                       secret_set_at, standing, privacy_declared, kind";

/// A value of the billing core as its name in scenario files.
pub(crate) fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn from_word<T: DeserializeOwned>(word: String) -> Stored<T> {
    serde_json::from_value(serde_json::Value::String(word)).map_err(invalid_row)
}

fn program(row: &rusqlite::Row<'_>) -> Stored<Program> {
    Ok(Program {
        app_id: row.get(0)?,
        name: row.get(1)?,
        shop: row.get(2)?,
        subject: from_word(row.get(3)?)?,
        category: from_word(row.get(4)?)?,
        created_at: instant(row.get(5)?)?,
        login_email_hash: row.get(6)?,
        password_hash: row.get(7)?,
        secret_hash: row.get(8)?,
        secret_set_at: row.get::<_, Option<i64>>(9)?.map(instant).transpose()?,
        standing: row.get(10)?,
        privacy_declared: row.get(11)?,
        kind: from_word(row.get(12)?)?,
    })
}

/// Every mini-program and mini-game, by position.
pub(crate) fn all(connection: &Connection) -> Stored<Vec<Program>> {
    let mut statement =
        connection.prepare(&format!("SELECT {COLUMNS} FROM mini_programs ORDER BY position"))?;
    let rows = statement.query_map([], |row| Ok(program(row)))?;
    rows.map(|row| row?).collect()
}

/// Mini-programs whose name or AppID contains a text, from an offset on, and how many there are in all.
pub(crate) fn search(
    connection: &Connection,
    text: &str,
    offset: u32,
    limit: u32,
) -> Stored<(Vec<Program>, u32)> {
    const FOUND: &str = "FROM mini_programs WHERE instr(name, ?1) > 0 OR instr(app_id, ?1) > 0";
    let count = connection.query_row(&format!("SELECT count(*) {FOUND}"), [text], |row| row.get(0))?;
    let mut statement = connection
        .prepare_cached(&format!("SELECT {COLUMNS} {FOUND} ORDER BY position LIMIT ?2 OFFSET ?3"))?;
    let rows = statement.query_map((text, limit, offset), |row| Ok(program(row)))?;
    Ok((rows.map(|row| row?).collect::<Stored<_>>()?, count))
}

/// One mini-program.
pub(crate) fn find(connection: &Connection, app_id: &str) -> Stored<Option<Program>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM mini_programs WHERE app_id = ?1"))?
        .query_row([app_id], |row| Ok(program(row)))
        .optional()?
        .transpose()
}

/// The hash of an e-mail address, with the salt of this database.
pub(crate) fn email_hash(connection: &Connection, email: &str) -> Stored<String> {
    let salt: i64 =
        connection.query_row("SELECT value FROM platform WHERE name = 'email_salt'", [], |row| row.get(0))?;
    Ok(ids::digest_hex(&format!("{salt} {}", email.to_lowercase())))
}

/// The mini-program that signs in with an e-mail address.
pub(crate) fn find_by_email(connection: &Connection, email: &str) -> Stored<Option<Program>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM mini_programs WHERE login_email_hash = ?1"))?
        .query_row([email_hash(connection, email)?], |row| Ok(program(row)))
        .optional()?
        .transpose()
}

/// Adds a mini-program at a position.
pub(crate) fn add(connection: &Connection, position: i64, program: &Program) -> Stored<()> {
    connection.execute(
        "INSERT INTO mini_programs (app_id, position, name, shop, subject, category, created_at, kind)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            &program.app_id,
            position,
            &program.name,
            &program.shop,
            word(program.subject),
            word(program.category),
            program.created_at.timestamp(),
            word(program.kind),
        ),
    )?;
    Ok(())
}

/// Changes what the platform allows, and what the privacy guideline declares.
pub(crate) fn set_condition(
    connection: &Connection,
    app_id: &str,
    standing: Standing,
    privacy_declared: bool,
) -> Stored<()> {
    connection.execute(
        "UPDATE mini_programs SET standing = ?2, privacy_declared = ?3 WHERE app_id = ?1",
        (app_id, standing, privacy_declared),
    )?;
    Ok(())
}

/// The e-mail address belongs to another account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EmailTaken;

/// Sets how one signs in to the console.
pub(crate) fn set_login(
    connection: &Connection,
    app_id: &str,
    email: &str,
    password_hash: &str,
) -> Stored<Result<(), EmailTaken>> {
    let done = connection.execute(
        "UPDATE mini_programs SET login_email_hash = ?2, password_hash = ?3 WHERE app_id = ?1",
        (app_id, email_hash(connection, email)?, password_hash),
    );
    match done {
        Ok(_) => Ok(Ok(())),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            Ok(Err(EmailTaken))
        }
        Err(error) => Err(error.into()),
    }
}

/// Replaces the AppSecret. The one before stops working at once **W**.
pub(crate) fn set_secret(
    connection: &Connection,
    app_id: &str,
    secret_hash: &str,
    now: DateTime<Utc>,
) -> Stored<()> {
    connection.execute(
        "UPDATE mini_programs SET secret_hash = ?2, secret_set_at = ?3 WHERE app_id = ?1",
        (app_id, secret_hash, now.timestamp()),
    )?;
    Ok(())
}
