use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AccountId, Day, Instant, LotSource, LotState, Origin};

/// Calls of one day, week or month; of several days in a row where only their sum is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct UsageDays {
    /// The first of the days.
    pub day: Day,
    pub days: u32,
    /// `None`: not known.
    pub calls: Option<u64>,
    /// `derived`: differences of what the platform showed. `typed_in`: of figures that were typed in. `estimated`: a sum
    /// was shared out, or some of the days are not known.
    pub origin: Origin,
}

/// What a forecast rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ForecastMethod {
    /// What the shop guessed.
    Guess,
    /// Only WeChat's "50 or fewer a month".
    MonthlyAtMost,
    /// Only WeChat's monthly average.
    MonthlyAverage,
    /// Days of sign-ups as the member-card platform counted them, and the first readings.
    SignUps,
    /// A few days of usage.
    FewDays,
    /// Weeks of usage: level and weekdays, with errors as they were on past days.
    WeekdayLevel,
}

/// Calls of days ahead, an estimate: with one chance in ten fewer than `p10`, with one in ten more than `p90`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct UsageAhead {
    /// The first of the days.
    pub day: Day,
    pub p10: u64,
    pub p50: u64,
    pub p90: u64,
}

/// Past and future at one grain.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
pub struct UsagePeriods {
    pub past: Vec<UsageDays>,
    pub ahead: Vec<UsageAhead>,
}

/// A lot over its life, whether or not WeChat still lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LotLife {
    pub id: String,
    pub source: LotSource,
    pub state: LotState,
    pub total: u64,
    pub used: u64,
    /// `None` for the trial quota.
    pub effective_at: Option<Instant>,
    pub expires_at: Option<Instant>,
    /// When its last call was seen to be charged; `None` while calls are left.
    pub exhausted_at: Option<Instant>,
}

/// Why the turn passed on to another lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "why", content = "than")]
pub enum PassedOn {
    /// Its last call was charged.
    Exhausted,
    /// Its validity ended.
    Expired,
    /// Another lot came that ends sooner, so it goes first.
    EndsLater(String),
    /// It did not: this lot still pays.
    StillOpen,
}

/// Calls in a row that one lot paid for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct UsageStretch {
    /// The readings between which they came.
    pub from: Instant,
    pub until: Instant,
    pub lot: String,
    pub source: LotSource,
    pub calls: u64,
    pub passed: PassedOn,
}

/// The usage of an account over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct UsageCurveView {
    #[ts(as = "AccountId")]
    pub account: String,
    /// `None`: nothing can be said of the days ahead.
    pub method: Option<ForecastMethod>,
    /// Days of usage that are known.
    pub known_days: u32,
    pub day: UsagePeriods,
    /// From Monday on.
    pub week: UsagePeriods,
    pub month: UsagePeriods,
    /// The day of the last reading, which is not over.
    pub so_far: Option<UsageDays>,
    pub lots: Vec<LotLife>,
    /// Which lot paid for which calls, oldest first.
    pub stretches: Vec<UsageStretch>,
}
