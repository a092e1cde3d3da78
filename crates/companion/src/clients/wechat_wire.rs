//! WeChat's JSON, field by field, and what we make of it. The `errcode` is read before anything else.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};

use super::answer::{Place, decode};
use super::error::ClientError;
use super::refusal::{Asked, Refusal};
use super::wechat::{RecentAverage, RowSource, RowStatus, Token, UsageRow};
use super::whole::{Errcode, Whole};
use crate::secrets::Secret;
use std::time::Duration;

/// `endTime` of what never expires: the largest 32-bit number.
const NEVER_ENDS: u64 = 4_294_967_295;
/// `averageData` 50 stands for "50 or fewer" **W**.
const BLUR_FLOOR: u64 = 50;
/// WeChat's longest validity of a token in seconds **W**; more is not believed.
const TOKEN_SECONDS_MAX: u64 = 7_200;

/// Body of `POST /cgi-bin/stable_token`.
#[derive(Serialize)]
pub(super) struct StableTokenQuestion<'a> {
    pub(super) grant_type: &'static str,
    pub(super) appid: &'a str,
    pub(super) secret: &'a str,
    pub(super) force_refresh: bool,
}

/// The part every answer has, or leaves out when all is well.
#[derive(Debug, Deserialize)]
pub(super) struct Verdict {
    errcode: Option<Errcode>,
    /// Any kind of value, so that an odd text never hides the code.
    errmsg: Option<serde_json::Value>,
}

impl Verdict {
    /// Success, or what WeChat refused with. No `errcode` counts as success: token answers have none.
    pub(super) fn check(&self, asked: Asked) -> Result<(), ClientError> {
        let errmsg = self.errmsg.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
        match self.errcode {
            None | Some(Errcode(0)) => Ok(()),
            Some(Errcode(errcode)) => Err(ClientError::Refused(Refusal::read(asked, errcode, errmsg))),
        }
    }
}

/// Reads an answer of WeChat whose verdict is success.
fn accepted<'a, T: Deserialize<'a>>(host: &str, asked: Asked, answer: &'a [u8]) -> Result<T, ClientError> {
    decode::<Verdict>(host, answer)?.check(asked)?;
    decode(host, answer)
}

#[derive(Deserialize)]
struct TokenBody {
    access_token: Option<Hidden>,
    expires_in: Option<Whole>,
}

struct Hidden(Secret<String>);

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Secret::new(text)))
    }
}

/// Reads the answer of `POST /cgi-bin/stable_token`.
pub(super) fn token(host: &str, answer: &[u8]) -> Result<Token, ClientError> {
    let body: TokenBody = accepted(host, Asked::Token, answer)?;
    let place = Place { host, path: "" };
    let Hidden(value) = place.need("access_token", body.access_token)?;
    if value.expose().is_empty() {
        return Err(place.wrong("access_token"));
    }
    let Whole(seconds) = place.need("expires_in", body.expires_in)?;
    Ok(Token { value, expires_in: Duration::from_secs(seconds.min(TOKEN_SECONDS_MAX)) })
}

/// One page of `GET /wxa/charge/usage/get`. Deprecated and subscription fields are not read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UsageBody {
    effective_use: Option<Whole>,
    all: Option<Whole>,
    total: Option<Whole>,
    detail_list: Option<Vec<RowBody>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RowBody {
    pkg_id: Option<String>,
    status: Option<Whole>,
    start_time: Option<Whole>,
    end_time: Option<Whole>,
    all: Option<Whole>,
    used: Option<Whole>,
    sku_id: Option<Id>,
    source: Option<Whole>,
}

/// An id: digits in a string, or a number; both are the same id.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(u64),
}

/// One page, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) effective_use: u64,
    pub(super) all: u64,
    /// Rows over all pages.
    pub(super) total: u64,
    pub(super) rows: Vec<UsageRow>,
}

/// Reads the answer of `GET /wxa/charge/usage/get`.
pub(super) fn page(host: &str, answer: &[u8]) -> Result<Page, ClientError> {
    accepted::<UsageBody>(host, Asked::Figures, answer)?.page(Place { host, path: "" })
}

impl UsageBody {
    /// Checks the page found at `place`.
    pub(super) fn page(self, place: Place<'_>) -> Result<Page, ClientError> {
        let Whole(effective_use) = place.need("effectiveUse", self.effective_use)?;
        let Whole(all) = place.need("all", self.all)?;
        let Whole(total) = place.need("total", self.total)?;
        // An empty list may be left out; a list with rows may not.
        let rows = match self.detail_list {
            None if total == 0 => Vec::new(),
            list => place.need("detailList", list)?,
        };
        let rows = rows.into_iter().enumerate().map(|(index, row)| {
            let path = format!("{}detailList[{index}].", place.path);
            row.row(Place { path: &path, ..place })
        });
        Ok(Page { effective_use, all, total, rows: rows.collect::<Result<_, _>>()? })
    }
}

impl RowBody {
    fn row(self, place: Place<'_>) -> Result<UsageRow, ClientError> {
        let Whole(status) = place.need("status", self.status)?;
        let Whole(end) = place.need("endTime", self.end_time)?;
        Ok(UsageRow {
            pkg_id: place.need("pkgId", self.pkg_id)?,
            status: match status {
                1 => RowStatus::InForce,
                2 => RowStatus::NotYet,
                3 => RowStatus::Lapsed,
                _ => return Err(place.wrong("status")),
            },
            start: place.need("startTime", self.start_time.and_then(instant))?,
            end: if end == NEVER_ENDS { None } else { Some(place.need("endTime", instant(Whole(end)))?) },
            all: place.need("all", self.all)?.0,
            used: place.need("used", self.used)?.0,
            sku_id: self.sku_id.map(Id::text).filter(|id| !id.is_empty()),
            source: self.source.map(source),
        })
    }
}

impl Id {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }
}

/// WeChat's `source`; 4 and 5 are both "other" **W**, and so is a number of the future.
fn source(Whole(number): Whole) -> RowSource {
    match number {
        1 => RowSource::Trial,
        2 => RowSource::Paid,
        3 => RowSource::Allocated,
        _ => RowSource::Other,
    }
}

/// Seconds since 1970 as an instant.
fn instant(Whole(seconds): Whole) -> Option<DateTime<Utc>> {
    i64::try_from(seconds).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0))
}

/// The body of `GET /wxa/charge/usage/get_recent_average`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AverageBody {
    average_data: Option<Whole>,
}

/// Reads the answer of `GET /wxa/charge/usage/get_recent_average`; the verdict "no recent usage" is no error.
pub(super) fn average(host: &str, answer: &[u8]) -> Result<Option<RecentAverage>, ClientError> {
    let verdict = decode::<Verdict>(host, answer)?;
    average_after(&verdict, || decode::<AverageBody>(host, answer)?.average(Place { host, path: "" }))
}

/// The average after its verdict: 10122000 means that there is none yet.
pub(super) fn average_after(
    verdict: &Verdict,
    read: impl FnOnce() -> Result<RecentAverage, ClientError>,
) -> Result<Option<RecentAverage>, ClientError> {
    match verdict.check(Asked::Figures) {
        Ok(()) => read().map(Some),
        Err(error) if error.code() == crate::views::ErrorCode::NoUsageYet => Ok(None),
        Err(error) => Err(error),
    }
}

impl AverageBody {
    /// Checks the average found at `place`.
    pub(super) fn average(self, place: Place<'_>) -> Result<RecentAverage, ClientError> {
        let Whole(calls) = place.need("averageData", self.average_data)?;
        Ok(RecentAverage { calls, at_most: calls == BLUR_FLOOR })
    }
}

#[cfg(test)]
mod tests;
