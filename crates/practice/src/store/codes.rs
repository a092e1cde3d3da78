//! Dynamic codes: five minutes, one use **W**.

use super::columns::instant;
use super::error::Stored;
use crate::ids;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension};

/// How long a code can be exchanged **W**.
pub(crate) const CODE_LIFE: TimeDelta = TimeDelta::minutes(5);

/// What a code stands for.
#[derive(Debug, Clone)]
pub(crate) struct Verified {
    pub(crate) phone: String,
    /// When the customer acted.
    pub(crate) at: DateTime<Utc>,
}

/// Why a code is worth nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadCode {
    /// Unknown, too old, or used before: 40029 **W**.
    Invalid,
    /// Of another mini-program: 40013 **W**.
    OtherProgram,
    /// Of another customer than the `openid` says.
    OtherCustomer,
}

/// Hands out a code for a customer who agreed.
pub(crate) fn issue(
    connection: &Connection,
    app_id: &str,
    openid: &str,
    phone: &str,
    now: DateTime<Utc>,
) -> Stored<String> {
    let code = ids::phone_code();
    connection
        .prepare_cached(
            "INSERT INTO phone_codes (code_hash, app_id, openid, phone, issued_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((ids::digest_hex(&code), app_id, openid, phone, now.timestamp()))?;
    Ok(code)
}

/// Exchanges a code for the number, once.
pub(crate) fn exchange(
    connection: &Connection,
    app_id: &str,
    code: &str,
    openid: Option<&str>,
    now: DateTime<Utc>,
) -> Stored<Result<Verified, BadCode>> {
    let hash = ids::digest_hex(code);
    let found = connection
        .prepare_cached(
            "SELECT app_id, openid, phone, issued_at, exchanged_at FROM phone_codes WHERE code_hash = ?1",
        )?
        .query_row([&hash], |row| {
            let phone: String = row.get(2)?;
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                phone,
                row.get(3)?,
                row.get::<_, Option<i64>>(4)?,
            ))
        })
        .optional()?;
    let Some((owner, customer, phone, issued_at, exchanged_at)) = found else {
        return Ok(Err(BadCode::Invalid));
    };
    let at = instant(issued_at)?;
    if owner != app_id {
        return Ok(Err(BadCode::OtherProgram));
    }
    if exchanged_at.is_some() || now >= at + CODE_LIFE {
        return Ok(Err(BadCode::Invalid));
    }
    if openid.is_some_and(|openid| openid != customer) {
        return Ok(Err(BadCode::OtherCustomer));
    }
    connection
        .prepare_cached("UPDATE phone_codes SET exchanged_at = ?2 WHERE code_hash = ?1")?
        .execute((&hash, now.timestamp()))?;
    Ok(Ok(Verified { phone, at }))
}
