//! The owner's figures, and the lots of a service provider, which look alike.

use serde::Deserialize;

use super::{Id, Verdict, accepted, instant};
use crate::api::ErrorCode;
use crate::clients::answer::{JsonPath, decode};
use crate::clients::error::ClientError;
use crate::clients::pages::Page;
use crate::clients::refusal::Asked;
use crate::clients::wechat::usage::{RecentAverage, RowSource, RowStatus, UsageRow, UsageSums};
use crate::clients::whole::WireInt;

/// `endTime` of what never expires: the largest 32-bit number.
const NEVER_ENDS: u64 = 4_294_967_295;
/// `averageData` 50 stands for "50 or fewer" **W**.
const BLUR_FLOOR: u64 = 50;

/// One page of a usage list.
pub(in crate::clients) type UsagePage = Page<UsageRow, UsageSums>;

/// One page of `GET /wxa/charge/usage/get`. Deprecated and subscription fields are not read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::clients) struct UsageBody {
    effective_use: Option<WireInt>,
    all: Option<WireInt>,
    total: Option<WireInt>,
    detail_list: Option<Vec<RowBody>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RowBody {
    pkg_id: Option<String>,
    status: Option<WireInt>,
    start_time: Option<WireInt>,
    end_time: Option<WireInt>,
    all: Option<WireInt>,
    used: Option<WireInt>,
    sku_id: Option<Id>,
    source: Option<WireInt>,
    order_id: Option<Id>,
}

/// Reads the answer of `GET /wxa/charge/usage/get`.
pub(in crate::clients::wechat) fn usage_page(host: &str, answer: &[u8]) -> Result<UsagePage, ClientError> {
    accepted::<UsageBody>(host, Asked::Data, answer)?.page(JsonPath { host, path: "" })
}

impl UsageBody {
    /// Checks the page found at `here`.
    pub(in crate::clients) fn page(self, here: JsonPath<'_>) -> Result<UsagePage, ClientError> {
        let WireInt(effective_use) = here.need("effectiveUse", self.effective_use)?;
        let WireInt(all) = here.need("all", self.all)?;
        let WireInt(total) = here.need("total", self.total)?;
        // An empty list may be left out; a list with rows may not.
        let rows = match self.detail_list {
            None if total == 0 => Vec::new(),
            list => here.need("detailList", list)?,
        };
        let rows = rows.into_iter().enumerate().map(|(index, row)| {
            let path = format!("{}detailList[{index}].", here.path);
            row.row(JsonPath { path: &path, ..here })
        });
        let sums = UsageSums { effective_use, all };
        Ok(Page { total, rows: rows.collect::<Result<_, _>>()?, sums })
    }
}

impl RowBody {
    fn row(self, here: JsonPath<'_>) -> Result<UsageRow, ClientError> {
        let WireInt(status) = here.need("status", self.status)?;
        let WireInt(end) = here.need("endTime", self.end_time)?;
        Ok(UsageRow {
            pkg_id: here.need("pkgId", self.pkg_id)?,
            status: match status {
                1 => RowStatus::InForce,
                2 => RowStatus::NotYet,
                3 => RowStatus::Lapsed,
                _ => return Err(here.wrong("status")),
            },
            start: here.need("startTime", self.start_time.and_then(instant))?,
            end: if end == NEVER_ENDS { None } else { Some(here.need("endTime", instant(WireInt(end)))?) },
            all: here.need("all", self.all)?.0,
            used: here.need("used", self.used)?.0,
            sku_id: self.sku_id.and_then(Id::text),
            source: self.source.map(source),
            order_id: self.order_id.and_then(Id::text),
        })
    }
}

/// WeChat's `source`; 4 and 5 are both "other" **W**, and so is a number of the future.
fn source(WireInt(number): WireInt) -> RowSource {
    match number {
        1 => RowSource::Trial,
        2 => RowSource::Paid,
        3 => RowSource::Allocated,
        _ => RowSource::Other,
    }
}

/// The body of `GET /wxa/charge/usage/get_recent_average`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::clients) struct AverageBody {
    average_data: Option<WireInt>,
}

/// Reads the answer of `GET /wxa/charge/usage/get_recent_average`; the verdict "no recent usage" is no error.
pub(in crate::clients::wechat) fn average(
    host: &str,
    answer: &[u8],
) -> Result<Option<RecentAverage>, ClientError> {
    let verdict = decode::<Verdict>(host, answer)?;
    average_after(&verdict, || decode::<AverageBody>(host, answer)?.average(JsonPath { host, path: "" }))
}

/// The average after its verdict: 10122000 means no average yet.
pub(in crate::clients) fn average_after(
    verdict: &Verdict,
    read: impl FnOnce() -> Result<RecentAverage, ClientError>,
) -> Result<Option<RecentAverage>, ClientError> {
    match verdict.check(Asked::Data) {
        Ok(()) => read().map(Some),
        Err(error) if error.code() == ErrorCode::NoUsageYet => Ok(None),
        Err(error) => Err(error),
    }
}

impl AverageBody {
    /// Checks the average found at `here`.
    pub(in crate::clients) fn average(self, here: JsonPath<'_>) -> Result<RecentAverage, ClientError> {
        let WireInt(calls) = here.need("averageData", self.average_data)?;
        Ok(RecentAverage { calls, at_most: calls == BLUR_FLOOR })
    }
}
