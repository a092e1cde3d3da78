//! Who signed up: counted by day, and one by one.

use std::collections::HashSet;
use std::time::Duration;

use billing_core::time::beijing_text;
use chrono::{DateTime, NaiveDate, Utc};
use reqwest::Method;

use super::{MemberCard, wire};
use crate::api::AcquisitionMode;
use crate::clients::answer::wrong;
use crate::clients::error::{ClientError, Waited};
use crate::secrets::Secret;

/// Records per page, the most the interface allows.
pub(super) const PAGE_RECORDS: usize = 200;
/// Records one walk may meet: some hundred megabytes.
const RECORDS_MAX: usize = 500_000;
/// How long one walk may take.
const WALK_MAX: Duration = Duration::from_mins(10);

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
            .query("limit", &PAGE_RECORDS.to_string())
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
        let host = self.hosts.name();
        let page_after =
            |cursor: Option<String>| async move { self.sign_up_page(key, wanted, cursor.as_deref()).await };
        walk(host, page_after).await
    }
}

/// Asks for page after page, within [`RECORDS_MAX`] and [`WALK_MAX`].
async fn walk<F>(
    host: &str,
    page_after: impl Fn(Option<String>) -> F,
) -> Result<(Vec<SignUp>, String), ClientError>
where
    F: Future<Output = Result<SignUpPage, ClientError>>,
{
    let (mut records, mut known) = (Vec::new(), HashSet::new());
    let pages = async {
        let mut cursor: Option<String> = None;
        for _ in 0..RECORDS_MAX / PAGE_RECORDS {
            let page = page_after(cursor.clone()).await?;
            records.extend(page.records.into_iter().filter(|record| known.insert(record.id.clone())));
            if !page.has_more {
                return Ok(page.next_cursor);
            }
            // A platform that stays where it is would be walked for ever.
            if cursor.as_ref() == Some(&page.next_cursor) {
                break;
            }
            cursor = Some(page.next_cursor);
        }
        Err(wrong(host, "next_cursor"))
    };
    let too_slow =
        |_| ClientError::Timeout { host: host.to_owned(), waited: Waited::WholeList, limit: WALK_MAX };
    let end = tokio::time::timeout(WALK_MAX, pages).await.map_err(too_slow)??;
    Ok((records, end))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// A platform with a next page for ever, each after a while.
    async fn endless(pause: Duration) -> (Result<(Vec<SignUp>, String), ClientError>, usize) {
        let asked = Cell::new(0);
        let page_after = async |_| {
            tokio::time::sleep(pause).await;
            asked.set(asked.get() + 1);
            Ok(SignUpPage {
                records: Vec::new(),
                next_cursor: format!("after-{}", asked.get()),
                has_more: true,
            })
        };
        let walked = walk("h", page_after).await;
        (walked, asked.get())
    }

    #[tokio::test(start_paused = true)]
    async fn a_walk_ends_whatever_the_platform_says() {
        assert_eq!(
            endless(Duration::ZERO).await,
            (Err(wrong("h", "next_cursor")), RECORDS_MAX / PAGE_RECORDS)
        );
        let (walked, asked) = endless(Duration::from_secs(59)).await;
        let host = "h".to_owned();
        assert_eq!(walked, Err(ClientError::Timeout { host, waited: Waited::WholeList, limit: WALK_MAX }));
        assert_eq!(asked, 10);
    }
}
