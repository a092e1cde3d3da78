//! What refused calls had asked, by the `rid` at the end of their message: stored for seven days **W**.

use super::columns::count;
use super::error::Stored;
use crate::redact;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;
use std::net::IpAddr;
use std::time::Duration;

/// How long a rid can be looked up **W**.
pub(crate) const RID_LIFE: TimeDelta = TimeDelta::days(7);

/// What a call had asked **W**.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Asked {
    invoke_time: i64,
    cost_in_ms: u64,
    request_url: String,
    request_body: String,
    response_body: String,
    client_ip: String,
}

/// A refused call, as it came.
#[derive(Debug)]
pub(crate) struct Refused<'a> {
    pub(crate) app_id: Option<&'a str>,
    pub(crate) cost: Duration,
    pub(crate) parameters: &'a str,
    pub(crate) body: &'a [u8],
    pub(crate) peer: IpAddr,
    pub(crate) response: &'a str,
}

/// Stores a refused call. Tokens and secrets in it are cut short, as on the platform's sample.
pub(crate) fn keep(
    connection: &Connection,
    rid: &str,
    refused: &Refused<'_>,
    now: DateTime<Utc>,
) -> Stored<()> {
    connection.prepare_cached("DELETE FROM rids WHERE at < ?1")?.execute([(now - RID_LIFE).timestamp()])?;
    let cost = i64::try_from(refused.cost.as_millis()).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "INSERT INTO rids (rid, app_id, at, cost_ms, request_url, request_body, response_body, client_ip)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(rusqlite::params![
            rid,
            refused.app_id,
            now.timestamp(),
            cost,
            redact::parameters(refused.parameters),
            redact::body(refused.body),
            refused.response,
            refused.peer.to_string(),
        ])?;
    Ok(())
}

/// A stored call and its account, if that became known.
pub(crate) fn find(connection: &Connection, rid: &str) -> Stored<Option<(Option<String>, Asked)>> {
    let found = connection
        .query_row(
            "SELECT app_id, at, cost_ms, request_url, request_body, response_body, client_ip FROM rids WHERE rid = ?1",
            [rid],
            |row| {
                let asked = Asked {
                    invoke_time: row.get(1)?,
                    cost_in_ms: 0,
                    request_url: row.get(3)?,
                    request_body: row.get(4)?,
                    response_body: row.get(5)?,
                    client_ip: row.get(6)?,
                };
                Ok((row.get(0)?, row.get::<_, i64>(2)?, asked))
            },
        )
        .optional()?;
    found.map(|(app_id, cost, asked)| Ok((app_id, Asked { cost_in_ms: count(cost)?, ..asked }))).transpose()
}
