//! WeChat's service API, as far as the owner of a mini-program needs it: a token, and two figures.
//!
//! Tokens come from `stable_token` only, never forced: it hands out the same token while that is valid, so asking
//! neither kills a token in use elsewhere nor spends the shop's twenty forced renewals a day **W**. `/cgi-bin/token`
//! would kill the token of whatever other system the shop runs.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Method;
use url::Url;

use super::answer::wrong;
use super::error::ClientError;
use super::http::{Base, Http};
use super::wechat_wire::{self as wire, Page, StableTokenQuestion};
use crate::secrets::Secret;

/// Rows per page; WeChat refuses more with 10120003 **W**.
const PAGE_ROWS: usize = 20;
/// Rows a reading may have. A shop has some dozens; a thousand is no list, but a fault.
const ROWS_MAX: u64 = 1_000;
/// Pages one reading may ask for, should the platform hand out short ones.
const PAGES_MAX: usize = 60;
/// How often the list is read from the start because it changed under the reading.
const READINGS: usize = 3;

/// WeChat's service API at one address.
#[derive(Debug, Clone)]
pub struct Wechat {
    http: Http,
    base: Base,
}

/// An access token.
#[derive(Debug)]
pub struct Token {
    pub value: Secret<String>,
    /// How long it is still good, counted from the answer; at most two hours.
    pub expires_in: Duration,
}

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
}

/// WeChat's `status` of a lot. There is none for "used up".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowStatus {
    /// 生效中
    InForce,
    /// 未生效
    NotYet,
    /// 已失效
    Lapsed,
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

impl Wechat {
    /// The API at `base`, such as `https://api.weixin.qq.com`.
    pub fn new(http: Http, base: Url) -> Self {
        Self { http, base: Base::new(base) }
    }

    /// `POST /cgi-bin/stable_token`: the valid token, or a new one in its last five minutes.
    pub async fn stable_token(&self, app_id: &str, secret: &Secret<String>) -> Result<Token, ClientError> {
        let body = StableTokenQuestion {
            grant_type: "client_credential",
            appid: app_id,
            secret: secret.expose(),
            force_refresh: false,
        };
        let question =
            self.base.question("wechat.stable_token", Method::POST, "/cgi-bin/stable_token").json(&body)?;
        self.http.ask(&question, |answer| wire::token(self.base.host(), answer)).await
    }

    /// `GET /wxa/charge/usage/get`, all pages of one consistent list.
    ///
    /// # Errors
    /// Also [`ClientError::Unsettled`] when the list changed during each of three readings.
    pub async fn usage(&self, token: &Secret<String>, spu_id: &str) -> Result<UsageReading, ClientError> {
        let mut short: Option<UsageReading> = None;
        for _ in 0..READINGS {
            match self.read_list(token, spu_id).await? {
                Listed::Complete(reading) => return Ok(reading),
                // Fewer rows than announced, and the same ones twice: that is how the platform lists them.
                Listed::Short(reading) if short.as_ref().is_some_and(|before| before.same_lots(&reading)) => {
                    tracing::warn!(rows = reading.rows.len(), "fewer rows than announced");
                    return Ok(reading);
                }
                Listed::Short(reading) => short = Some(reading),
                Listed::Moved => short = None,
            }
        }
        Err(ClientError::Unsettled { host: self.base.host().to_owned() })
    }

    /// `GET /wxa/charge/usage/get_recent_average`; `None` while the product has no recent usage.
    pub async fn recent_average(
        &self,
        token: &Secret<String>,
        spu_id: &str,
    ) -> Result<Option<RecentAverage>, ClientError> {
        let question = self
            .base
            .question("wechat.recent_average", Method::GET, "/wxa/charge/usage/get_recent_average")
            .query("access_token", token.expose())
            .query("spuId", spu_id);
        self.http.ask(&question, |answer| wire::average(self.base.host(), answer)).await
    }

    async fn read_list(&self, token: &Secret<String>, spu_id: &str) -> Result<Listed, ClientError> {
        let mut list = List::begin(self.page(token, spu_id, 0).await?);
        if list.total > ROWS_MAX {
            return Err(wrong(self.base.host(), "total"));
        }
        for _ in 1..PAGES_MAX {
            if !list.wants_more() {
                return Ok(list.end());
            }
            let page = self.page(token, spu_id, list.seen).await?;
            if page.rows.is_empty() {
                return Ok(list.end());
            }
            if !list.add(page) {
                return Ok(Listed::Moved);
            }
        }
        if list.wants_more() { Err(wrong(self.base.host(), "detailList")) } else { Ok(list.end()) }
    }

    async fn page(&self, token: &Secret<String>, spu_id: &str, offset: u64) -> Result<Page, ClientError> {
        let question = self
            .base
            .question("wechat.usage", Method::GET, "/wxa/charge/usage/get")
            .query("access_token", token.expose())
            .query("spuId", spu_id)
            .query("offset", &offset.to_string())
            .query("limit", &PAGE_ROWS.to_string());
        self.http.ask(&question, |answer| wire::page(self.base.host(), answer)).await
    }
}

impl UsageReading {
    fn same_lots(&self, other: &Self) -> bool {
        self.rows.iter().map(key).eq(other.rows.iter().map(key))
    }
}

/// How the reading of a list ended.
enum Listed {
    Complete(UsageReading),
    /// It ended before the announced number of rows.
    Short(UsageReading),
    /// Rows moved between pages; what was read may miss a lot or have it twice.
    Moved,
}

/// What tells lots apart. Trial quotas have no id of their own.
type Key = (String, Option<String>, DateTime<Utc>);

fn key(row: &UsageRow) -> Key {
    (row.pkg_id.clone(), row.sku_id.clone(), row.start)
}

/// A list as its pages come in.
struct List {
    total: u64,
    /// Rows received, repeats included: the offset of the next page.
    seen: u64,
    known: HashSet<Key>,
    reading: UsageReading,
}

impl List {
    fn begin(first: Page) -> Self {
        let mut list = Self {
            total: first.total,
            seen: 0,
            known: HashSet::new(),
            reading: UsageReading { effective_use: 0, all: first.all, rows: Vec::new(), as_of: None },
        };
        // A repeat within one page is not a move: the page is one instant. It is only dropped.
        list.take(first);
        list
    }

    fn wants_more(&self) -> bool {
        self.seen > 0 && self.seen < self.total
    }

    /// Adds a further page; `false` when the list changed since the first one.
    fn add(&mut self, page: Page) -> bool {
        let same_list = page.total == self.total && page.all == self.reading.all;
        same_list && !page.rows.iter().any(|row| self.known.contains(&key(row))) && {
            self.take(page);
            true
        }
    }

    fn take(&mut self, page: Page) {
        // Calls go on while pages are read: the newest sum counts.
        self.reading.effective_use = page.effective_use;
        for row in page.rows {
            self.seen += 1;
            if self.known.insert(key(&row)) {
                self.reading.rows.push(row);
            }
        }
    }

    fn end(self) -> Listed {
        if self.seen >= self.total { Listed::Complete(self.reading) } else { Listed::Short(self.reading) }
    }
}
