//! Service providers and third-party platforms, and what mini-programs granted the latter.

use super::error::{Stored, invalid_row};
use crate::ids;
use rusqlite::{Connection, OptionalExtension};

/// A provider or a platform.
#[derive(Debug, Clone)]
pub(crate) struct Agent {
    pub(crate) app_id: String,
    pub(crate) name: String,
    /// As stored: `provider` or `platform`.
    pub(crate) kind: String,
}

/// Every agent, in the order of their AppIDs.
pub(crate) fn all(connection: &Connection) -> Stored<Vec<Agent>> {
    let mut statement = connection.prepare("SELECT app_id, name, kind FROM agents ORDER BY app_id")?;
    let rows = statement
        .query_map([], |row| Ok(Agent { app_id: row.get(0)?, name: row.get(1)?, kind: row.get(2)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Replaces the AppSecret.
pub(crate) fn set_secret(connection: &Connection, app_id: &str, secret: &str) -> Stored<()> {
    connection
        .execute("UPDATE agents SET secret_hash = ?2 WHERE app_id = ?1", (app_id, ids::digest_hex(secret)))?;
    Ok(())
}

/// Replaces a platform's `component_verify_ticket`.
pub(crate) fn set_ticket(connection: &Connection, app_id: &str, ticket: &str) -> Stored<()> {
    connection
        .execute("UPDATE agents SET ticket_hash = ?2 WHERE app_id = ?1", (app_id, ids::digest_hex(ticket)))?;
    Ok(())
}

/// Whether this is the platform's ticket.
pub(crate) fn ticket_matches(connection: &Connection, app_id: &str, ticket: &str) -> Stored<bool> {
    let stored: Option<Option<String>> = connection
        .query_row("SELECT ticket_hash FROM agents WHERE app_id = ?1", [app_id], |row| row.get(0))
        .optional()?;
    Ok(stored.flatten().is_some_and(|stored| ids::matches(ticket, &stored)))
}

/// What a mini-program granted a third-party platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authorisation {
    pub(crate) permission_sets: Vec<u32>,
    refresh_token_hash: String,
}

impl Authorisation {
    pub(crate) fn is_refreshed_by(&self, refresh_token: &str) -> bool {
        ids::matches(refresh_token, &self.refresh_token_hash)
    }
}

/// Grants permission sets, with a new refresh token; earlier ones of this pair are void.
pub(crate) fn authorise(
    connection: &Connection,
    agent: &str,
    app_id: &str,
    permission_sets: &[u32],
    refresh_token: &str,
) -> Stored<()> {
    let sets = serde_json::to_string(permission_sets).map_err(invalid_row)?;
    connection.execute(
        "INSERT OR REPLACE INTO authorisations (agent, app_id, permission_sets, refresh_token_hash)
         VALUES (?1, ?2, ?3, ?4)",
        (agent, app_id, sets, ids::digest_hex(refresh_token)),
    )?;
    Ok(())
}

/// Takes an authorisation back.
pub(crate) fn withdraw(connection: &Connection, agent: &str, app_id: &str) -> Stored<()> {
    connection.execute("DELETE FROM authorisations WHERE agent = ?1 AND app_id = ?2", (agent, app_id))?;
    Ok(())
}

/// What a mini-program granted an agent, if anything.
pub(crate) fn authorisation(
    connection: &Connection,
    agent: &str,
    app_id: &str,
) -> Stored<Option<Authorisation>> {
    let found: Option<(String, String)> = connection
        .prepare_cached(
            "SELECT permission_sets, refresh_token_hash FROM authorisations WHERE agent = ?1 AND app_id = ?2",
        )?
        .query_row((agent, app_id), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(sets, refresh_token_hash)| {
            let permission_sets = serde_json::from_str(&sets).map_err(invalid_row)?;
            Ok(Authorisation { permission_sets, refresh_token_hash })
        })
        .transpose()
}

/// Third-party platforms that a mini-program granted permission set 18.
pub(crate) fn authorised(connection: &Connection, app_id: &str) -> Stored<Vec<String>> {
    let mut statement = connection.prepare_cached(
        "SELECT agent FROM authorisations, json_each(permission_sets)
         WHERE app_id = ?1 AND json_each.value = 18 ORDER BY agent",
    )?;
    let rows = statement.query_map([app_id], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
