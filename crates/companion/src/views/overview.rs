use serde::Serialize;
use ts_rs::TS;

use super::{AcquisitionMode, Advice, Environment, LotView, PurchaseView, Reading, UsageView};

/// One account at a glance. Served from the cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct OverviewView {
    pub account: String,
    pub name: String,
    pub environment: Environment,
    /// The account pays nothing by a free rule.
    pub free: bool,
    /// `None` until usage was read or typed in once.
    pub usage: Option<UsageView>,
    pub mode: Option<Reading<AcquisitionMode>>,
    /// The lot in effect or not yet in effect that expires first.
    pub next_expiry: Option<LotView>,
    pub advice: Option<Advice>,
    /// The purchase that is still waiting, or the newest one.
    pub purchase: Option<PurchaseView>,
    pub alerts: Vec<AlertView>,
    /// The day on which the shop wants to hear of this account again, as long as it lies ahead.
    pub reminder: Option<String>,
}

/// A standing alert; raised once per crossing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum AlertView {
    /// `percent` of the total is left (a WeChat threshold was crossed: 20, 10, 5 or 0).
    QuotaLow { percent: u32, remaining: u64 },
    /// A lot ends within `days` (15, 7, 3, 1) with calls left.
    ExpiringUnused { lot: String, days: u32, calls: u64 },
    /// The refund window of an untouched pack closes: after seven days, or earlier with its first use, which is an
    /// estimate (`by_use`).
    RefundWindow { purchase: String, until: String, by_use: bool },
    /// A pack that was handed over has not arrived.
    PurchaseWaiting { purchase: String, since: String },
    /// A switch of the mode was asked for and not finished; the shop does it now or drops it.
    ModeUnfinished { to: AcquisitionMode, asked_at: String },
    /// The shop wanted to hear of the account again on this day, which has come.
    Reminder { day: String },
}
