//! Alerts: each crossing is told once, and again only after a refill.
//!
//! WeChat itself warns at 20, 10, 5 and 0 % of the total left and 15, 7, 3 and 1 days before a lot ends **W**; the thresholds
//! come from the [tariff](crate::tariff::AlertThresholds). When several thresholds are crossed at once, only the
//! deepest is told.

use crate::guard::Act;
use crate::lot::LotId;
use crate::{Calls, CallsTotal};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is watched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thresholds {
    /// Shares of the total left, in percent.
    pub percent_left: Vec<u8>,
    /// Days before a lot ends.
    pub days_before_end: Vec<u16>,
    /// Warn when the account is forecast to run out within so many days.
    pub runs_out_within_days: u16,
}

/// How an account stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Calls of all lots in effect, the trial included.
    pub total: CallsTotal,
    /// Calls left of them.
    pub remaining: CallsTotal,
    /// Lots in effect with calls left and an end.
    pub lots: Vec<ObservedLot>,
    /// Whole days until the account is forecast to run out; nothing if it is not.
    pub runs_out_in_days: Option<u32>,
}

/// How a lot stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedLot {
    /// Its id.
    pub lot: String,
    /// Whole days until it ends; 0 on its last day.
    pub ends_in_days: u32,
    /// Calls left.
    pub remaining: Calls,
    /// Calls forecast to be left when it ends.
    pub will_expire: Calls,
}

/// A crossing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "alert", rename_all = "snake_case")]
pub enum Alert {
    /// So many percent of the total, or fewer, are left.
    PercentLeft {
        /// The threshold crossed.
        percent: u8,
        /// Calls left.
        remaining: CallsTotal,
    },
    /// A lot with calls left ends within so many days.
    EndsSoon {
        /// The lot.
        lot: String,
        /// The threshold crossed.
        days: u16,
        /// Calls left in it.
        remaining: Calls,
    },
    /// The account is forecast to run out within the days the shop set.
    RunsOutSoon {
        /// Days until then.
        in_days: u32,
    },
    /// Calls of a lot are forecast to end unused.
    WillExpire {
        /// The lot.
        lot: String,
        /// How many.
        calls: Calls,
    },
    /// The guard acted, or would have.
    Guarded {
        /// What it did.
        act: Act,
        /// It only wrote down what it would have done.
        dry_run: bool,
        /// Calls left then.
        remaining: u64,
    },
    /// The guard wanted to act and could not for a while.
    GuardStuck {
        /// Calls left then; nothing where that was not known.
        remaining: Option<u64>,
    },
    /// Far more was used than forecast.
    UsageHigh {
        /// Calls used since midnight, or since the reading of the day before.
        calls: u64,
        /// More than that was all but impossible.
        expected: u64,
    },
}

/// What was told so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    remaining: Option<CallsTotal>,
    percent: Option<u8>,
    runs_out: bool,
    ends: BTreeMap<String, u16>,
    will_expire: Vec<String>,
    /// The last day with far more usage than forecast, until a day within the forecast has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unusual: Option<NaiveDate>,
    /// What a day hardly ever exceeded by the forecast before the last reading: a burst widens the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expected: Option<u64>,
}

/// So many calls above what is hardly ever exceeded are worth an alert: a small shop has a good day now and then **A**.
pub const UNUSUAL_MIN: u64 = 30;

impl Told {
    /// Compares what was used lately with what a day hardly ever exceeds, by the forecast before this reading where there
    /// was one. Says so once, and again only after a whole day within the forecast.
    pub fn observe_usage(&mut self, day: NaiveDate, calls: u64, expected: u64) -> Option<Alert> {
        let expected = self.expected.replace(expected).unwrap_or(expected);
        // Later than the day after: a day lies in between that was within.
        self.unusual = self.unusual.filter(|last| day.signed_duration_since(*last).num_days() < 2);
        if calls < expected.saturating_add(UNUSUAL_MIN) {
            return None;
        }
        let is_new = self.unusual.is_none();
        self.unusual = Some(day);
        is_new.then_some(Alert::UsageHigh { calls, expected })
    }

    /// Compares how the account stands with what was told, and returns what is new.
    pub fn observe(&mut self, thresholds: &Thresholds, now: &Observation) -> Vec<Alert> {
        let refilled = self.remaining.is_some_and(|before| now.remaining > before);
        self.remaining = Some(now.remaining);
        if refilled {
            // Only what no longer holds is armed again: a small refill below the threshold says nothing new.
            self.percent = self.percent.and(deepest_percent(thresholds, now));
            self.runs_out &= runs_out_soon(thresholds, now).is_some();
            let still =
                |told: &String| now.lots.iter().any(|lot| lot.lot == *told && !lot.will_expire.is_zero());
            self.will_expire.retain(still);
        }
        let mut alerts = Vec::new();
        if let Some(percent) = deepest_percent(thresholds, now)
            && self.percent.is_none_or(|told| percent < told)
        {
            self.percent = Some(percent);
            alerts.push(Alert::PercentLeft { percent, remaining: now.remaining });
        }
        if let Some(in_days) = runs_out_soon(thresholds, now)
            && !self.runs_out
        {
            self.runs_out = true;
            alerts.push(Alert::RunsOutSoon { in_days });
        }
        for lot in &now.lots {
            alerts.extend(self.observe_lot(thresholds, lot));
        }
        alerts
    }

    fn observe_lot(&mut self, thresholds: &Thresholds, lot: &ObservedLot) -> Vec<Alert> {
        let mut alerts = Vec::new();
        if lot.remaining.is_zero() || lot.lot == LotId::trial().as_str() {
            return alerts;
        }
        let crossed =
            thresholds.days_before_end.iter().filter(|days| lot.ends_in_days <= u32::from(**days)).min();
        if let Some(days) = crossed
            && self.ends.get(&lot.lot).is_none_or(|told| days < told)
        {
            self.ends.insert(lot.lot.clone(), *days);
            alerts.push(Alert::EndsSoon { lot: lot.lot.clone(), days: *days, remaining: lot.remaining });
        }
        if !lot.will_expire.is_zero() && !self.will_expire.contains(&lot.lot) {
            self.will_expire.push(lot.lot.clone());
            alerts.push(Alert::WillExpire { lot: lot.lot.clone(), calls: lot.will_expire });
        }
        alerts
    }
}

/// The deepest threshold that the share left does not exceed. An account that never had calls has no share.
fn deepest_percent(thresholds: &Thresholds, now: &Observation) -> Option<u8> {
    let total = u128::from(now.total.get());
    let left = u128::from(now.remaining.get()).saturating_mul(100);
    let reached = |percent: &u8| total > 0 && left <= total.saturating_mul(u128::from(*percent));
    thresholds.percent_left.iter().copied().filter(reached).min()
}

fn runs_out_soon(thresholds: &Thresholds, now: &Observation) -> Option<u32> {
    now.runs_out_in_days.filter(|days| *days <= u32::from(thresholds.runs_out_within_days))
}
