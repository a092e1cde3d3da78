//! When what the account has is used up, and what of it ends unused.
//!
//! Each quantile of cumulative usage is taken as one way things may go: more used until a day means out of calls no
//! later. For one lot the dates and the waste found so are exactly those of the forecast's distribution.

use super::{Forecast, quantiles::SHARES};
use crate::Calls;
use crate::plan::{self, PlanPack, Purchase};
use crate::recommend::{RemainingLot, RunOut, after_trial, dated_lots};
use chrono::NaiveDate;

/// When the account runs out, if nothing is bought: with one chance in ten earlier than `earliest`, as likely before
/// `likely` as after, with one chance in ten later than `latest`. Nothing means: not within the forecast. Day 0 of the
/// lots is the first day of the forecast.
pub fn run_out(forecast: &Forecast, lots: &[RemainingLot]) -> RunOut {
    let dated = dated_lots(lots);
    let date = |share: f64| {
        let place = SHARES.iter().position(|other| *other >= share)?;
        let daily = after_trial(daily(forecast, place), lots);
        let day = plan::first_unserved_day(&daily, &dated)?;
        forecast.cumulative.get(day).map(|cumulative| cumulative.day)
    };
    RunOut { earliest: date(0.90), likely: date(0.50), latest: date(0.10) }
}

/// The chance that purchases do not last the forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Risk {
    /// At most so many percent, in steps of 5 from 5 to 100: with 5 it is smaller than can be told, with 100 all but
    /// certain.
    pub at_most_percent: u8,
    /// From this day on with one chance in ten or more; nothing if it stays smaller.
    pub from: Option<NaiveDate>,
}

/// The chance that the account runs out within the forecast although these purchases are made, each when nothing else is
/// left. Day 0 of the lots is the first day of the forecast.
pub fn risk(forecast: &Forecast, lots: &[RemainingLot], packs: &[PlanPack], purchases: &[Purchase]) -> Risk {
    let dated = dated_lots(lots);
    let runs_out = |place: usize| {
        let daily = after_trial(daily(forecast, place), lots);
        plan::first_unserved_day_after(&daily, &dated, packs, purchases)
    };
    // More usage runs out no later, so the ways that last are the first ones.
    let lasting = (0..SHARES.len()).take_while(|place| runs_out(*place).is_none()).count();
    let percent = lasting.checked_mul(5).and_then(|share| 100_usize.checked_sub(share));
    let from = SHARES.iter().position(|share| *share >= 0.90).and_then(runs_out);
    Risk {
        at_most_percent: percent.and_then(|percent| u8::try_from(percent).ok()).unwrap_or(100),
        from: from.and_then(|day| forecast.cumulative.get(day)).map(|cumulative| cumulative.day),
    }
}

/// For each lot, how many of its calls are expected to end unused, in whole calls; nothing for the trial and for lots
/// that end after the forecast.
pub fn expected_waste(forecast: &Forecast, lots: &[RemainingLot]) -> Vec<Option<Calls>> {
    let dated = dated_lots(lots);
    let mut sums = vec![0_u64; dated.len()];
    for place in 0..SHARES.len() {
        let daily = after_trial(daily(forecast, place), lots);
        for (sum, unused) in sums.iter_mut().zip(plan::unused_of_lots(&daily, &dated)) {
            *sum = sum.saturating_add(unused);
        }
    }
    let mut means = sums.iter().map(|sum| {
        let ways = u64::try_from(SHARES.len()).unwrap_or(1);
        sum.saturating_add(ways / 2).checked_div(ways).and_then(|mean| Calls::new(mean).ok())
    });
    let horizon = forecast.cumulative.len();
    let ends = |days: u32| usize::try_from(days).is_ok_and(|days| days <= horizon);
    lots.iter()
        .map(|lot| match lot.usable_days {
            None => None,
            Some(days) => means.next().flatten().filter(|_| ends(days)),
        })
        .collect()
}

impl Forecast {
    /// Whole calls of each day on the way of the median of cumulative usage.
    pub fn likely_days(&self) -> Vec<u64> {
        SHARES.iter().position(|share| *share >= 0.50).map_or_else(Vec::new, |place| daily(self, place))
    }
}

/// Whole calls of each day on the way of one quantile.
fn daily(forecast: &Forecast, place: usize) -> Vec<u64> {
    let mut before = 0_u64;
    let days = forecast.cumulative.iter().map(|cumulative| {
        let until = whole(cumulative.quantiles.get(place).copied().unwrap_or_default());
        let calls = until.saturating_sub(before);
        before = until;
        calls
    });
    days.collect()
}

/// Calls that are complete; never negative or infinite here, and a cast would stop at the ends.
#[allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates"
)]
const fn whole(calls: f64) -> u64 {
    calls as u64
}
