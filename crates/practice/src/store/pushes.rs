//! Push addresses, queued events, and which alerts were sent.

use super::columns::instant;
use super::error::{Stored, invalid_row};
use crate::model::capability_text;
use crate::push::address::Address;
use crate::push::event::Fields;
use billing_core::Capability;
use billing_core::alert::Told;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};
use url::Url;

/// Sets where an account's events go.
pub(crate) fn set_address(connection: &Connection, app_id: &str, address: &Address) -> Stored<()> {
    connection.execute(
        "INSERT OR REPLACE INTO push_addresses (app_id, url, token, aes_key, mode, format)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (
            app_id,
            address.url.as_str(),
            &address.token,
            address.key.as_ref().map(|key| key.text().to_owned()),
            address.mode,
            address.format,
        ),
    )?;
    Ok(())
}

/// Takes it back.
pub(crate) fn clear_address(connection: &Connection, app_id: &str) -> Stored<()> {
    connection.execute("DELETE FROM push_addresses WHERE app_id = ?1", [app_id])?;
    connection.execute("DELETE FROM push_told WHERE app_id = ?1", [app_id])?;
    Ok(())
}

pub(crate) fn has_address(connection: &Connection, app_id: &str) -> Stored<bool> {
    let has = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM push_addresses WHERE app_id = ?1)")?
        .query_row([app_id], |row| row.get(0))?;
    Ok(has)
}

/// Where an account's events go.
pub(crate) fn url_of(connection: &Connection, app_id: &str) -> Stored<Option<Url>> {
    let url: Option<String> = connection
        .query_row("SELECT url FROM push_addresses WHERE app_id = ?1", [app_id], |row| row.get(0))
        .optional()?;
    url.map(|url| Url::parse(&url).map_err(invalid_row)).transpose()
}

fn names(connection: &Connection, select: &str) -> Stored<Vec<String>> {
    let mut statement = connection.prepare_cached(select)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Mini-programs whose events somebody gets.
pub(crate) fn watched_programs(connection: &Connection) -> Stored<Vec<String>> {
    names(
        connection,
        "SELECT app_id FROM mini_programs WHERE app_id IN (SELECT app_id FROM push_addresses)
           OR app_id IN (SELECT a.app_id FROM authorisations a JOIN push_addresses p ON p.app_id = a.agent)",
    )
}

/// Providers who get events.
pub(crate) fn watched_providers(connection: &Connection) -> Stored<Vec<String>> {
    names(connection, "SELECT app_id FROM agents JOIN push_addresses USING (app_id) WHERE kind = 'provider'")
}

/// Which alerts were sent for a product of an account.
pub(crate) fn alert_state(
    connection: &Connection,
    app_id: &str,
    capability: Capability,
) -> Stored<Option<Told>> {
    let found: Option<String> = connection
        .prepare_cached("SELECT told FROM push_told WHERE app_id = ?1 AND capability = ?2")?
        .query_row((app_id, capability_text(capability)), |row| row.get(0))
        .optional()?;
    found.map(|told| serde_json::from_str(&told).map_err(invalid_row)).transpose()
}

pub(crate) fn set_alert_state(
    connection: &Connection,
    app_id: &str,
    capability: Capability,
    told: &Told,
) -> Stored<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO push_told (app_id, capability, told) VALUES (?1, ?2, ?3)")?
        .execute((app_id, capability_text(capability), serde_json::to_string(told).map_err(invalid_row)?))?;
    Ok(())
}

words! {
    /// What became of an event.
    Outcome {
        /// Taken.
        Delivered = "delivered",
        /// No attempt was taken.
        Failed = "failed",
        /// Nobody listened any more.
        NoAddress = "no_address",
    }
}

/// An event that waits.
pub(crate) struct QueuedPush {
    pub(crate) seq: i64,
    pub(crate) app_id: String,
    pub(crate) event: Fields,
    pub(crate) address: Option<Address>,
}

/// Writes an event down, to be sent.
pub(crate) fn add(connection: &Connection, app_id: &str, event: &Fields, now: DateTime<Utc>) -> Stored<()> {
    connection.execute(
        "INSERT INTO pushes (app_id, at, event) VALUES (?1, ?2, ?3)",
        (app_id, now.timestamp(), serde_json::to_string(event).map_err(invalid_row)?),
    )?;
    Ok(())
}

/// Events that wait, oldest first.
pub(crate) fn waiting(connection: &Connection) -> Stored<Vec<QueuedPush>> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, p.app_id, event, url, token, aes_key, mode, format
         FROM pushes p LEFT JOIN push_addresses a USING (app_id) WHERE outcome IS NULL ORDER BY seq",
    )?;
    let rows = statement.query_map([], |row| Ok(parcel(row)))?;
    rows.map(|row| row?).collect()
}

fn parcel(row: &Row<'_>) -> Stored<QueuedPush> {
    let event: String = row.get(2)?;
    let address = match row.get::<_, Option<String>>(3)? {
        None => None,
        Some(url) => {
            let key: Option<String> = row.get(5)?;
            let (mode, format) = (row.get(6)?, row.get(7)?);
            Some(Address::new(&url, row.get(4)?, key.as_deref(), mode, format).map_err(invalid_row)?)
        }
    };
    Ok(QueuedPush {
        seq: row.get(0)?,
        app_id: row.get(1)?,
        event: serde_json::from_str(&event).map_err(invalid_row)?,
        address,
    })
}

/// Writes down what became of an event.
pub(crate) fn close(connection: &Connection, seq: i64, tries: u32, outcome: Outcome) -> Stored<()> {
    connection.execute("UPDATE pushes SET tries = ?2, outcome = ?3 WHERE seq = ?1", (seq, tries, outcome))?;
    Ok(())
}

/// An event as the administration shows it.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) app_id: String,
    pub(crate) at: DateTime<Utc>,
    pub(crate) event: Fields,
    pub(crate) tries: u32,
    pub(crate) outcome: Option<Outcome>,
}

/// The latest events, newest first.
pub(crate) fn latest(connection: &Connection, limit: u32) -> Stored<Vec<Shown>> {
    let mut statement = connection
        .prepare("SELECT app_id, at, event, tries, outcome FROM pushes ORDER BY seq DESC LIMIT ?1")?;
    let rows = statement.query_map([limit], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?, row.get(4)?))
    })?;
    rows.map(|row| {
        let (app_id, at, event, tries, outcome) = row?;
        let event = serde_json::from_str(&event).map_err(invalid_row)?;
        Ok(Shown { app_id, at: instant(at)?, event, tries, outcome })
    })
    .collect()
}
