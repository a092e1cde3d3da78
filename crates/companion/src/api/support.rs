use serde::Serialize;
use ts_rs::TS;

use super::Instant;

/// How often usage may still be read today. WeChat's counters may be off by about 1 %.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ApiQuotaView {
    pub daily: u64,
    pub used: u64,
    pub remaining: u64,
    pub read_at: Instant,
}

/// What became of one call, by WeChat's own record; for a support ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CallReportView {
    /// WeChat's reference of the call.
    pub rid: String,
    pub called_at: Instant,
    pub took_millis: Option<u64>,
    /// The interface that was called.
    pub path: Option<String>,
    pub errcode: Option<i64>,
    pub client_ip: Option<String>,
}
