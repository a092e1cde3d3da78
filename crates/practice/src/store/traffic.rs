//! Which shops have customers who come by themselves.

use super::error::Stored;
use crate::model::Habits;
use chrono::{DateTime, Utc};
use rusqlite::Connection;

/// A shop with customers who come by themselves.
#[derive(Debug, Clone)]
pub(crate) struct Traffic {
    pub(crate) app_id: String,
    pub(crate) habits: Habits,
    /// Everybody who was due by then has come. Seconds since 1970.
    pub(crate) done_until: i64,
}

/// Every such shop.
pub(crate) fn all(connection: &Connection) -> Stored<Vec<Traffic>> {
    let mut statement = connection.prepare_cached(
        "SELECT app_id, per_hour, refuse_percent, repeat_percent, done_until FROM traffic ORDER BY app_id",
    )?;
    let rows = statement.query_map([], |row| {
        let habits =
            Habits { per_hour: row.get(1)?, refuse_percent: row.get(2)?, repeat_percent: row.get(3)? };
        Ok(Traffic { app_id: row.get(0)?, habits, done_until: row.get(4)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Lets customers come from now on, otherwise, or no more.
pub(crate) fn set(
    connection: &Connection,
    app_id: &str,
    habits: Option<Habits>,
    now: DateTime<Utc>,
) -> Stored<()> {
    match habits {
        None => connection.execute("DELETE FROM traffic WHERE app_id = ?1", [app_id])?,
        Some(Habits { per_hour, refuse_percent, repeat_percent }) => connection.execute(
            "INSERT INTO traffic (app_id, per_hour, refuse_percent, repeat_percent, done_until)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (app_id) DO UPDATE SET per_hour = excluded.per_hour,
               refuse_percent = excluded.refuse_percent, repeat_percent = excluded.repeat_percent,
               done_until = excluded.done_until",
            (app_id, per_hour, refuse_percent, repeat_percent, now.timestamp()),
        )?,
    };
    Ok(())
}

/// Everybody who was due by then has come.
pub(crate) fn done(connection: &Connection, app_id: &str, until: i64) -> Stored<()> {
    connection
        .prepare_cached("UPDATE traffic SET done_until = max(done_until, ?2) WHERE app_id = ?1")?
        .execute((app_id, until))?;
    Ok(())
}
