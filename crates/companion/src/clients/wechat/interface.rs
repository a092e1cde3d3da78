//! What WeChat says about its own interface: how often it may be asked, and what became of a call.

use std::net::IpAddr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Method;

use super::Wechat;
use super::wire::{self, QuotaQuestion, RidQuestion};
use crate::clients::error::ClientError;
use crate::secrets::Secret;

/// How often a path may still be called today. WeChat's counters may be off by about 1 % **W**.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiQuota {
    /// Calls a day.
    pub daily: u64,
    pub used: u64,
    pub remaining: u64,
    /// The account's own limit on the rate.
    pub rate: Option<RateLimit>,
    /// The third-party platform's, if one calls.
    pub component_rate: Option<RateLimit>,
}

/// At most `calls` within `within`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    pub calls: u64,
    pub within: Duration,
}

/// What became of one call, for a support ticket. WeChat's record also quotes the address and both bodies, which hold
/// tokens and secrets: of those only what is harmless is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallReport {
    pub called_at: DateTime<Utc>,
    pub took: Option<Duration>,
    /// The path without its query.
    pub path: Option<String>,
    /// The verdict of the answer.
    pub errcode: Option<i64>,
    pub client_ip: Option<IpAddr>,
}

impl Wechat {
    /// `POST /cgi-bin/openapi/quota/get`: the limits of `path`, which begins with a slash.
    pub async fn api_quota(&self, token: &Secret<String>, path: &str) -> Result<ApiQuota, ClientError> {
        let question = self
            .signed("wechat.api_quota", Method::POST, "/cgi-bin/openapi/quota/get", token)
            .json(&QuotaQuestion { cgi_path: path })?;
        self.http.ask(&question, wire::api_quota).await
    }

    /// `POST /cgi-bin/openapi/rid/get`: what became of the call of this account with the reference `rid`, within seven
    /// days.
    pub async fn call_report(&self, token: &Secret<String>, rid: &str) -> Result<CallReport, ClientError> {
        let question = self
            .signed("wechat.call_report", Method::POST, "/cgi-bin/openapi/rid/get", token)
            .json(&RidQuestion { rid })?;
        self.http.ask(&question, wire::call_report).await
    }
}
