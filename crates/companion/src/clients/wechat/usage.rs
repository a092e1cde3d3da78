//! The figures of a mini-program's owner (付费管理).

use chrono::{DateTime, Utc};
use reqwest::Method;

use super::{Wechat, wire};
use crate::clients::error::ClientError;
use crate::clients::pages::{Keyed, PAGE_ROWS, Sums, read_all};
use crate::secrets::Secret;

/// The usage figures of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageReading {
    /// Calls used, as the platform adds them up. Whether lapsed lots stay in is not documented.
    pub effective_use: u64,
    /// Calls available in total, as the platform adds them up: the lots in force.
    pub all: u64,
    /// Every lot, in the platform's order; no lot twice.
    pub rows: Vec<UsageRow>,
    /// When the figures were true, if another platform passes them on; `None`: as they were asked for.
    pub as_of: Option<DateTime<Utc>>,
}

/// One lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRow {
    /// WeChat's pack id; empty for the trial quota.
    pub pkg_id: String,
    pub status: RowStatus,
    pub start: DateTime<Utc>,
    /// `None`: never.
    pub end: Option<DateTime<Utc>>,
    /// Calls in the lot, 0 to 10^12.
    pub all: u64,
    /// Calls used, 0 to 10^12.
    pub used: u64,
    pub sku_id: Option<String>,
    /// Left out by some answers.
    pub source: Option<RowSource>,
    /// The order it came with: only in a service provider's list, and not in every answer there.
    pub order_id: Option<String>,
}

/// WeChat's `status` of a lot. No status means "used up".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowStatus {
    /// 生效中
    InForce,
    /// 未生效
    NotYet,
    /// 已失效
    Lapsed,
}

impl RowStatus {
    /// WeChat's number for it.
    pub(super) const fn number(self) -> &'static str {
        match self {
            Self::InForce => "1",
            Self::NotYet => "2",
            Self::Lapsed => "3",
        }
    }
}

/// WeChat's `source` of a lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowSource {
    /// 体验额度
    Trial,
    /// 付费购买
    Paid,
    /// 服务商分配
    Allocated,
    Other,
}

/// The blurred monthly average of the last three months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecentAverage {
    pub calls: u64,
    /// The platform says only "`calls` or fewer".
    pub at_most: bool,
}

/// What stands above the rows of a usage list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::clients) struct UsageSums {
    pub(in crate::clients) effective_use: u64,
    pub(in crate::clients) all: u64,
}

impl Sums for UsageSums {
    /// Calls go on while pages are read; the total changes only when lots do.
    fn fits(&self, later: &Self) -> bool {
        self.all == later.all
    }
}

impl Keyed for UsageRow {
    /// Trial quotas have no id of their own.
    type Key = (String, Option<String>, DateTime<Utc>);

    fn key(&self) -> Self::Key {
        (self.pkg_id.clone(), self.sku_id.clone(), self.start)
    }
}

impl UsageReading {
    pub(in crate::clients) fn new(
        rows: Vec<UsageRow>,
        sums: UsageSums,
        as_of: Option<DateTime<Utc>>,
    ) -> Self {
        Self { effective_use: sums.effective_use, all: sums.all, rows, as_of }
    }
}

impl Wechat {
    /// `GET /wxa/charge/usage/get`, all pages of one consistent list.
    ///
    /// # Errors
    /// Also [`ClientError::Unsettled`] when the list changed during each of three readings.
    pub async fn usage(&self, token: &Secret<String>, spu_id: &str) -> Result<UsageReading, ClientError> {
        self.usage_list("wechat.usage", "/wxa/charge/usage/get", token, spu_id, None).await
    }

    /// `GET /wxa/charge/usage/get_recent_average`; `None` while the product has no recent usage.
    pub async fn recent_average(
        &self,
        token: &Secret<String>,
        spu_id: &str,
    ) -> Result<Option<RecentAverage>, ClientError> {
        let path = "/wxa/charge/usage/get_recent_average";
        let question = self.signed("wechat.recent_average", Method::GET, path, token).query("spuId", spu_id);
        self.http.ask(&question, wire::average).await
    }

    /// A usage list, of an owner or of a service provider.
    pub(super) async fn usage_list(
        &self,
        name: &'static str,
        path: &'static str,
        token: &Secret<String>,
        spu_id: &str,
        status: Option<RowStatus>,
    ) -> Result<UsageReading, ClientError> {
        let page_at = |offset: u64| async move {
            let question = self
                .signed(name, Method::GET, path, token)
                .query("spuId", spu_id)
                .query("offset", &offset.to_string())
                .query("limit", &PAGE_ROWS.to_string())
                .maybe_query("status", status.map(RowStatus::number));
            self.http.ask(&question, wire::usage_page).await
        };
        let (rows, sums) = read_all(self.hosts.name(), page_at).await?;
        Ok(UsageReading::new(rows, sums, None))
    }
}
