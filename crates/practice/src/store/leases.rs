//! Leases of the guard: which of a shop's computers may switch the mode without a person.

use super::columns::instant;
use super::error::Stored;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension};

/// A lease that was given out, possibly over by now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lease {
    pub(crate) holder: String,
    /// What the shop calls the computer.
    pub(crate) label: String,
    pub(crate) until: DateTime<Utc>,
}

/// The lease in force at an instant.
pub(crate) fn in_force(connection: &Connection, app_id: &str, now: DateTime<Utc>) -> Stored<Option<Lease>> {
    let found = connection
        .prepare_cached("SELECT holder, label, until FROM guard_leases WHERE app_id = ?1")?
        .query_row([app_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((holder, label, until)) = found else { return Ok(None) };
    let lease = Lease { holder, label, until: instant(until)? };
    Ok(Some(lease).filter(|lease| now < lease.until))
}

/// Gives a lease out in the place of any other.
pub(crate) fn give(connection: &Connection, app_id: &str, lease: &Lease) -> Stored<()> {
    connection.execute(
        "INSERT OR REPLACE INTO guard_leases (app_id, holder, label, until) VALUES (?1, ?2, ?3, ?4)",
        (app_id, &lease.holder, &lease.label, lease.until.timestamp()),
    )?;
    Ok(())
}
