//! Sign-up records and their counts.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::api::AcquisitionMode;
use crate::clients::answer::{JsonPath, decode};
use crate::clients::error::ClientError;
use crate::clients::member_card::records::{
    Component, Outcome, PAGE_RECORDS, ProgramVersion, SignUp, SignUpCounts, SignUpDay, SignUpPage, Statistics,
};
use crate::clients::whole::WireInt;
use billing_core::time::parse_instant;

/// Longest cursor of the interface; a longer one is refused.
const CURSOR_MAX: usize = 200;

#[derive(Deserialize)]
struct CountsBody {
    authorized: Option<WireInt>,
    manual: Option<WireInt>,
    cards_issued: Option<WireInt>,
    already_members: Option<WireInt>,
    numbers_not_fetched: Option<WireInt>,
    no_cards_left: Option<WireInt>,
}

impl CountsBody {
    fn counts(self, here: JsonPath<'_>) -> Result<SignUpCounts, ClientError> {
        let need = |field: &str, value: Option<WireInt>| here.need(field, value).map(|WireInt(count)| count);
        Ok(SignUpCounts {
            authorized: need("authorized", self.authorized)?,
            manual: need("manual", self.manual)?,
            cards_issued: need("cards_issued", self.cards_issued)?,
            already_members: need("already_members", self.already_members)?,
            numbers_not_fetched: need("numbers_not_fetched", self.numbers_not_fetched)?,
            no_cards_left: need("no_cards_left", self.no_cards_left)?,
        })
    }
}

#[derive(Deserialize)]
struct DayBody {
    day: Option<String>,
    #[serde(flatten)]
    counts: CountsBody,
}

#[derive(Deserialize)]
struct StatisticsBody {
    as_of: Option<String>,
    totals: Option<CountsBody>,
    days: Option<Vec<DayBody>>,
}

/// Reads the counts by day.
pub(in crate::clients::member_card) fn statistics(
    host: &str,
    answer: &[u8],
) -> Result<Statistics, ClientError> {
    let body: StatisticsBody = decode(host, answer)?;
    let here = JsonPath { host, path: "" };
    let as_of = body.as_of.and_then(|text| parse_instant(&text).ok());
    let totals = here.need("totals", body.totals)?.counts(JsonPath { host, path: "totals." })?;
    let days = here.need("days", body.days)?.into_iter().enumerate().map(|(index, row)| {
        let path = format!("days[{index}].");
        let here = JsonPath { host, path: &path };
        let day = row.day.and_then(|text| text.parse::<NaiveDate>().ok());
        Ok(SignUpDay { day: here.need("day", day)?, counts: row.counts.counts(here)? })
    });
    Ok(Statistics { as_of: here.need("as_of", as_of)?, totals, days: days.collect::<Result<_, _>>()? })
}

#[derive(Deserialize)]
struct PageBody {
    items: Option<Vec<SignUpBody>>,
    next_cursor: Option<String>,
    has_more: Option<bool>,
}

#[derive(Deserialize)]
struct SignUpBody {
    id: Option<String>,
    at: Option<String>,
    way: Option<AcquisitionMode>,
    outcome: Option<OutcomeWord>,
    component: Option<ComponentWord>,
    program_version: Option<String>,
    member_id: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OutcomeWord {
    CardIssued,
    AlreadyMember,
    NumberNotFetched,
    NoCardsLeft,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ComponentWord {
    Quick,
    Realtime,
}

/// Reads a page of records.
pub(in crate::clients::member_card) fn sign_up_page(
    host: &str,
    answer: &[u8],
) -> Result<SignUpPage, ClientError> {
    let body: PageBody = decode(host, answer)?;
    let here = JsonPath { host, path: "" };
    let items = here.need("items", body.items.filter(|items| items.len() <= PAGE_RECORDS))?;
    let records = items.into_iter().enumerate().map(|(index, record)| {
        let path = format!("items[{index}].");
        record.record(JsonPath { host, path: &path })
    });
    Ok(SignUpPage {
        records: records.collect::<Result<_, _>>()?,
        next_cursor: here.need("next_cursor", body.next_cursor.filter(|cursor| is_cursor(cursor)))?,
        has_more: here.need("has_more", body.has_more)?,
    })
}

impl SignUpBody {
    fn record(self, here: JsonPath<'_>) -> Result<SignUp, ClientError> {
        let at = self.at.and_then(|text| parse_instant(&text).ok());
        Ok(SignUp {
            id: here.need("id", self.id.filter(|id| !id.is_empty()))?,
            at: here.need("at", at)?,
            way: here.need("way", self.way)?,
            outcome: match here.need("outcome", self.outcome)? {
                OutcomeWord::CardIssued => Outcome::CardIssued,
                OutcomeWord::AlreadyMember => Outcome::AlreadyMember,
                OutcomeWord::NumberNotFetched => Outcome::NumberNotFetched,
                OutcomeWord::NoCardsLeft => Outcome::NoCardsLeft,
            },
            component: self.component.map(|word| match word {
                ComponentWord::Quick => Component::Quick,
                ComponentWord::Realtime => Component::Realtime,
            }),
            // A version we have no name for is one the platform may as well not know.
            program_version: self.program_version.and_then(|word| match word.as_str() {
                "release" => Some(ProgramVersion::Release),
                "trial" => Some(ProgramVersion::Trial),
                "develop" => Some(ProgramVersion::Develop),
                _ => None,
            }),
            member_id: self.member_id,
        })
    }
}

fn is_cursor(text: &str) -> bool {
    (1..=CURSOR_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::samples::{changed, member_card, shape_error};

    #[test]
    fn counts_are_read_day_by_day() {
        let read = statistics("h", member_card!("statistics.json")).unwrap();
        assert_eq!(read.as_of, parse_instant("2025-06-28T10:00:00+08:00").unwrap());
        let days: Vec<_> = read.days.iter().map(|row| (row.day.to_string(), row.counts.authorized)).collect();
        assert_eq!(days, [("2025-06-27".to_owned(), 7), ("2025-06-28".to_owned(), 0)]);
        let expected = SignUpCounts {
            authorized: 7,
            manual: 2,
            cards_issued: 6,
            already_members: 1,
            numbers_not_fetched: 1,
            no_cards_left: 1,
        };
        assert_eq!((read.totals, read.days[0].counts), (expected, expected));
        for (from, to, field) in [
            (r#""day": "2025-06-28""#, r#""day": "28 June""#, "days[1].day"),
            (r#""as_of": "2025-06-28T10:00:00+08:00","#, "", "as_of"),
            (r#""authorized": 7"#, r#""authorised": 7"#, "totals.authorized"),
        ] {
            let answer = changed(member_card!("statistics.json"), from, to);
            assert_eq!(statistics("h", &answer).unwrap_err(), shape_error(field), "{from}");
        }
    }

    #[test]
    fn records_are_read_with_what_is_unknown_left_out() {
        let page = sign_up_page("h", member_card!("sign_ups.json")).unwrap();
        assert_eq!((page.records.len(), page.has_more, page.next_cursor.as_str()), (3, true, "c-3_A"));
        let first = &page.records[0];
        assert_eq!((first.way, first.outcome), (AcquisitionMode::Authorized, Outcome::CardIssued));
        assert_eq!(first.component, Some(Component::Quick));
        assert_eq!(first.program_version, Some(ProgramVersion::Release));
        let charged = &page.records[1];
        assert_eq!((charged.outcome, charged.member_id.as_deref()), (Outcome::NumberNotFetched, None));
        assert_eq!(charged.program_version, None);
        let typed = &page.records[2];
        assert_eq!((typed.way, typed.component), (AcquisitionMode::Manual, None));
    }

    #[test]
    fn a_wrong_field_of_a_record_is_named() {
        for (from, to, field) in [
            (r#""id": "s-1","#, "", "items[0].id"),
            (r#""outcome": "card_issued""#, r#""outcome": "planted-word""#, "items[0].outcome"),
            (r#""has_more": true"#, r#""has_more": "true""#, "has_more"),
            ("c-3_A", "c 3", "next_cursor"),
            (r#""next_cursor": "c-3_A""#, r#""next_cursor": null"#, "next_cursor"),
        ] {
            let answer = changed(member_card!("sign_ups.json"), from, to);
            assert_eq!(sign_up_page("h", &answer).unwrap_err(), shape_error(field), "{from}");
        }
    }

    #[test]
    fn more_records_than_were_asked_for_are_no_page() {
        let page = |records: usize| {
            let record =
                r#"{"id":"1","at":"2026-11-20T10:32:00+08:00","way":"manual","outcome":"card_issued"}"#;
            let items = vec![record; records].join(",");
            let answer = format!(r#"{{"items":[{items}],"next_cursor":"c","has_more":false}}"#);
            sign_up_page("h", answer.as_bytes()).map(|page| page.records.len())
        };
        assert_eq!(page(PAGE_RECORDS), Ok(PAGE_RECORDS));
        assert_eq!(page(PAGE_RECORDS + 1), Err(shape_error("items")));
    }
}
