//! Sign-ups as the interface hands them out: counted by day, and one by one with a cursor.

use super::answer::{Refused, answer, json_answer, key};
use crate::ids;
use crate::model::ProgramVersion;
use crate::platform::Platform;
use crate::store::error::invalid_row;
use crate::store::shops::Mode;
use crate::store::sign_ups::{self, Counts, Outcome, Record, Walk};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use billing_core::Capability;
use billing_core::time::{beijing_day, beijing_text};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Days of a statistics answer: most, and when nothing is said.
const DAYS_MAX: u16 = 366;
const DAYS_DEFAULT: u16 = 30;
/// Records of a page: most, and when nothing is said.
const LIMIT_MAX: u32 = 200;
const LIMIT_DEFAULT: u32 = 50;

type Asked<T> = Result<Query<T>, QueryRejection>;

fn within<T: PartialOrd + std::fmt::Display>(name: &str, value: T, least: T, most: T) -> Result<T, Refused> {
    if value < least || value > most {
        return Err(Refused::BadRequest(format!("{name} must be {least} to {most}")));
    }
    Ok(value)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Span {
    until: Option<NaiveDate>,
    days: Option<u16>,
}

#[derive(Debug, Serialize)]
struct Day {
    day: NaiveDate,
    #[serde(flatten)]
    counts: Counts,
}

#[derive(Debug, Serialize)]
struct Statistics {
    as_of: String,
    totals: Counts,
    days: Vec<Day>,
}

/// `GET /member-card/v1/statistics`
pub(super) async fn statistics(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    asked: Asked<Span>,
) -> Result<Response, Refused> {
    let span = asked.map(|Query(span)| span).map_err(|rejection| Refused::BadRequest(rejection.body_text()));
    let span = span.and_then(|span| {
        // Nothing was verified before 1970; the calendar's own ends are far away from there.
        if span.until.is_some_and(|day| !(1970..=9999).contains(&day.year())) {
            return Err(Refused::BadRequest("until must be from 1970 to 9999".to_owned()));
        }
        let days = within("days", span.days.unwrap_or(DAYS_DEFAULT), 1, DAYS_MAX)?;
        Ok((span.until, days))
    });
    answer(&platform, key(&headers)?, move |connection, _, shop, now| {
        let (until, days) = match span {
            Ok(span) => span,
            Err(refused) => return Ok(Err(refused)),
        };
        let until = until.unwrap_or_else(|| beijing_day(now));
        let (days, totals) = sign_ups::statistics(connection, &shop.app_id, until, days)?;
        let days = days.into_iter().map(|(day, counts)| Day { day, counts }).collect();
        let statistics = Statistics { as_of: beijing_text(now), totals, days };
        serde_json::to_string(&statistics).map(Ok).map_err(invalid_row)
    })
    .await
    .map(json_answer)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageRequest {
    from: Option<String>,
    until: Option<String>,
    way: Option<Mode>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// A page that was asked for properly.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    walk: Walk,
    after: i64,
    limit: u32,
}

/// The first whole second that is not before an instant.
fn ceiling(name: &str, text: &str) -> Result<i64, Refused> {
    let at = DateTime::parse_from_rfc3339(text)
        .map_err(|error| Refused::BadRequest(format!("{name}: {error}")))?
        .with_timezone(&Utc);
    Ok(at.timestamp() + i64::from(at.timestamp_subsec_nanos() > 0))
}

impl PageRequest {
    fn wanted(self, app_id: &str) -> Result<Wanted, Refused> {
        let bound = |name, text: Option<&str>| text.map(|text| ceiling(name, text)).transpose();
        let given = Walk {
            from: bound("from", self.from.as_deref())?,
            until: bound("until", self.until.as_deref())?,
            way: self.way,
        };
        let limit = within("limit", self.limit.unwrap_or(LIMIT_DEFAULT), 1, LIMIT_MAX)?;
        let Some(cursor) = self.cursor else { return Ok(Wanted { walk: given, after: 0, limit }) };
        let (walk, after) = read_cursor(&cursor, app_id).ok_or(Refused::BadCursor)?;
        // What a cursor remembers may be left out, but not changed.
        let same = |said: bool, equal: bool| !said || equal;
        let agrees = same(given.from.is_some(), given.from == walk.from)
            && same(given.until.is_some(), given.until == walk.until)
            && same(given.way.is_some(), given.way == walk.way);
        if agrees { Ok(Wanted { walk, after, limit }) } else { Err(Refused::BadCursor) }
    }
}

/// A cursor is the walk and the position, readable, with a check that ties it to the shop: it grants nothing, so nobody
/// gains by making one up, but one of another shop must not look right.
fn write_cursor(walk: Walk, after: i64, app_id: &str) -> String {
    let number = |value: Option<i64>| value.map_or_else(String::new, |value| value.to_string());
    let way = walk.way.map_or("", Mode::text);
    let body = format!("1_{}_{}_{way}_{after}", number(walk.from), number(walk.until));
    let check = check(&body, app_id);
    format!("{body}_{check}")
}

fn check(body: &str, app_id: &str) -> String {
    ids::digest_hex(&format!("cursor {app_id} {body}")).chars().take(12).collect()
}

fn read_cursor(cursor: &str, app_id: &str) -> Option<(Walk, i64)> {
    let (body, given) = cursor.rsplit_once('_')?;
    if given != check(body, app_id) {
        return None;
    }
    let mut parts = body.strip_prefix("1_")?.split('_');
    let mut next = || parts.next().map(|part| Some(part).filter(|part| !part.is_empty()));
    let number = |part: Option<&str>| part.map(str::parse).transpose().ok();
    let (from, until) = (number(next()?)?, number(next()?)?);
    let way = next()?.map(str::parse).transpose().ok()?;
    let after = next()??.parse().ok()?;
    Some((Walk { from, until, way }, after))
}

#[derive(Debug, Serialize)]
struct Item {
    id: String,
    at: String,
    way: Mode,
    outcome: Outcome,
    component: Option<Capability>,
    program_version: ProgramVersion,
    member_id: Option<String>,
    phone_masked: Option<String>,
    card_number: Option<String>,
}

impl Item {
    fn new(record: Record) -> Self {
        let Record { seq, sign_up } = record;
        let (member_id, phone_masked) = sign_up.member.map(|member| (member.id, member.phone_masked)).unzip();
        Self {
            id: format!("s_{seq}"),
            at: beijing_text(sign_up.at),
            way: sign_up.way,
            outcome: sign_up.outcome,
            component: sign_up.component,
            program_version: sign_up.version,
            member_id,
            phone_masked,
            card_number: sign_up.card_number,
        }
    }
}

#[derive(Debug, Serialize)]
struct PageAnswer {
    items: Vec<Item>,
    next_cursor: String,
    has_more: bool,
}

/// `GET /member-card/v1/sign-ups`
pub(super) async fn sign_ups(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    asked: Asked<PageRequest>,
) -> Result<Response, Refused> {
    let asked =
        asked.map(|Query(asked)| asked).map_err(|rejection| Refused::BadRequest(rejection.body_text()));
    answer(&platform, key(&headers)?, move |connection, _, shop, _| {
        let Wanted { walk, after, limit } = match asked.and_then(|asked| asked.wanted(&shop.app_id)) {
            Ok(wanted) => wanted,
            Err(refused) => return Ok(Err(refused)),
        };
        // One more than asked for shows whether anything follows.
        let mut records = sign_ups::page_after(connection, &shop.app_id, walk, after, limit + 1)?;
        let has_more = u32::try_from(records.len()).is_ok_and(|found| found > limit);
        records.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let end = records.last().map_or(after, |record| record.seq);
        let page = PageAnswer {
            items: records.into_iter().map(Item::new).collect(),
            next_cursor: write_cursor(walk, end, &shop.app_id),
            has_more,
        };
        serde_json::to_string(&page).map(Ok).map_err(invalid_row)
    })
    .await
    .map(json_answer)
}

#[cfg(test)]
mod tests {
    use super::{Walk, read_cursor, write_cursor};
    use crate::store::shops::Mode;

    #[test]
    fn a_cursor_remembers_its_walk_and_its_shop() {
        let walks = [
            Walk::default(),
            Walk { from: Some(-5), until: Some(1_700_000_000), way: Some(Mode::Manual) },
            Walk { way: Some(Mode::Authorized), ..Walk::default() },
        ];
        for walk in walks {
            let cursor = write_cursor(walk, 42, "wx1");
            assert!(
                cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)),
                "{cursor}"
            );
            assert_eq!(read_cursor(&cursor, "wx1"), Some((walk, 42)));
            assert_eq!(read_cursor(&cursor, "wx2"), None, "of another shop");
            assert_eq!(read_cursor(&cursor.replace("_42_", "_43_"), "wx1"), None, "changed by hand");
        }
        assert_eq!(read_cursor("", "wx1"), None);
        assert_eq!(read_cursor("1_____", "wx1"), None);
    }
}
