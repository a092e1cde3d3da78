use serde::Serialize;
use ts_rs::TS;

use super::{AccountId, Day, Environment, GuardAct, Instant};

/// Every alert that was raised, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct InboxView {
    pub items: Vec<InboxItemView>,
    pub unread: u32,
}

/// An alert that was raised once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct InboxItemView {
    pub id: String,
    #[ts(as = "AccountId")]
    pub account: String,
    pub account_name: String,
    pub environment: Environment,
    pub alert: InboxAlert,
    pub raised_at: Instant,
    pub read: bool,
}

/// What was crossed, as it stood then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum InboxAlert {
    /// At most this percentage of the total was left.
    QuotaLow { percent: u32, remaining: u64 },
    /// The lots of a day with calls left were to end within this number of days.
    EndsSoon { day: Day, days: u32, calls: u64 },
    /// The account was forecast to run out in this number of days.
    RunsOutSoon { days: u32 },
    /// Calls of the lots of a day were forecast to end unused.
    WillExpire { day: Day, calls: u64 },
    /// The guard acted, or would have in a dry run.
    Guarded { act: GuardAct, dry_run: bool, remaining: u64 },
    /// The guard could not do what it wanted to for a while.
    GuardStuck { remaining: Option<u64> },
    /// Far more was used since midnight, or since the reading of the day before, than forecast.
    UsageHigh { calls: u64, expected: u64 },
}

/// What the system is to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeView {
    Alert(InboxItemView),
    /// Several alerts at once; the inbox has them.
    Digest {
        count: u32,
    },
}
