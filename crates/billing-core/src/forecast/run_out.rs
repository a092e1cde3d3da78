//! When what the account has is used up, and what of it ends unused.
//!
//! Each quantile of cumulative usage is taken as one way things may go, all of them equally likely. More used until every
//! day mostly means out of calls no later, but not always: what is used early does not end unused, and a way may catch up
//! later. So the dates of all ways are put in order, as quantiles of one distribution must be.

use super::{Forecast, quantiles::SHARES};
use crate::plan::{self, PlanPack, Purchase};
use crate::stock::{self, Course, RemainingLot, RunOut, after_trial, dated_lots};
use chrono::NaiveDate;
use std::cmp::Reverse;

/// When the account runs out, if nothing is bought: with one chance in ten earlier than `earliest`, as likely before
/// `likely` as after, with one chance in ten later than `latest`. Nothing means: not within the forecast. Day 0 of the
/// lots is the first day of the forecast.
pub fn run_out(forecast: &Forecast, lots: &[RemainingLot]) -> RunOut {
    let dates = RunOutDates::new(forecast, lots, &[], &[]);
    RunOut { earliest: dates.at(0.90), likely: dates.at(0.50), latest: dates.at(0.10) }
}

/// One entry for each share of [`SHARES`], the latest first; nothing for a way that lasts.
struct RunOutDates(Vec<Option<NaiveDate>>);

impl RunOutDates {
    /// After purchases of a plan, each made when nothing else is left.
    fn new(forecast: &Forecast, lots: &[RemainingLot], packs: &[PlanPack], purchases: &[Purchase]) -> Self {
        let lots_with_end = dated_lots(lots);
        let runs_out = |place| {
            let daily = after_trial(daily(forecast, place), lots);
            let day = plan::first_unserved_day_after(&daily, &lots_with_end, packs, purchases)?;
            forecast.cumulative.get(day).map(|cumulative| cumulative.day)
        };
        let mut dates: Vec<_> = (0..SHARES.len()).map(runs_out).collect();
        dates.sort_unstable_by_key(|date| Reverse(date.unwrap_or(NaiveDate::MAX)));
        Self(dates)
    }

    /// Earlier than this with a chance of one less the share of usage.
    fn at(&self, share: f64) -> Option<NaiveDate> {
        let place = SHARES.iter().position(|other| *other >= share)?;
        self.0.get(place).copied().flatten()
    }
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
    let dates = RunOutDates::new(forecast, lots, packs, purchases);
    let lasting = dates.0.iter().filter(|date| date.is_none()).count();
    let percent = lasting.checked_mul(5).and_then(|share| 100_usize.checked_sub(share));
    Risk {
        at_most_percent: percent.and_then(|percent| u8::try_from(percent).ok()).unwrap_or(100),
        from: dates.at(0.90),
    }
}

/// Returns how the lots go on, on the way of the median of cumulative usage. Day 0 of the lots is the first day of the
/// forecast. What it says of waste and of the end agrees with the likely date of [`run_out`] in what it rests on.
pub fn likely_course(forecast: &Forecast, lots: &[RemainingLot]) -> Course {
    stock::course(&forecast.likely_days(), lots)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{Cumulative, Method};

    /// Cumulative usage of three days: little with shares up to one half, much with the others.
    fn forecast(little: [f64; 3], much: [f64; 3]) -> Forecast {
        let first: NaiveDate = "2024-01-01".parse().unwrap();
        let cumulative = first.iter_days().zip(little.into_iter().zip(much)).map(|(day, (little, much))| {
            Cumulative { day, quantiles: SHARES.map(|share| if share <= 0.50 { little } else { much }) }
        });
        Forecast { method: Method::MonthlyAverage, days: Vec::new(), cumulative: cumulative.collect() }
    }

    /// Much on the first day uses up the lot that ends with it and leaves the other one whole; little does not, and what
    /// comes on the third day is too much for the other one alone.
    #[test]
    fn who_uses_more_may_run_out_later_and_the_dates_are_in_order_all_the_same() {
        let lots = [(100, 1), (50, 10)].map(|(calls, days)| RemainingLot {
            remaining: crate::Calls::new(calls).unwrap(),
            usable_days: Some(days),
        });
        let forecast = forecast([0.0, 0.0, 60.0], [100.0, 100.0, 100.0]);
        let dates = run_out(&forecast, &lots);
        let third = Some("2024-01-03".parse().unwrap());
        assert_eq!(dates, RunOut { earliest: third, likely: third, latest: None });
        assert_eq!(risk(&forecast, &lots, &[], &[]), Risk { at_most_percent: 55, from: third });
    }
}
