//! The member-card platform's own records: shops, acquisition mode, cards and sign-ups.

use super::{Stored, count, instant, nonsense};
use crate::ids;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension};

/// 手机号码获取方式 **S3**.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mode {
    /// 授权获取
    Authorized,
    /// 会员手动输入
    Manual,
}

impl Mode {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Authorized => "authorized",
            Self::Manual => "manual",
        }
    }

    fn from(text: &str) -> Stored<Self> {
        match text {
            "authorized" => Ok(Self::Authorized),
            "manual" => Ok(Self::Manual),
            other => Err(nonsense(other)),
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Shop {
    pub(crate) app_id: String,
    pub(crate) name: String,
    pub(crate) mode: Mode,
    pub(crate) mode_changed_at: DateTime<Utc>,
    pub(crate) card_quota: u64,
    pub(crate) cards_issued: u64,
    pub(crate) sms_balance: u64,
    pub(crate) has_key: bool,
}

impl Shop {
    pub(crate) const fn cards_remaining(&self) -> u64 {
        self.card_quota.saturating_sub(self.cards_issued)
    }
}

const SELECT: &str = "SELECT s.app_id, p.shop, s.mode, s.mode_changed_at, s.card_quota,
    s.cards_before + (SELECT count(*) FROM sign_ups u WHERE u.app_id = s.app_id AND u.card_number IS NOT NULL),
    s.sms_balance, s.key_hash IS NOT NULL
    FROM shops s JOIN mini_programs p USING (app_id)";

fn one(connection: &Connection, condition: &str, value: &str) -> Stored<Option<Shop>> {
    connection
        .prepare_cached(&format!("{SELECT} WHERE {condition} = ?1"))?
        .query_row([value], |row| {
            Ok((
                (row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?),
                (row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?),
            ))
        })
        .optional()?
        .map(|((app_id, name, mode, mode_changed_at), (card_quota, cards_issued, sms_balance, has_key))| {
            Ok(Shop {
                app_id,
                name,
                mode: Mode::from(&mode)?,
                mode_changed_at: instant(mode_changed_at)?,
                card_quota: count(card_quota)?,
                cards_issued: count(cards_issued)?,
                sms_balance: count(sms_balance)?,
                has_key,
            })
        })
        .transpose()
}

/// The shop of a mini-program.
pub(crate) fn find(connection: &Connection, app_id: &str) -> Stored<Option<Shop>> {
    one(connection, "s.app_id", app_id)
}

/// The shop that an access key opens.
pub(crate) fn find_by_key(connection: &Connection, key: &str) -> Stored<Option<Shop>> {
    one(connection, "s.key_hash", &ids::digest_hex(key))
}

/// Adds a shop.
pub(crate) fn add(
    connection: &Connection,
    app_id: &str,
    card_quota: u32,
    cards_before: u32,
    sms_balance: u32,
    since: DateTime<Utc>,
) -> Stored<()> {
    connection.execute(
        "INSERT INTO shops (app_id, mode, mode_changed_at, card_quota, cards_before, sms_balance)
         VALUES (?1, 'authorized', ?2, ?3, ?4, ?5)",
        (app_id, since.timestamp(), card_quota, cards_before, sms_balance),
    )?;
    Ok(())
}

/// Replaces the access key. The one before stops working at once.
pub(crate) fn set_key(connection: &Connection, app_id: &str, key: &str) -> Stored<()> {
    connection.execute("UPDATE shops SET key_hash = ?2 WHERE app_id = ?1", (app_id, ids::digest_hex(key)))?;
    Ok(())
}

/// What an earlier change with the same request id was, and the answer it got.
#[derive(Debug, Clone)]
pub(crate) struct EarlierChange {
    pub(crate) mode: Mode,
    pub(crate) answer: String,
}

/// Looks a request id up.
pub(crate) fn earlier_change(
    connection: &Connection,
    app_id: &str,
    request_id: &str,
) -> Stored<Option<EarlierChange>> {
    let found: Option<(String, String)> = connection
        .query_row(
            "SELECT mode, answer FROM mode_changes WHERE app_id = ?1 AND request_id = ?2",
            (app_id, request_id),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    found.map(|(mode, answer)| Ok(EarlierChange { mode: Mode::from(&mode)?, answer })).transpose()
}

/// Sets the mode. It holds from the next tap of a customer on.
pub(crate) fn set_mode(connection: &Connection, shop: &Shop, mode: Mode, now: DateTime<Utc>) -> Stored<()> {
    if shop.mode != mode {
        connection.execute(
            "UPDATE shops SET mode = ?2, mode_changed_at = ?3 WHERE app_id = ?1",
            (&shop.app_id, mode.text(), now.timestamp()),
        )?;
    }
    Ok(())
}

/// Writes a change down; by interface with the request id and the answer it got, by page without.
pub(crate) fn log_mode(
    connection: &Connection,
    app_id: &str,
    mode: Mode,
    reason: &str,
    request: Option<(&str, &str)>,
    now: DateTime<Utc>,
) -> Stored<()> {
    let (request_id, answer) = request.unzip();
    connection.execute(
        "INSERT INTO mode_changes (app_id, request_id, at, mode, reason, answer) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (app_id, request_id, now.timestamp(), mode.text(), reason, answer),
    )?;
    Ok(())
}

/// A line of the history of the mode.
#[derive(Debug, Clone)]
pub(crate) struct ModeChange {
    pub(crate) at: DateTime<Utc>,
    pub(crate) mode: Mode,
    pub(crate) reason: String,
    pub(crate) by_interface: bool,
}

/// The latest changes, newest first.
pub(crate) fn mode_changes(connection: &Connection, app_id: &str) -> Stored<Vec<ModeChange>> {
    let mut statement = connection.prepare(
        "SELECT at, mode, reason, request_id IS NOT NULL FROM mode_changes WHERE app_id = ?1 ORDER BY seq DESC LIMIT 20",
    )?;
    let rows = statement
        .query_map([app_id], |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get(3)?)))?;
    rows.map(|row| {
        let (at, mode, reason, by_interface) = row?;
        Ok(ModeChange { at: instant(at)?, mode: Mode::from(&mode)?, reason, by_interface })
    })
    .collect()
}

/// One customer who signed up, or tried to after being charged.
#[derive(Debug, Clone)]
pub(crate) struct SignUp {
    pub(crate) at: DateTime<Utc>,
    pub(crate) customer: u32,
    pub(crate) way: Mode,
    /// Nothing when the code was never exchanged.
    pub(crate) phone: Option<String>,
    /// Nothing when no new card was issued.
    pub(crate) card_number: Option<String>,
}

/// Writes a sign-up down.
pub(crate) fn add_sign_up(
    connection: &Connection,
    app_id: &str,
    sign_up: &SignUp,
    event_id: Option<&str>,
) -> Stored<()> {
    connection
        .prepare_cached(
            "INSERT INTO sign_ups (app_id, at, customer, way, phone, card_number, event_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((
            app_id,
            sign_up.at.timestamp(),
            sign_up.customer,
            sign_up.way.text(),
            &sign_up.phone,
            &sign_up.card_number,
            event_id,
        ))?;
    Ok(())
}

/// The card that a number already has.
pub(crate) fn card_of(connection: &Connection, app_id: &str, phone: &str) -> Stored<Option<String>> {
    let card = connection
        .prepare_cached(
            "SELECT card_number FROM sign_ups WHERE app_id = ?1 AND phone = ?2 AND card_number IS NOT NULL LIMIT 1",
        )?
        .query_row((app_id, phone), |row| row.get(0))
        .optional()?;
    Ok(card)
}

/// The number after the last customer's.
pub(crate) fn next_customer(connection: &Connection, app_id: &str) -> Stored<u32> {
    let last: u32 = connection.query_row(
        "SELECT coalesce(max(customer), 0) FROM sign_ups WHERE app_id = ?1",
        [app_id],
        |row| row.get(0),
    )?;
    Ok(last.saturating_add(1))
}

/// The latest sign-ups, newest first.
pub(crate) fn sign_ups(connection: &Connection, app_id: &str, limit: u32) -> Stored<Vec<SignUp>> {
    let mut statement = connection.prepare(
        "SELECT at, customer, way, phone, card_number FROM sign_ups WHERE app_id = ?1 ORDER BY seq DESC LIMIT ?2",
    )?;
    let rows = statement.query_map((app_id, limit), |row| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?, row.get(4)?))
    })?;
    rows.map(|row| {
        let (at, customer, way, phone, card_number) = row?;
        Ok(SignUp { at: instant(at)?, customer, way: Mode::from(&way)?, phone, card_number })
    })
    .collect()
}
