//! The platform's own numbers, by name.

use super::error::Stored;
use rusqlite::{Connection, OptionalExtension};

/// A named number of the platform as a whole.
pub(crate) fn number(connection: &Connection, name: &str) -> Stored<Option<i64>> {
    let value = connection
        .query_row("SELECT value FROM platform WHERE name = ?1", [name], |row| row.get(0))
        .optional()?;
    Ok(value)
}

/// Sets a named number.
pub(crate) fn set_number(connection: &Connection, name: &str, value: i64) -> Stored<()> {
    connection.execute(
        "INSERT INTO platform (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )?;
    Ok(())
}
