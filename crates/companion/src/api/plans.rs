use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{BoughtPacks, Day, GivenDay, Money, PackId, Reading, RunOutView};

/// What the shop imagines instead of what is known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, TS)]
pub struct WhatIf {
    /// Calls a month; `None`: as known.
    pub monthly_calls: Option<u64>,
    /// A day that is not like others.
    pub campaign: Option<CampaignWish>,
    /// At most so many purchases within the year.
    pub max_purchases: Option<u32>,
}

/// A campaign: on one day so many calls more.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct CampaignWish {
    /// From today to a year ahead.
    pub day: GivenDay,
    pub extra_calls: u32,
}

/// The next twelve months, one plan next to another: all of it estimated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PlansView {
    /// Calls a month the plans are for.
    pub monthly_calls: u64,
    /// The volume is WeChat's "50 or fewer" or a guess, not a reading.
    pub monthly_is_estimate: bool,
    pub remaining: Reading<u64>,
    /// When the quota is used up if nothing is bought.
    pub run_out: RunOutView,
    pub advice: PlanAdvice,
    /// The first one buys nothing; then the best plan, and those that start with another pack, best first.
    pub plans: Vec<PlanView>,
    /// The first and the last day a campaign can be on.
    pub first_day: Day,
    pub last_day: Day,
}

/// What we would do, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PlanAdvice {
    /// What is there lasts; a dated pack would only age.
    BuyNothing {
        look_again: Day,
        lasts_until: Option<Day>,
        /// Days of validity that would pass unused, were the pack of the best plan bought today.
        idle_days: Option<u32>,
        /// The pack that the best plan buys later; `None`: none is needed within the year.
        #[ts(as = "Option<PackId>")]
        later: Option<String>,
    },
    Buy {
        #[ts(as = "PackId")]
        pack: String,
        /// The day on which it is needed.
        needed_on: Day,
        /// How long the account lasts with the plan's purchases.
        lasts_until: Option<Day>,
        reasons: Vec<AdviceReason>,
    },
    /// No purchases within the limit serve the usage.
    Cannot,
    /// The figures are too old to advise from.
    TooOld,
}

/// Why a pack is advised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AdviceReason {
    NothingLeft,
    RunsOutSoon,
    Cheapest,
    FewestPurchases,
    LeastWaste,
    MostLeft,
    OnceIsEnough,
}

/// One plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PlanView {
    /// The pack bought first; `None`: nothing is bought.
    #[ts(as = "Option<PackId>")]
    pub first: Option<String>,
    /// Yuan over the twelve months.
    pub cost: Money,
    /// Calls that expire unused within the twelve months.
    pub wasted: u64,
    /// Calls still usable after them.
    pub left: u64,
    /// Number of purchases.
    pub purchases: u32,
    /// What is bought, in the order of the first purchase of each.
    pub packs: Vec<BoughtPacks>,
    /// When to buy what: the first twelve of them.
    pub schedule: Vec<PlannedPurchase>,
    /// The chance that the quota runs out although these purchases are made; `None` where it cannot be estimated.
    pub risk: Option<RunOutRisk>,
    pub rank: PlanRank,
    /// What is worse than with the best plan; `None` for the best plan itself and for buying nothing.
    pub drawback: Option<Drawback>,
}

/// When to buy which pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PlannedPurchase {
    pub day: Day,
    #[ts(as = "PackId")]
    pub pack: String,
}

/// How likely the quota runs out within the twelve months.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RunOutRisk {
    pub level: RiskLevel,
    /// At most so many percent, in steps of five.
    pub at_most_percent: u8,
    /// From this day on with one chance in ten or more.
    pub from: Option<Day>,
}

/// The ends of the scale have words of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RiskLevel {
    /// Smaller than can be estimated.
    Small,
    Some,
    /// All but certain.
    Certain,
}

/// Where a plan stands among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PlanRank {
    /// Nothing is bought.
    Nothing,
    /// No plan is better.
    Best,
    /// It starts with the next smaller pack of the same validity.
    Smaller,
    /// It starts with the next bigger one.
    Bigger,
    /// The next best one with other packs, whatever its size.
    RunnerUp,
    Other,
}

/// What is worse than with the best plan: the first that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Drawback {
    CostsMore {
        yuan: Money,
    },
    MoreErrands {
        times: u32,
    },
    MoreWaste {
        calls: u64,
    },
    LessLeft {
        calls: u64,
    },
    /// Neither: it is as good.
    Nothing,
}
