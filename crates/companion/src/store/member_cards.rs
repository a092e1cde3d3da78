//! The last reading of each account's member-card settings.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row};

use super::StoreError;
use super::columns::{At, Count, Word, cache_row, known_only};
use crate::api::AcquisitionMode;

pub(super) const MIGRATION: &str = "CREATE TABLE member_cards (
    account TEXT PRIMARY KEY,
    read_at INTEGER NOT NULL,
    mode TEXT NOT NULL,
    quota INTEGER NOT NULL,
    issued INTEGER NOT NULL,
    remaining INTEGER NOT NULL,
    sms_balance INTEGER NOT NULL,
    app_id TEXT NOT NULL,
    sighting TEXT NOT NULL
) STRICT;";

pub(super) const SHOPS: &str = "ALTER TABLE member_cards ADD COLUMN shop TEXT;";

/// The settings as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CardSettings {
    pub(crate) account: String,
    pub(crate) read_at: DateTime<Utc>,
    pub(crate) mode: AcquisitionMode,
    pub(crate) quota: u64,
    pub(crate) issued: u64,
    pub(crate) remaining: u64,
    pub(crate) sms_balance: u64,
    pub(crate) app_id: String,
    /// The shop's name on the platform.
    pub(crate) shop: Option<String>,
    /// Names this reading: the id of the change, if it shows one that was made elsewhere.
    pub(crate) sighting: String,
}

fn read(row: &Row<'_>) -> rusqlite::Result<CardSettings> {
    Ok(CardSettings {
        account: row.get("account")?,
        read_at: row.get::<_, At>("read_at")?.0,
        mode: row.get::<_, Word<_>>("mode")?.0,
        quota: row.get::<_, Count>("quota")?.0,
        issued: row.get::<_, Count>("issued")?.0,
        remaining: row.get::<_, Count>("remaining")?.0,
        sms_balance: row.get::<_, Count>("sms_balance")?.0,
        app_id: row.get("app_id")?,
        sighting: row.get("sighting")?,
        shop: row.get("shop")?,
    })
}

pub(crate) fn of(db: &Connection, account: &str) -> Result<Option<CardSettings>, StoreError> {
    Ok(cache_row(db.query_row("SELECT * FROM member_cards WHERE account = ?1", [account], read))?)
}

/// The settings of every account of which they were read.
pub(crate) fn all(db: &Connection) -> Result<HashMap<String, CardSettings>, StoreError> {
    let mut query = db.prepare_cached("SELECT * FROM member_cards")?;
    let rows = query.query_map((), |row| Ok((row.get("account")?, cache_row(read(row))?)))?;
    known_only(rows)
}

pub(crate) fn save(db: &Connection, settings: &CardSettings) -> Result<(), StoreError> {
    db.execute(
        "INSERT OR REPLACE INTO member_cards
            (account, read_at, mode, quota, issued, remaining, sms_balance, app_id, sighting, shop)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        (
            &settings.account,
            At(settings.read_at),
            Word(settings.mode),
            Count(settings.quota),
            Count(settings.issued),
            Count(settings.remaining),
            Count(settings.sms_balance),
            &settings.app_id,
            &settings.sighting,
            &settings.shop,
        ),
    )?;
    Ok(())
}
