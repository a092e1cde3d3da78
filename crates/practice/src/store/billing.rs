//! What happened to accounts, and the accounts replayed from it.

use super::columns::{capability_from, count, instant};
use super::error::{Stored, invalid_row};
use super::{programs, pushes};
use crate::ids;
use crate::model::{CAPABILITIES, capability_text};
use crate::push::event::Fields;
use billing_core::account::{Action, Decision, Event};
use billing_core::{
    Account, AccountTerms, Calls, Capability, Days, EventId, FreeRule, LotId, Tariff, Withdrawal, Yuan,
};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;
use std::collections::HashMap;

/// Every account × capability.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    by_program: HashMap<(String, Capability), Account>,
    /// When something next happens by time alone.
    next_due: Option<DateTime<Utc>>,
    /// Events were queued since the courier last looked.
    announced: bool,
    /// What was recorded since this was last asked, in order.
    changed: Vec<Change>,
}

/// An account that something was recorded for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) app_id: String,
    pub(crate) capability: Capability,
    pub(crate) at: DateTime<Utc>,
}

impl Accounts {
    /// Opens every account and applies its history.
    pub(crate) fn replay(connection: &Connection) -> Stored<Self> {
        let mut accounts = Self::default();
        for program in programs::all(connection)? {
            for capability in CAPABILITIES {
                let Some(tariff) = Tariff::embedded().capability(program.kind, capability) else {
                    continue;
                };
                let terms = AccountTerms {
                    free: FreeRule::first_that_holds(program.subject, program.category).is_some(),
                    charging_starts: tariff.charging_starts(),
                    trial: tariff.trial.value,
                };
                accounts.by_program.insert((program.app_id.clone(), capability), Account::open(terms));
            }
        }
        let mut statement = connection.prepare(
            "SELECT app_id, capability, id, at, kind, calls, days, price, lot,
               (SELECT kind FROM billing_events g WHERE g.id = e.lot) IS 'allocate'
             FROM billing_events e ORDER BY seq",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let capability = capability_from(row.get_ref(1)?.as_str().map_err(invalid_row)?)?;
            let account = accounts.get_mut(&row.get::<_, String>(0)?, capability)?;
            if row.get(9)? {
                let lot = EventId::new(row.get::<_, String>(8)?).map_err(invalid_row)?;
                account.withdraw(&LotId::from(&lot), instant(row.get(3)?)?)?;
            } else {
                account.apply(&event_from(row)?)?;
            }
        }
        // The first look at the clock works out what is really next.
        accounts.next_due = Some(DateTime::UNIX_EPOCH);
        accounts.announced = true;
        Ok(accounts)
    }

    /// When something next happens by time alone.
    pub(crate) const fn next_due(&self) -> Option<DateTime<Utc>> {
        self.next_due
    }

    pub(crate) const fn set_next_due(&mut self, due: Option<DateTime<Utc>>) {
        self.next_due = due;
    }

    /// Something happens by time alone at this instant.
    pub(crate) fn is_due_at(&mut self, due: DateTime<Utc>) {
        self.next_due = Some(self.next_due.map_or(due, |known| known.min(due)));
    }

    /// Queues an event for an account that has a push address; without one it is dropped.
    pub(crate) fn announce(
        &mut self,
        connection: &Connection,
        app_id: &str,
        event: &Fields,
        now: DateTime<Utc>,
    ) -> Stored<()> {
        if pushes::has_address(connection, app_id)? {
            self.announced = true;
            pushes::add(connection, app_id, event, now)?;
        }
        Ok(())
    }

    /// Whether events were written down since this was last asked.
    pub(crate) const fn take_announced(&mut self) -> bool {
        std::mem::replace(&mut self.announced, false)
    }

    /// What was recorded since this was last asked, in order.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changed)
    }

    fn note_change(&mut self, app_id: &str, capability: Capability, at: DateTime<Utc>) {
        let change = Change { app_id: app_id.to_owned(), capability, at };
        if self.changed.last() != Some(&change) {
            self.changed.push(change);
        }
    }

    /// A provider takes a lot back. Written down like a refund: which of the two it is follows from how the lot came.
    pub(crate) fn withdraw(
        &mut self,
        connection: &Connection,
        app_id: &str,
        capability: Capability,
        lot: &LotId,
        now: DateTime<Utc>,
    ) -> Stored<Withdrawal> {
        let withdrawal = self.get_mut(app_id, capability)?.withdraw(lot, now)?;
        if withdrawal == Withdrawal::Withdrawn {
            connection.execute(
                "INSERT INTO billing_events (id, app_id, capability, at, kind, lot)
                 VALUES (?1, ?2, ?3, ?4, 'refund', ?5)",
                (
                    ids::event_name("withdrawal"),
                    app_id,
                    capability_text(capability),
                    now.timestamp(),
                    lot.as_str(),
                ),
            )?;
            self.note_change(app_id, capability, now);
        }
        Ok(withdrawal)
    }

    pub(crate) fn get(&self, app_id: &str, capability: Capability) -> Stored<&Account> {
        let key = (app_id.to_owned(), capability);
        self.by_program.get(&key).ok_or_else(|| invalid_row(format_args!("no account {app_id}")))
    }

    fn get_mut(&mut self, app_id: &str, capability: Capability) -> Stored<&mut Account> {
        let key = (app_id.to_owned(), capability);
        self.by_program.get_mut(&key).ok_or_else(|| invalid_row(format_args!("no account {app_id}")))
    }

    /// Writes an event down and applies it. The caller's transaction makes both true or neither.
    pub(crate) fn record(
        &mut self,
        connection: &Connection,
        app_id: &str,
        capability: Capability,
        event: Event,
    ) -> Stored<Decision> {
        let (kind, calls, days, price, lot) = match &event.action {
            Action::Purchase { calls, days, price } => {
                ("purchase", Some(calls.get()), Some(days.get()), Some(price.to_string()), None)
            }
            Action::Allocate { calls, days } => ("allocate", Some(calls.get()), Some(days.get()), None, None),
            Action::Use { calls } => ("use", Some(calls.get()), None, None, None),
            Action::Refund { order } => ("refund", None, None, None, Some(order.as_str())),
            Action::Query => return Err(invalid_row("a query is no event to write down")),
        };
        let calls = calls.map(i64::try_from).transpose().map_err(invalid_row)?;
        connection
            .prepare_cached(
                "INSERT INTO billing_events (id, app_id, capability, at, kind, calls, days, price, lot)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(rusqlite::params![
                event.id.as_str(),
                app_id,
                capability_text(capability),
                event.at.timestamp(),
                kind,
                calls,
                days,
                price,
                lot
            ])?;
        let at = event.at;
        let decision = self.get_mut(app_id, capability)?.apply(&event)?;
        self.note_change(app_id, capability, at);
        Ok(decision)
    }
}

fn event_from(row: &rusqlite::Row<'_>) -> Stored<Event> {
    let calls = || -> Stored<Calls> { Calls::new(count(row.get(5)?)?).map_err(invalid_row) };
    let days = || -> Stored<Days> { Days::new(count(row.get(6)?)?).map_err(invalid_row) };
    let action = match row.get_ref(4)?.as_str().map_err(invalid_row)? {
        "purchase" => Action::Purchase {
            calls: calls()?,
            days: days()?,
            price: row.get::<_, String>(7)?.parse::<Yuan>().map_err(invalid_row)?,
        },
        "allocate" => Action::Allocate { calls: calls()?, days: days()? },
        "use" => Action::Use { calls: calls()? },
        "refund" => Action::Refund { order: row.get(8)? },
        other => return Err(invalid_row(other)),
    };
    Ok(Event {
        id: EventId::new(row.get::<_, String>(2)?).map_err(invalid_row)?,
        at: instant(row.get(3)?)?,
        action,
    })
}

/// When the last event happened; practice time never starts before it.
pub(crate) fn last_event_at(connection: &Connection) -> Stored<i64> {
    let at = connection.query_row("SELECT coalesce(max(at), 0) FROM billing_events", [], |row| row.get(0))?;
    Ok(at)
}

/// Calls in a span of time, charged or free.
pub(crate) fn calls_since(
    connection: &Connection,
    app_id: &str,
    capability: Capability,
    from: DateTime<Utc>,
) -> Stored<u64> {
    let calls = connection.query_row(
        "SELECT coalesce(sum(calls), 0) FROM billing_events
         WHERE app_id = ?1 AND capability = ?2 AND kind = 'use' AND at >= ?3",
        (app_id, capability_text(capability), from.timestamp()),
        |row| row.get(0),
    )?;
    count(calls)
}

/// Calls of each Beijing day from `days` days ago until today, oldest first.
pub(crate) fn daily_calls(
    connection: &Connection,
    app_id: &str,
    capability: Capability,
    now: DateTime<Utc>,
    days: i64,
) -> Stored<Vec<(chrono::NaiveDate, u64)>> {
    let today = billing_core::time::beijing_day(now);
    let first = today - TimeDelta::days(days - 1);
    let from = billing_core::time::beijing_midnight(first).unwrap_or(now);
    let mut statement = connection.prepare(
        "SELECT at, calls FROM billing_events WHERE app_id = ?1 AND capability = ?2 AND kind = 'use' AND at >= ?3",
    )?;
    let mut by_day: HashMap<chrono::NaiveDate, u64> = HashMap::new();
    let mut rows = statement.query((app_id, capability_text(capability), from.timestamp()))?;
    while let Some(row) = rows.next()? {
        let day = billing_core::time::beijing_day(instant(row.get(0)?)?);
        *by_day.entry(day).or_default() += count(row.get(1)?)?;
    }
    Ok(first
        .iter_days()
        .take_while(|day| *day <= today)
        .map(|day| (day, by_day.remove(&day).unwrap_or(0)))
        .collect())
}

/// What WeChat would call the ids of a lot, for the rows of the usage interface: its SKU and when it was granted.
pub(crate) fn grants(
    connection: &Connection,
    app_id: &str,
    capability: Capability,
) -> Stored<HashMap<String, (i64, Option<u64>)>> {
    let mut statement = connection.prepare(
        "SELECT e.id, e.seq, coalesce(o.sku_id, a.sku_id) FROM billing_events e
         LEFT JOIN orders o ON o.lot = e.id LEFT JOIN assignments a ON a.lot = e.id
         WHERE e.app_id = ?1 AND e.capability = ?2 AND e.kind IN ('purchase', 'allocate')",
    )?;
    let rows = statement.query_map((app_id, capability_text(capability)), |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, Option<i64>>(2)?))
    })?;
    rows.map(|row| {
        let (lot, seq, sku) = row?;
        Ok((lot, (seq, sku.map(count).transpose()?)))
    })
    .collect()
}
