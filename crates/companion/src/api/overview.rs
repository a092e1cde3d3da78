use serde::Serialize;
use ts_rs::TS;

use super::{
    AccountId, AcquisitionMode, Advice, Day, Environment, Instant, OrderId, PurchaseView, Reading,
    SituationView, UsageView,
};

/// One account at a glance. Served from the cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct OverviewView {
    #[ts(as = "AccountId")]
    pub account: String,
    pub name: String,
    pub environment: Environment,
    /// The account pays nothing by a free rule.
    pub free: bool,
    /// What the shop wants to know first.
    pub situation: SituationView,
    /// The mode can be switched here at once.
    pub can_switch: bool,
    /// `None` until usage was read or typed in once.
    pub usage: Option<UsageView>,
    pub mode: Option<Reading<AcquisitionMode>>,
    /// The lots that expire first, all of that day together.
    pub next_expiry: Option<ExpiryView>,
    /// `None` where the situation does not advise.
    pub advice: Option<Advice>,
    /// The purchase that is still waiting, or the newest one.
    pub purchase: Option<PurchaseView>,
    pub alerts: Vec<AlertView>,
    /// The day on which the shop wants to hear of this account again, as long as it lies ahead.
    pub reminder: Option<Day>,
}

/// Lots that end on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ExpiryView {
    /// When the first of them ends, RFC 3339.
    pub expires_at: Instant,
    pub lots: u32,
    /// Calls left of all of them.
    pub calls: u64,
    /// Calls of them that will expire unused: an estimate. `None`: not known.
    pub wasted: Option<u64>,
}

/// A standing alert; raised once per crossing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum AlertView {
    /// A threshold of WeChat's was crossed (20, 10, 5 or 0 percent). `percent` is the share that is left, rounded down.
    QuotaLow { percent: u32, remaining: u64 },
    /// Lots end on a day that is `days` away with calls left (a threshold of WeChat's was crossed: 15, 7, 3 or 1).
    ExpiringUnused { day: Day, lots: u32, days: u32, calls: u64 },
    /// Calls of the lots that end on a day are forecast to end unused: an estimate.
    WillExpire { day: Day, lots: u32, calls: u64 },
    /// The refund window of an untouched pack closes: after seven days, or earlier with its first use, which is an
    /// estimate (`by_use`).
    RefundWindow {
        #[ts(as = "OrderId")]
        purchase: String,
        until: Instant,
        by_use: bool,
    },
    /// A pack that was handed over has not arrived.
    PurchaseWaiting {
        #[ts(as = "OrderId")]
        purchase: String,
        since: Instant,
    },
    /// A switch of the mode was asked for and not finished; the shop does it now or drops it.
    ModeUnfinished { to: AcquisitionMode, asked_at: Instant },
    /// The shop wanted to hear of the account again on this day, which has come.
    Reminder { day: Day },
}
