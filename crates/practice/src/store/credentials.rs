//! What an account of any kind shows to get a token, and what may keep it out.

use super::columns::instant;
use super::error::{Stored, invalid_row};
use crate::assumed::whitelist_entry;
use crate::model::Kind;
use chrono::{DateTime, TimeDelta, Utc};
use ipnet::IpNet;
use rusqlite::{Connection, OptionalExtension};
use std::net::IpAddr;

/// An account, as far as it can ask for tokens.
#[derive(Debug, Clone)]
pub(crate) struct Credential {
    pub(crate) kind: Kind,
    pub(crate) secret_hash: Option<String>,
}

/// Looks an AppID up.
pub(crate) fn find(connection: &Connection, app_id: &str) -> Stored<Option<Credential>> {
    let found = connection
        .prepare_cached(
            "SELECT 'program', secret_hash FROM mini_programs WHERE app_id = ?1
             UNION ALL SELECT kind, secret_hash FROM agents WHERE app_id = ?1",
        )?
        .query_row([app_id], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(kind, secret_hash)| {
            let kind = match kind.as_str() {
                "program" => Kind::MiniProgram,
                "provider" => Kind::Provider,
                "platform" => Kind::Platform,
                other => return Err(invalid_row(other)),
            };
            Ok(Credential { kind, secret_hash })
        })
        .transpose()
}

words! {
    /// How WeChat restricts an account.
    Restriction {
        /// 50007 for tokens.
        Frozen = "frozen",
        /// 50004 for tokens.
        TokensForbidden = "tokens_forbidden",
    }
}

/// Freezing and unfreezing an AppSecret takes this long to work **W**.
pub(crate) const FREEZING_TAKES: TimeDelta = TimeDelta::minutes(10);

/// What may keep an account's calls out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Guard {
    /// Single addresses or networks; nothing: no whitelist is switched on.
    whitelist: Option<Vec<IpNet>>,
    secret_frozen: bool,
    frozen_set_at: DateTime<Utc>,
    pub(crate) restriction: Option<Restriction>,
}

impl Guard {
    /// Whether the whitelist lets an address in. It covers only calls that take the AppSecret **W**.
    pub(crate) fn lets_in(&self, peer: IpAddr) -> bool {
        self.whitelist.as_ref().is_none_or(|networks| networks.iter().any(|network| network.contains(&peer)))
    }

    pub(crate) fn is_secret_frozen(&self, now: DateTime<Utc>) -> bool {
        let in_force = now >= self.frozen_set_at + FREEZING_TAKES;
        self.secret_frozen == in_force
    }
}

/// The guard of an account.
pub(crate) fn guard(connection: &Connection, app_id: &str) -> Stored<Guard> {
    let found = connection
        .prepare_cached(
            "SELECT ip_whitelist, secret_frozen, frozen_set_at, restriction FROM guards WHERE app_id = ?1",
        )?
        .query_row([app_id], |row| {
            Ok((row.get::<_, Option<String>>(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((whitelist, secret_frozen, frozen_set_at, restriction)) = found else {
        return Ok(Guard::default());
    };
    let networks = |list: String| -> Stored<Vec<IpNet>> {
        list.split_whitespace()
            .map(|entry| whitelist_entry(entry).ok_or_else(|| invalid_row(entry)))
            .collect()
    };
    Ok(Guard {
        whitelist: whitelist.map(networks).transpose()?,
        secret_frozen,
        frozen_set_at: instant(frozen_set_at)?,
        restriction,
    })
}

/// Replaces a guard. A whitelist works at once; on the real platform after minutes **W**.
pub(crate) fn set_guard(
    connection: &Connection,
    app_id: &str,
    whitelist: Option<&[IpNet]>,
    secret_frozen: bool,
    restriction: Option<Restriction>,
    now: DateTime<Utc>,
) -> Stored<()> {
    let list =
        whitelist.map(|networks| networks.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
    connection.execute("INSERT OR IGNORE INTO guards (app_id) VALUES (?1)", [app_id])?;
    connection.execute(
        "UPDATE guards SET ip_whitelist = ?2, restriction = ?3, secret_frozen = ?4,
           frozen_set_at = CASE WHEN secret_frozen = ?4 THEN frozen_set_at ELSE ?5 END
         WHERE app_id = ?1",
        (app_id, list, restriction, secret_frozen, now.timestamp()),
    )?;
    Ok(())
}
