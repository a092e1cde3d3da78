//! Where alerts go besides this computer, and the messages on their way there. Addresses and keys are in the keyring.
//!
//! A message is written down in the commit that raises its alerts. As long as it waits, further alerts join it, so that a
//! channel has one message to send at most. Before it is sent it is marked as on its way: one that a crash left so may have
//! arrived, and is not sent again.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};

use super::StoreError;
use super::columns::{At, Word, ledger_row};
use super::inbox::{self, Raised};
use crate::api::{ChannelKind, ErrorCode, MessageState};

pub(super) const MIGRATION: &str = "CREATE TABLE channels (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    host TEXT NOT NULL,
    is_on INTEGER NOT NULL,
    added_at INTEGER NOT NULL
) STRICT;
CREATE TABLE channel_messages (
    id TEXT PRIMARY KEY,
    channel TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    began_at INTEGER,
    not_before INTEGER,
    code TEXT,
    errcode INTEGER
) STRICT;
CREATE UNIQUE INDEX channel_messages_waiting ON channel_messages (channel) WHERE state = 'waiting';
CREATE INDEX channel_messages_by_time ON channel_messages (channel, began_at);
CREATE TABLE channel_message_alerts (
    message TEXT NOT NULL REFERENCES channel_messages (id) ON DELETE CASCADE,
    alert TEXT NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
    PRIMARY KEY (message, alert)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_message_alerts_by_alert ON channel_message_alerts (alert);";

/// A channel, without what is secret of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Channel {
    pub(crate) id: String,
    pub(crate) kind: ChannelKind,
    pub(crate) label: String,
    pub(crate) host: String,
    pub(crate) is_on: bool,
    pub(crate) added_at: DateTime<Utc>,
}

/// What became of a message, or holds it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: ErrorCode,
    /// What the receiver called it.
    pub(crate) errcode: Option<i64>,
}

/// A message of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) channel: String,
    pub(crate) state: MessageState,
    pub(crate) made_at: DateTime<Utc>,
    /// When it was sent last, or was to be.
    pub(crate) began_at: Option<DateTime<Utc>>,
    pub(crate) not_before: Option<DateTime<Utc>>,
    pub(crate) problem: Option<Problem>,
}

/// The ids of the alerts of a message.
const OF_MESSAGE: &str = "SELECT alert FROM channel_message_alerts WHERE message = ?1";

fn read(row: &Row<'_>) -> rusqlite::Result<Channel> {
    ledger_row(row, ("channels", "id"), |row| {
        Ok(Channel {
            id: row.get("id")?,
            kind: row.get::<_, Word<_>>("kind")?.0,
            label: row.get("label")?,
            host: row.get("host")?,
            is_on: row.get("is_on")?,
            added_at: row.get::<_, At>("added_at")?.0,
        })
    })
}

fn read_message(row: &Row<'_>) -> rusqlite::Result<Message> {
    ledger_row(row, ("channel_messages", "id"), |row| {
        let at = |column| row.get::<_, Option<At>>(column).map(|at| at.map(|at| at.0));
        let (code, errcode) = (row.get::<_, Option<Word<_>>>("code")?, row.get("errcode")?);
        Ok(Message {
            id: row.get("id")?,
            channel: row.get("channel")?,
            state: row.get::<_, Word<_>>("state")?.0,
            made_at: row.get::<_, At>("made_at")?.0,
            began_at: at("began_at")?,
            not_before: at("not_before")?,
            problem: code.map(|code| Problem { code: code.0, errcode }),
        })
    })
}

/// Every channel, in the order in which they were added.
pub(crate) fn all(db: &Connection) -> Result<Vec<Channel>, StoreError> {
    let mut query = db.prepare_cached("SELECT * FROM channels ORDER BY added_at, id")?;
    let rows = query.query_map((), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn find(db: &Connection, id: &str) -> Result<Option<Channel>, StoreError> {
    let mut query = db.prepare_cached("SELECT * FROM channels WHERE id = ?1")?;
    Ok(query.query_row([id], read).optional()?)
}

pub(crate) fn insert(db: &Connection, channel: &Channel) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO channels (id, kind, label, host, is_on, added_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (&channel.id, Word(channel.kind), &channel.label, &channel.host, channel.is_on, At(channel.added_at)),
    )?;
    Ok(())
}

/// Calls a channel something else, and says where it leads by now.
pub(crate) fn change(
    db: &Connection,
    id: &str,
    (kind, host): (ChannelKind, &str),
    label: &str,
) -> Result<(), StoreError> {
    let sql = "UPDATE channels SET kind = ?2, host = ?3, label = ?4 WHERE id = ?1";
    db.execute(sql, (id, Word(kind), host, label))?;
    Ok(())
}

/// Switches a channel on or off, and returns whether it is there. What waits for one that goes off is dropped.
pub(crate) fn switch(db: &Connection, id: &str, on: bool) -> Result<bool, StoreError> {
    if !on {
        drop_waiting(db, id)?;
    }
    Ok(db.execute("UPDATE channels SET is_on = ?2 WHERE id = ?1", (id, on))? > 0)
}

/// Removes a channel with all its messages.
pub(crate) fn delete(db: &Connection, id: &str) -> Result<(), StoreError> {
    db.execute("DELETE FROM channels WHERE id = ?1", [id])?;
    Ok(())
}

/// Drops what waits for a channel: it is in the inbox.
pub(crate) fn drop_waiting(db: &Connection, id: &str) -> Result<(), StoreError> {
    db.execute("DELETE FROM channel_messages WHERE channel = ?1 AND state = 'waiting'", [id])?;
    Ok(())
}

/// Adds alerts that were just raised to the message that waits for each channel that is on.
pub(crate) fn queue(
    db: &Connection,
    alerts: &[String],
    now: DateTime<Utc>,
    mut new_id: impl FnMut() -> String,
) -> Result<(), StoreError> {
    if alerts.is_empty() {
        return Ok(());
    }
    for channel in all(db)?.into_iter().filter(|channel| channel.is_on) {
        let message = if let Some(message) = waiting(db, &channel.id)? {
            message.id
        } else {
            let id = new_id();
            write(db, &id, &channel.id, (MessageState::Waiting, now), None)?;
            id
        };
        let mut insert =
            db.prepare_cached("INSERT INTO channel_message_alerts (message, alert) VALUES (?1, ?2)")?;
        for alert in alerts {
            insert.execute((&message, alert))?;
        }
    }
    Ok(())
}

fn write(
    db: &Connection,
    id: &str,
    channel: &str,
    (state, now): (MessageState, DateTime<Utc>),
    began_at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO channel_messages (id, channel, state, made_at, began_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        (id, channel, Word(state), At(now), began_at.map(At)),
    )?;
    Ok(())
}

/// The message that waits for a channel.
pub(crate) fn waiting(db: &Connection, channel: &str) -> Result<Option<Message>, StoreError> {
    let sql = "SELECT * FROM channel_messages WHERE channel = ?1 AND state = 'waiting'";
    Ok(db.prepare_cached(sql)?.query_row([channel], read_message).optional()?)
}

/// The channels for which a message waits.
pub(crate) fn with_waiting(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut query = db.prepare_cached("SELECT channel FROM channel_messages WHERE state = 'waiting'")?;
    let rows = query.query_map((), |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The alerts of a message, oldest first. Without those that a person has read meanwhile, and those of accounts that are
/// archived or on their way out.
pub(crate) fn alerts(db: &Connection, message: &str) -> Result<Vec<Raised>, StoreError> {
    inbox::unread_among(db, OF_MESSAGE, message)
}

/// Notes that a message is about to be sent; whether it still waited.
pub(crate) fn begin(db: &Connection, message: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let sql =
        "UPDATE channel_messages SET state = 'sending', began_at = ?2 WHERE id = ?1 AND state = 'waiting'";
    Ok(db.execute(sql, (message, At(now)))? > 0)
}

/// Notes that a message without alerts is about to be sent.
pub(crate) fn begin_test(
    db: &Connection,
    id: &str,
    channel: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    write(db, id, channel, (MessageState::Sending, now), Some(now))
}

/// Notes what became of a message. Its alerts are never sent to this channel again.
pub(crate) fn finish(
    db: &Connection,
    message: &str,
    state: MessageState,
    problem: Option<Problem>,
) -> Result<(), StoreError> {
    db.execute("DELETE FROM channel_message_alerts WHERE message = ?1", [message])?;
    db.execute(
        "UPDATE channel_messages SET state = ?2, code = ?3, errcode = ?4 WHERE id = ?1",
        (
            message,
            Word(state),
            problem.map(|problem| Word(problem.code)),
            problem.and_then(|problem| problem.errcode),
        ),
    )?;
    Ok(())
}

/// Lets a message wait (again) that was certainly not delivered. Alerts that were raised meanwhile wait in another one; they
/// join it.
pub(crate) fn hold(
    db: &Connection,
    message: &str,
    not_before: Option<DateTime<Utc>>,
    problem: Problem,
) -> Result<(), StoreError> {
    let later = "SELECT later.id FROM channel_messages later JOIN channel_messages held ON later.channel = held.channel
        WHERE held.id = ?1 AND later.id <> held.id AND later.state = 'waiting'";
    let later: Option<String> = db.query_row(later, [message], |row| row.get(0)).optional()?;
    if let Some(later) = later {
        let join = "UPDATE channel_message_alerts SET message = ?1 WHERE message = ?2";
        db.execute(join, (message, &later))?;
        db.execute("DELETE FROM channel_messages WHERE id = ?1", [later])?;
    }
    db.execute(
        "UPDATE channel_messages SET state = 'waiting', not_before = ?2, code = ?3, errcode = ?4 WHERE id = ?1",
        (message, not_before.map(At), Word(problem.code), problem.errcode),
    )?;
    Ok(())
}

pub(crate) fn forget(db: &Connection, message: &str) -> Result<(), StoreError> {
    db.execute("DELETE FROM channel_messages WHERE id = ?1", [message])?;
    Ok(())
}

/// Forgets messages that are done with and older than `before`.
pub(crate) fn forget_old(db: &Connection, before: DateTime<Utc>) -> Result<(), StoreError> {
    let sql = "DELETE FROM channel_messages WHERE state NOT IN ('waiting', 'sending') AND made_at < ?1";
    db.execute(sql, [At(before)])?;
    Ok(())
}

/// How many messages were sent to a channel since an instant, whatever became of them.
pub(crate) fn sent_since(db: &Connection, channel: &str, since: DateTime<Utc>) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) FROM channel_messages WHERE channel = ?1 AND began_at >= ?2";
    Ok(db.query_row(sql, (channel, At(since)), |row| row.get(0))?)
}

/// When a message was last sent to a channel, or was to be.
pub(crate) fn last_began(db: &Connection, channel: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
    let sql = "SELECT max(began_at) FROM channel_messages WHERE channel = ?1";
    Ok(db.query_row(sql, [channel], |row| row.get::<_, Option<At>>(0))?.map(|at| at.0))
}

/// The message that was sent last to each channel and does not wait, and the one that waits with the number of its alerts.
pub(crate) fn newest(db: &Connection) -> Result<Newest, StoreError> {
    let mut newest = Newest::default();
    let sql = "SELECT * FROM channel_messages ORDER BY coalesce(began_at, made_at), id";
    let mut query = db.prepare_cached(sql)?;
    for message in query.query_map((), read_message)? {
        let message = message?;
        if message.state == MessageState::Waiting {
            let count = inbox::count_unread_among(db, OF_MESSAGE, &message.id)?;
            newest.waiting.insert(message.channel.clone(), (message, count));
        } else {
            newest.done.insert(message.channel.clone(), message);
        }
    }
    Ok(newest)
}

/// The newest messages, by their channel.
#[derive(Debug, Default)]
pub(crate) struct Newest {
    pub(crate) done: HashMap<String, Message>,
    pub(crate) waiting: HashMap<String, (Message, u32)>,
}

/// Whether a message was on its way when the application ended.
pub(crate) fn is_any_interrupted(db: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM channel_messages WHERE state = 'sending')";
    Ok(db.query_row(sql, (), |row| row.get(0))?)
}

/// What was on its way when the application ended may have arrived.
pub(crate) fn mark_interrupted(db: &Connection) -> Result<(), StoreError> {
    let alerts = "DELETE FROM channel_message_alerts WHERE message IN
        (SELECT id FROM channel_messages WHERE state = 'sending')";
    db.execute(alerts, ())?;
    let sql = "UPDATE channel_messages SET state = 'unclear', code = ?1 WHERE state = 'sending'";
    db.execute(sql, [Word(ErrorCode::ChannelUnclear)])?;
    Ok(())
}

/// A restored ledger does not know what was sent since.
pub(super) fn drop_unsent(db: &Connection) -> Result<(), StoreError> {
    db.execute("DELETE FROM channel_messages WHERE state IN ('waiting', 'sending')", ())?;
    Ok(())
}
