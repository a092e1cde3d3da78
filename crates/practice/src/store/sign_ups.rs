//! Sign-up records: written once, in an order that never changes, and read back page by page.

use super::columns::{capability_from, count, instant};
use super::error::{Stored, invalid_row};
use super::shops::Mode;
use crate::member::Member;
use crate::model::{ProgramVersion, capability_text};
use billing_core::Capability;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::BTreeMap;

words! {
    /// How a sign-up ended.
    Outcome {
        /// A new card.
        CardIssued = "card_issued",
        /// The number has a card already.
        AlreadyMember = "already_member",
        /// Charged, but the code was never exchanged for a number.
        NumberNotFetched = "number_not_fetched",
        /// The shop was out of cards.
        NoCardsLeft = "no_cards_left",
    }
}

/// One customer who signed up, or tried to after being charged.
#[derive(Debug, Clone)]
pub(crate) struct SignUp {
    pub(crate) at: DateTime<Utc>,
    pub(crate) customer: u32,
    pub(crate) way: Mode,
    pub(crate) outcome: Outcome,
    /// Nothing when the number was typed.
    pub(crate) component: Option<Capability>,
    pub(crate) version: ProgramVersion,
    /// Nothing when the code was never exchanged.
    pub(crate) member: Option<Member>,
    /// The member's card, new or not.
    pub(crate) card_number: Option<String>,
}

/// A sign-up with its sequence number.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) seq: i64,
    pub(crate) sign_up: SignUp,
}

/// Writes a sign-up down.
pub(crate) fn add(
    connection: &Connection,
    app_id: &str,
    sign_up: &SignUp,
    event_id: Option<&str>,
) -> Stored<()> {
    connection
        .prepare_cached(
            "INSERT INTO sign_ups
             (app_id, at, customer, way, outcome, component, program_version, member_id, phone_masked, card_number,
              event_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(rusqlite::params![
            app_id,
            sign_up.at.timestamp(),
            sign_up.customer,
            sign_up.way,
            sign_up.outcome,
            sign_up.component.map(capability_text),
            sign_up.version,
            sign_up.member.as_ref().map(|member| &member.id),
            sign_up.member.as_ref().map(|member| &member.phone_masked),
            sign_up.card_number,
            event_id,
        ])?;
    Ok(())
}

/// The card that a member already has.
pub(crate) fn card_of(connection: &Connection, app_id: &str, member: &Member) -> Stored<Option<String>> {
    let card = connection
        .prepare_cached(
            "SELECT card_number FROM sign_ups WHERE app_id = ?1 AND member_id = ?2 AND card_number IS NOT NULL LIMIT 1",
        )?
        .query_row((app_id, &member.id), |row| row.get(0))
        .optional()?;
    Ok(card)
}

/// The number after the last customer's.
pub(crate) fn next_customer(connection: &Connection, app_id: &str) -> Stored<u32> {
    let last: u32 = connection
        .prepare_cached("SELECT coalesce(max(customer), 0) FROM sign_ups WHERE app_id = ?1")?
        .query_row([app_id], |row| row.get(0))?;
    Ok(last.saturating_add(1))
}

const COLUMNS: &str = "seq, at, customer, way, outcome, component, program_version, member_id, phone_masked, \
                       card_number";

fn member(id: Option<String>, phone_masked: Option<String>) -> Option<Member> {
    Some(Member { id: id?, phone_masked: phone_masked? })
}

fn record(row: &Row<'_>) -> Stored<Record> {
    let component: Option<String> = row.get(5)?;
    let sign_up = SignUp {
        at: instant(row.get(1)?)?,
        customer: row.get(2)?,
        way: row.get(3)?,
        outcome: row.get(4)?,
        component: component.as_deref().map(capability_from).transpose()?,
        version: row.get(6)?,
        member: member(row.get(7)?, row.get(8)?),
        card_number: row.get(9)?,
    };
    Ok(Record { seq: row.get(0)?, sign_up })
}

/// Which records a walk through the pages is about. Instants are whole seconds since 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Walk {
    /// The first instant that counts.
    pub(crate) from: Option<i64>,
    /// The first instant that does not count any more.
    pub(crate) until: Option<i64>,
    pub(crate) way: Option<Mode>,
}

/// Up to `limit` records after a sequence number, in their order.
pub(crate) fn page_after(
    connection: &Connection,
    app_id: &str,
    walk: Walk,
    after: i64,
    limit: u32,
) -> Stored<Vec<Record>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM sign_ups INDEXED BY sign_ups_in_order
         WHERE app_id = ?1 AND seq > ?2 AND (?3 IS NULL OR at >= ?3) AND (?4 IS NULL OR at < ?4)
           AND (?5 IS NULL OR way = ?5)
         ORDER BY seq LIMIT ?6"
    ))?;
    let rows = statement
        .query_map((app_id, after, walk.from, walk.until, walk.way, limit), |row| Ok(record(row)))?;
    rows.map(|row| row?).collect()
}

/// The latest records before a sequence number, newest first.
pub(crate) fn latest_before(
    connection: &Connection,
    app_id: &str,
    before: i64,
    limit: u32,
) -> Stored<Vec<Record>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM sign_ups INDEXED BY sign_ups_in_order
         WHERE app_id = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3"
    ))?;
    let rows = statement.query_map((app_id, before, limit), |row| Ok(record(row)))?;
    rows.map(|row| row?).collect()
}

/// Sign-ups counted by way and outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Counts {
    pub(crate) authorized: u64,
    pub(crate) manual: u64,
    pub(crate) cards_issued: u64,
    pub(crate) already_members: u64,
    pub(crate) numbers_not_fetched: u64,
    pub(crate) no_cards_left: u64,
}

impl Counts {
    fn add(&mut self, way: Mode, outcome: Outcome, number: u64) {
        match way {
            Mode::Authorized => self.authorized += number,
            Mode::Manual => self.manual += number,
        }
        match outcome {
            Outcome::CardIssued => self.cards_issued += number,
            Outcome::AlreadyMember => self.already_members += number,
            Outcome::NumberNotFetched => self.numbers_not_fetched += number,
            Outcome::NoCardsLeft => self.no_cards_left += number,
        }
    }
}

/// Counts of `days` Beijing days that end with `until`, oldest first, and their sums.
pub(crate) fn statistics(
    connection: &Connection,
    app_id: &str,
    until: NaiveDate,
    days: u16,
) -> Stored<(Vec<(NaiveDate, Counts)>, Counts)> {
    use billing_core::time::beijing_midnight;
    let first = until - TimeDelta::days(i64::from(days) - 1);
    let midnight = |day: Option<NaiveDate>| {
        let midnight = day.and_then(beijing_midnight);
        midnight.map(|at| at.timestamp()).ok_or_else(|| invalid_row("the calendar ends"))
    };
    let (begin, end) = (midnight(Some(first))?, midnight(until.succ_opt())?);
    let mut by_day: BTreeMap<NaiveDate, Counts> =
        first.iter_days().take(usize::from(days)).map(|day| (day, Counts::default())).collect();
    let mut totals = Counts::default();
    let mut statement = connection.prepare_cached(
        "SELECT (at - ?2) / 86400, way, outcome, count(*) FROM sign_ups
         WHERE app_id = ?1 AND at >= ?2 AND at < ?3 GROUP BY 1, 2, 3",
    )?;
    let mut rows = statement.query((app_id, begin, end))?;
    while let Some(row) = rows.next()? {
        let (way, outcome, number) = (row.get(1)?, row.get(2)?, count(row.get(3)?)?);
        by_day.entry(first + TimeDelta::days(row.get(0)?)).or_default().add(way, outcome, number);
        totals.add(way, outcome, number);
    }
    Ok((by_day.into_iter().collect(), totals))
}
