//! The member-card platform's own records: shops, their cards, and the acquisition mode.

use super::columns::{count, instant};
use super::error::Stored;
use crate::ids;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension};

words! {
    /// 手机号码获取方式 **S3**.
    Mode {
        /// 授权获取
        Authorized = "authorized",
        /// 会员手动输入
        Manual = "manual",
    }
}

impl Mode {
    pub(crate) const ALL: [Self; 2] = [Self::Authorized, Self::Manual];

    /// WeChat charges what is obtained so; in all other modes the component is not shown.
    pub(crate) const fn is_charged(self) -> bool {
        matches!(self, Self::Authorized)
    }

    /// As the back office calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Authorized => "授权获取",
            Self::Manual => "会员手动输入",
        }
    }

    /// What the back office says of it.
    pub(crate) const fn about(self) -> &'static str {
        match self {
            Self::Authorized => "微信验证过的号码，每次授权由微信收费",
            Self::Manual => "不收费，但不能保证号码真实有效",
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
    pub(crate) key_hash: Option<String>,
}

impl Shop {
    pub(crate) const fn cards_remaining(&self) -> u64 {
        self.card_quota.saturating_sub(self.cards_issued)
    }
}

const SELECT: &str = "SELECT s.app_id, p.shop, s.mode, s.mode_changed_at, s.card_quota, s.cards_issued,
    s.sms_balance, s.key_hash
    FROM shops s JOIN mini_programs p USING (app_id)";

fn one(connection: &Connection, condition: &str, value: &str) -> Stored<Option<Shop>> {
    connection
        .prepare_cached(&format!("{SELECT} WHERE {condition} = ?1"))?
        .query_row([value], |row| Ok(shop(row)))
        .optional()?
        .transpose()
}

fn shop(row: &rusqlite::Row<'_>) -> Stored<Shop> {
    Ok(Shop {
        app_id: row.get(0)?,
        name: row.get(1)?,
        mode: row.get(2)?,
        mode_changed_at: instant(row.get(3)?)?,
        card_quota: count(row.get(4)?)?,
        cards_issued: count(row.get(5)?)?,
        sms_balance: count(row.get(6)?)?,
        key_hash: row.get(7)?,
    })
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
    cards_issued: u32,
    sms_balance: u32,
    since: DateTime<Utc>,
) -> Stored<()> {
    connection.execute(
        "INSERT INTO shops (app_id, mode, mode_changed_at, card_quota, cards_issued, sms_balance)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (app_id, Mode::Authorized, since.timestamp(), card_quota, cards_issued, sms_balance),
    )?;
    Ok(())
}

/// Takes one card out of the quota.
pub(crate) fn count_card(connection: &Connection, app_id: &str) -> Stored<()> {
    connection
        .prepare_cached("UPDATE shops SET cards_issued = cards_issued + 1 WHERE app_id = ?1")?
        .execute([app_id])?;
    Ok(())
}

/// What a shop can buy from its member-card platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Refill {
    Cards,
    Sms,
}

/// 充: adds cards or text messages.
pub(crate) fn refill(connection: &Connection, app_id: &str, what: Refill, amount: u32) -> Stored<()> {
    let statement = match what {
        Refill::Cards => "UPDATE shops SET card_quota = card_quota + ?2 WHERE app_id = ?1",
        Refill::Sms => "UPDATE shops SET sms_balance = sms_balance + ?2 WHERE app_id = ?1",
    };
    connection.execute(statement, (app_id, amount))?;
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
    let found = connection.query_row(
        "SELECT mode, answer FROM mode_changes WHERE app_id = ?1 AND request_id = ?2",
        (app_id, request_id),
        |row| Ok(EarlierChange { mode: row.get(0)?, answer: row.get(1)? }),
    );
    Ok(found.optional()?)
}

/// Sets the mode. It holds from the next tap of a customer on.
pub(crate) fn set_mode(connection: &Connection, shop: &Shop, mode: Mode, now: DateTime<Utc>) -> Stored<()> {
    if shop.mode != mode {
        connection.execute(
            "UPDATE shops SET mode = ?2, mode_changed_at = ?3 WHERE app_id = ?1",
            (&shop.app_id, mode, now.timestamp()),
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
        (app_id, request_id, now.timestamp(), mode, reason, answer),
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
    let rows =
        statement.query_map([app_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    rows.map(|row| {
        let (at, mode, reason, by_interface) = row?;
        Ok(ModeChange { at: instant(at)?, mode, reason, by_interface })
    })
    .collect()
}
