//! Who signed up: counted by day, and one by one.

use std::collections::HashSet;

use billing_core::time::beijing_text;
use chrono::{DateTime, NaiveDate, Utc};
use reqwest::Method;

use super::{MemberCard, wire};
use crate::api::AcquisitionMode;
use crate::clients::answer::wrong;
use crate::clients::error::ClientError;
use crate::secrets::Secret;

/// Records per page, the most the interface allows.
const PAGE_RECORDS: &str = "200";
/// Pages one walk may take: two million records.
const PAGES_MAX: usize = 10_000;

/// Sign-ups counted by way and outcome; each 0 to 10^12.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignUpCounts {
    /// Success callbacks of the component that reached the platform. WeChat charges each of them.
    pub authorized: u64,
    /// Numbers that were typed.
    pub manual: u64,
    pub cards_issued: u64,
    pub already_members: u64,
    pub numbers_not_fetched: u64,
    pub no_cards_left: u64,
}

/// The counts of one day of Beijing time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignUpDay {
    pub day: NaiveDate,
    pub counts: SignUpCounts,
}

/// Sign-ups by day, oldest first, days without any included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    pub as_of: DateTime<Utc>,
    pub totals: SignUpCounts,
    pub days: Vec<SignUpDay>,
}

/// One sign-up, without what the platform says of the person: no part of a number is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUp {
    pub id: String,
    /// When the success callback or the typed number arrived.
    pub at: DateTime<Utc>,
    pub way: AcquisitionMode,
    pub outcome: Outcome,
    /// `None` when the number was typed.
    pub component: Option<Component>,
    /// `None` when the platform does not know.
    pub program_version: Option<ProgramVersion>,
    /// The same for every record of one member.
    pub member_id: Option<String>,
}

/// What became of a sign-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    CardIssued,
    AlreadyMember,
    /// WeChat charged, but the code was never exchanged for a number.
    NumberNotFetched,
    NoCardsLeft,
}

/// Which component authorised a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Component {
    Quick,
    Realtime,
}

/// Which version of the mini-program a sign-up came from. All three use the same quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgramVersion {
    /// 正式版
    Release,
    /// 体验版
    Trial,
    /// 开发版
    Develop,
}

/// Which records are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignUpQuestion {
    /// At or after this instant.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub until: Option<DateTime<Utc>>,
    pub way: Option<AcquisitionMode>,
}

/// One page of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUpPage {
    pub records: Vec<SignUp>,
    /// The end of this page, also of the last one: going on from it meets what has joined since.
    pub next_cursor: String,
    pub has_more: bool,
}

impl MemberCard {
    /// `GET /member-card/v1/statistics`: `days` days (1 to 366) that end with `until`, or with today.
    pub async fn statistics(
        &self,
        key: &Secret<String>,
        until: Option<NaiveDate>,
        days: u32,
    ) -> Result<Statistics, ClientError> {
        let question = self
            .signed("member_card.statistics", Method::GET, "/member-card/v1/statistics", key)?
            .maybe_query("until", until.map(|day| day.to_string()).as_deref())
            .query("days", &days.to_string());
        self.http.ask(&question, wire::statistics).await
    }

    /// `GET /member-card/v1/sign-ups`: the page after `cursor`, or the first one.
    pub async fn sign_up_page(
        &self,
        key: &Secret<String>,
        wanted: &SignUpQuestion,
        cursor: Option<&str>,
    ) -> Result<SignUpPage, ClientError> {
        let question = self
            .signed("member_card.sign_ups", Method::GET, "/member-card/v1/sign-ups", key)?
            .maybe_query("from", wanted.from.map(beijing_text).as_deref())
            .maybe_query("until", wanted.until.map(beijing_text).as_deref())
            .maybe_query("way", wanted.way.map(AcquisitionMode::word))
            .query("limit", PAGE_RECORDS)
            .maybe_query("cursor", cursor);
        self.http.ask(&question, wire::sign_up_page).await
    }

    /// Every record that exists now, in the platform's order, and the cursor to go on from later. The order never
    /// changes, so that one walk meets each record once, whatever joins meanwhile; a record that comes again all the
    /// same is dropped.
    pub async fn sign_ups(
        &self,
        key: &Secret<String>,
        wanted: &SignUpQuestion,
    ) -> Result<(Vec<SignUp>, String), ClientError> {
        let (mut records, mut known) = (Vec::new(), HashSet::new());
        let mut cursor: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let page = self.sign_up_page(key, wanted, cursor.as_deref()).await?;
            records.extend(page.records.into_iter().filter(|record| known.insert(record.id.clone())));
            if !page.has_more {
                return Ok((records, page.next_cursor));
            }
            // A platform that stays where it is would be walked for ever.
            if cursor.as_ref() == Some(&page.next_cursor) {
                break;
            }
            cursor = Some(page.next_cursor);
        }
        Err(wrong(self.hosts.name(), "next_cursor"))
    }
}
