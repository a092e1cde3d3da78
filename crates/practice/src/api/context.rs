//! What a handler works on, and how it answers.

use super::error::Stop;
use crate::platform::Platform;
use crate::store::billing::Accounts;
use crate::store::error::invalid_row;
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use serde::Serialize;

/// A body, or why the handler stopped.
pub(super) type Reply = Result<String, Stop>;

/// What a handler works on, at one instant, in one transaction.
pub(super) struct Context<'a> {
    pub(super) platform: &'a Platform,
    pub(super) connection: &'a Connection,
    pub(super) accounts: &'a mut Accounts,
    pub(super) now: DateTime<Utc>,
    /// Whose call it is, as soon as that is known.
    pub(super) account: Option<String>,
}

/// A value as the platform writes it.
pub(super) fn written(value: &impl Serialize) -> Reply {
    serde_json::to_string(value).map_err(|error| Stop::Store(invalid_row(error)))
}

/// `{"errcode":0,"errmsg":"ok"}`
pub(super) fn done() -> String {
    "{\"errcode\":0,\"errmsg\":\"ok\"}".to_owned()
}
