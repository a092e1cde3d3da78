use std::collections::BTreeMap;

use billing_core::guard::Act;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ErrorCode, Instant, ProviderId};

/// Whether the guard (守护) acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GuardState {
    Off,
    /// It only writes down what it would do.
    DryRun,
    On,
}

/// What the thresholds of a guard count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GuardMeasure {
    /// Calls left.
    Calls,
    /// Days until the account is likely to run out.
    Days,
}

/// What a guard does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GuardAct {
    /// Members type their numbers from now on.
    ToManual,
    /// Customers authorise again.
    Back,
    /// A pack of a bulk order was allocated to the account.
    Allocate,
}

impl From<Act> for GuardAct {
    fn from(act: Act) -> Self {
        match act {
            Act::ToManual => Self::ToManual,
            Act::Back => Self::Back,
            Act::Allocate => Self::Allocate,
        }
    }
}

impl From<GuardAct> for Act {
    fn from(act: GuardAct) -> Self {
        match act {
            GuardAct::ToManual => Self::ToManual,
            GuardAct::Back => Self::Back,
            GuardAct::Allocate => Self::Allocate,
        }
    }
}

/// How an act of the guard ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GuardActState {
    /// Written down; the outcome is not known yet.
    Open,
    Done,
    Failed,
}

/// What the shop wants of the guard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct GuardRule {
    pub state: GuardState,
    pub measure: GuardMeasure,
    /// It acts when less is left.
    pub act_below: u32,
    /// It goes back when that much is left again, after a refill; more than `act_below`.
    pub back_at: u32,
    /// Most acts a day, at least 2.
    pub acts_a_day: u32,
    /// From whose bulk orders it may allocate; `None`: no pool is used.
    pub pool: Option<GuardPool>,
    /// This computer guards where the platform cannot tell computers apart.
    pub this_computer: bool,
}

/// A bulk pool that the guard may allocate from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct GuardPool {
    #[ts(as = "ProviderId")]
    pub provider: String,
    /// Most calls a day.
    pub calls_a_day: u32,
}

/// Why the guard leaves things as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GuardWhy {
    /// What is left is not known, or the mode is not.
    Unknown,
    Enough,
    /// A person let members type their numbers; only a person ends that.
    ManualByPerson,
    /// A person let customers authorise although little was left.
    AuthorizedByPerson,
    WaitsForRefill,
    WaitsForAllocation,
    DailyLimit,
    /// A switch is under way.
    ChangeUnderWay,
}

/// What the guard would do by the figures that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum GuardNow {
    Nothing { why: GuardWhy },
    Would { act: GuardAct },
}

/// An act of the guard, or what it would have done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct GuardActView {
    pub id: String,
    pub act: GuardAct,
    pub dry_run: bool,
    pub state: GuardActState,
    pub at: Instant,
    pub measure: GuardMeasure,
    /// The threshold that was crossed.
    pub threshold: u32,
    /// Calls left then.
    pub remaining: u64,
    /// Days of cover then; `None`: more than two years, or not known.
    pub cover_days: Option<u32>,
    /// Calls that were allocated.
    pub calls: Option<u64>,
    /// Why it failed.
    pub code: Option<ErrorCode>,
}

/// The guard of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct GuardView {
    /// The shop's rule; one to begin with before there is any.
    pub rule: GuardRule,
    /// Usage is read and the member-card platform is connected: without both there is nothing to guard.
    pub can_guard: bool,
    /// Accounts are read without anybody asking; otherwise the guard never sees anything.
    pub reads_by_itself: bool,
    pub now: GuardNow,
    /// Why the guard could not do what it wanted to.
    pub trouble: Option<GuardTrouble>,
    /// What this computer is called where several guard; `None` until it has guarded.
    pub label: Option<String>,
    /// Acts of today, of those that the rule allows.
    pub acts_today: u32,
    /// The last acts, newest first.
    pub acts: Vec<GuardActView>,
}

/// What keeps a guard from its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct GuardTrouble {
    pub code: ErrorCode,
    pub since: Instant,
    /// Values for the text of the code.
    pub params: BTreeMap<String, String>,
}
