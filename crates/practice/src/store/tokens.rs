//! Access tokens of both kinds. The kinds know nothing of each other **W**.

use super::columns::instant;
use super::error::{Stored, invalid_row};
use crate::assumed::AGENT_HAND_OVER;
use crate::ids;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension};

/// How long a token lives **W**.
pub(crate) const TOKEN_LIFE: TimeDelta = TimeDelta::seconds(7_200);
/// How long the previous token works after a new one was issued, and when a stable token is renewed **W**.
pub(crate) const HAND_OVER: TimeDelta = TimeDelta::minutes(5);
/// Forced refreshes a day **W**.
pub(crate) const FORCED_A_DAY: i64 = 20;
/// Time between two forced refreshes **W**.
pub(crate) const FORCED_APART: TimeDelta = TimeDelta::seconds(30);

#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) expires_at: DateTime<Utc>,
}

/// Whom a token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) app_id: String,
    /// The third-party platform it was given to, if it was.
    pub(crate) agent: Option<String>,
}

/// What a presented token is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Presented {
    /// Good.
    Valid(Held),
    /// Once good, but over.
    Expired(Held),
    /// Replaced by a newer one.
    Superseded(Held),
    /// Never issued, or forgotten.
    Unknown,
}

/// Looks a token up.
pub(crate) fn present(connection: &Connection, text: &str, now: DateTime<Utc>) -> Stored<Presented> {
    let found = connection
        .prepare_cached("SELECT app_id, agent, expires_at, superseded FROM tokens WHERE token = ?1")?
        .query_row([text], |row| {
            let held = Held { app_id: row.get(0)?, agent: row.get(1)? };
            Ok((held, row.get::<_, i64>(2)?, row.get::<_, bool>(3)?))
        })
        .optional()?;
    Ok(match found {
        Some((held, expires_at, _)) if now.timestamp() < expires_at => Presented::Valid(held),
        Some((held, _, true)) => Presented::Superseded(held),
        Some((held, _, false)) => Presented::Expired(held),
        None => Presented::Unknown,
    })
}

/// Whose tokens of which kind: they replace each other.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    app_id: &'a str,
    kind: &'static str,
    agent: Option<&'a str>,
}

impl<'a> Line<'a> {
    const fn of(app_id: &'a str, kind: &'static str) -> Self {
        Self { app_id, kind, agent: None }
    }
}

fn issue(connection: &Connection, line: Line<'_>, now: DateTime<Utc>) -> Stored<Token> {
    // No question is about tokens that ended two days ago.
    let forgotten = (now - TimeDelta::days(2)).timestamp();
    connection.execute("DELETE FROM tokens WHERE expires_at < ?1", [forgotten])?;
    let token = Token { text: ids::access_token(), expires_at: now + TOKEN_LIFE };
    let Line { app_id, kind, agent } = line;
    connection.execute(
        "INSERT INTO tokens (token, app_id, kind, agent, issued_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (&token.text, app_id, kind, agent, now.timestamp(), token.expires_at.timestamp()),
    )?;
    Ok(token)
}

fn supersede(connection: &Connection, line: Line<'_>, until: DateTime<Utc>) -> Stored<()> {
    connection.execute(
        "UPDATE tokens SET superseded = 1, expires_at = min(expires_at, ?4)
         WHERE app_id = ?1 AND kind = ?2 AND agent IS ?3",
        (line.app_id, line.kind, line.agent, until.timestamp()),
    )?;
    Ok(())
}

/// A new token; the one before works on for a while.
fn replace(
    connection: &Connection,
    line: Line<'_>,
    hand_over: TimeDelta,
    now: DateTime<Utc>,
) -> Stored<Token> {
    supersede(connection, line, now + hand_over)?;
    issue(connection, line, now)
}

/// A third-party platform's own token.
pub(crate) fn issue_platform(connection: &Connection, app_id: &str, now: DateTime<Utc>) -> Stored<Token> {
    replace(connection, Line::of(app_id, "platform"), AGENT_HAND_OVER, now)
}

/// A mini-program's token in the hands of a third-party platform.
pub(crate) fn issue_authorised(
    connection: &Connection,
    app_id: &str,
    agent: &str,
    now: DateTime<Utc>,
) -> Stored<Token> {
    let line = Line { agent: Some(agent), ..Line::of(app_id, "authorised") };
    replace(connection, line, AGENT_HAND_OVER, now)
}

/// `/cgi-bin/token`: every call makes a new one; the one before works for five more minutes **W**.
pub(crate) fn issue_plain(connection: &Connection, app_id: &str, now: DateTime<Utc>) -> Stored<Token> {
    replace(connection, Line::of(app_id, "plain"), HAND_OVER, now)
}

/// `/cgi-bin/stable_token` in normal mode: the same one while it is good; a new one in its last five minutes, during
/// which both work **W**.
pub(crate) fn stable(connection: &Connection, app_id: &str, now: DateTime<Utc>) -> Stored<Token> {
    let current = connection
        .query_row(
            "SELECT token, expires_at FROM tokens
             WHERE app_id = ?1 AND kind = 'stable' AND superseded = 0 AND expires_at > ?2
             ORDER BY expires_at DESC LIMIT 1",
            (app_id, (now + HAND_OVER).timestamp()),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    match current {
        Some((text, expires_at)) => Ok(Token { text, expires_at: instant(expires_at)? }),
        None => issue(connection, Line::of(app_id, "stable"), now),
    }
}

/// More than twenty forced refreshes in one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooManyForced;

/// `/cgi-bin/stable_token` with `force_refresh`: the one before ends at once; within 30 s of the last force nothing is
/// refreshed **W**.
pub(crate) fn force(
    connection: &Connection,
    app_id: &str,
    now: DateTime<Utc>,
) -> Stored<Result<Token, TooManyForced>> {
    use billing_core::time::{beijing_day, beijing_midnight};
    let midnight = beijing_midnight(beijing_day(now)).ok_or_else(|| invalid_row("the calendar ends"))?;
    connection.execute("DELETE FROM forced_refreshes WHERE at < ?1", [midnight.timestamp() - 60])?;
    let (today, last): (i64, Option<i64>) = connection.query_row(
        "SELECT count(*) FILTER (WHERE at >= ?2), max(at) FROM forced_refreshes WHERE app_id = ?1",
        (app_id, midnight.timestamp()),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if last.is_some_and(|last| now.timestamp() - last < FORCED_APART.num_seconds()) {
        return stable(connection, app_id, now).map(Ok);
    }
    if today >= FORCED_A_DAY {
        return Ok(Err(TooManyForced));
    }
    connection
        .execute("INSERT INTO forced_refreshes (app_id, at) VALUES (?1, ?2)", (app_id, now.timestamp()))?;
    supersede(connection, Line::of(app_id, "stable"), now)?;
    issue(connection, Line::of(app_id, "stable"), now).map(Ok)
}
