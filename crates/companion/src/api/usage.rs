use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Day, ErrorView, ForecastMethod, Instant, Origin, Reading};

/// Where an account's usage figures come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UsageSource {
    /// The mini-program's own AppID and AppSecret.
    AppSecret,
    /// A third-party platform that the mini-program authorised.
    Authorisation,
    /// The shop's member-card platform passes WeChat's figures on.
    MemberCard,
    /// Typed in from the console.
    TypedIn,
}

/// Where a lot came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LotSource {
    Trial,
    Paid,
    Allocated,
    Other,
}

/// Where a lot stands at the time of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LotState {
    InEffect,
    NotYet,
    /// Nothing of it can be used any more; [`LotEnd`] says why.
    Spent,
}

/// Why nothing of a lot can be used any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LotEnd {
    UsedUp,
    /// Its last day has passed; what was left of it is lost.
    Expired,
    /// The shop got its money back.
    Refunded,
    /// The provider took it back.
    TakenBack,
}

/// One lot, in the order in which lots are consumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LotView {
    /// WeChat's pkgId; `trial` for the trial quota.
    pub id: String,
    pub source: LotSource,
    pub state: LotState,
    pub total: u64,
    pub used: u64,
    pub remaining: u64,
    /// `None` for a lot that can or will be used.
    pub ended: Option<LotEnd>,
    /// RFC 3339; `None` for the trial quota.
    pub effective_at: Option<Instant>,
    pub expires_at: Option<Instant>,
    /// Calls that will expire unused at the present pace: an estimate. `None`: not known.
    pub wasted: Option<u64>,
}

/// WeChat's blurred monthly average.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct MonthlyAverage {
    pub calls: u64,
    /// WeChat says only "`calls` or fewer".
    pub at_most: bool,
}

/// Calls of an average month of the year ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct MonthlyVolume {
    pub calls: u64,
    /// It rests on WeChat's "50 or fewer" or on a guess.
    pub is_estimate: bool,
}

/// When the quota will be used up: an estimate. `None` means not within two years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RunOutView {
    pub earliest: Option<Day>,
    pub likely: Option<Day>,
    pub latest: Option<Day>,
    /// What brings the likely one: the date of the last pack, not use.
    pub by_expiry: bool,
    /// What the dates rest on.
    pub method: ForecastMethod,
    /// Days of usage that are known.
    pub known_days: u32,
}

/// Everything the usage pages show. Served from the cache; syncing runs in the background.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct UsageView {
    pub source: UsageSource,
    pub used: Reading<u64>,
    pub remaining: Reading<u64>,
    pub total: Reading<u64>,
    /// Calls of listed lots that ended unused. WeChat's total no longer counts them.
    pub expired: u64,
    /// WeChat's own figure: what it calls the recent average.
    pub average: Option<Reading<MonthlyAverage>>,
    /// What is reckoned with for the year ahead. `None`: not known.
    pub monthly: Option<MonthlyVolume>,
    pub lots: Vec<LotView>,
    pub run_out: Option<Reading<RunOutView>>,
    pub sync: SyncView,
}

/// How the last reading went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SyncView {
    pub last_tried: Option<Instant>,
    pub last_ok: Option<Instant>,
    pub running: bool,
    pub error: Option<ErrorView>,
    /// The figures are older than the sync interval allows.
    pub stale: bool,
}

/// How far the sync of all accounts is, or how the last one went.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
pub struct SyncAllView {
    pub running: bool,
    /// Accounts to read.
    pub total: usize,
    /// Accounts read, failed ones included.
    pub done: usize,
    /// Accounts whose reading failed; the reason is with each.
    pub failed: usize,
    /// Accounts left out because their platform said when it wants to be asked again.
    pub held_back: usize,
    /// It was stopped before its end.
    pub cancelled: bool,
}

/// The three numbers of the console (用量整体情况), typed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
pub struct TypedFigures {
    pub used: u64,
    pub remaining: u64,
    pub total: u64,
}

impl<T> Reading<T> {
    /// A figure with its origin and the instant it was read .
    pub fn new(value: T, origin: Origin, read_at: impl Into<Instant>) -> Self {
        Self { value, origin, read_at: read_at.into() }
    }
}
