//! How much will be used, and when the account runs out: quantiles of each day's and of cumulative usage.
//!
//! The only module that calculates with floating-point numbers: none of them is money, and every one that leaves is
//! rounded to whole calls.
//!
//! | file | job |
//! |---|---|
//! | `history` | days, gaps, and readings of a cumulative figure |
//! | `profile` | how the days of a week share its usage |
//! | `level` | the base model: a drifting level |
//! | `quantiles` | from mean and variance to quantiles |
//! | `conformal` | how wrong the model was on days it had not seen |
//! | `run_out` | when the lots run out, and what of them ends unused |
//! | `wire` | forecast files, read strictly |
//!
//! How well it does is in `docs/forecast.md`.
#![allow(clippy::float_arithmetic, reason = "the only module of the core that estimates")]

mod conformal;
mod history;
mod level;
mod profile;
mod quantiles;
mod run_out;
mod wire;

pub use history::{History, Reading, Span};
pub use run_out::{Risk, likely_course, risk, run_out};
pub use wire::parse;

use crate::Calls;
use crate::input::InputError;
use chrono::NaiveDate;
use conformal::Calibration;
use history::Day;
use level::{DRIFT_PRIOR, Model, Start};
use profile::Profile;
use quantiles::Quantiles;
use serde::{Serialize, Serializer};
use std::collections::BTreeSet;

/// Longest history and longest horizon in days.
pub const DAYS_MAX: usize = crate::plan::DAYS_MAX;
/// Most calls a day.
pub const CALLS_A_DAY_MAX: u32 = crate::plan::CALLS_A_DAY_MAX;
/// From so many known days on, errors on held-out days say how wide the band is.
pub const CALIBRATED_FROM_DAYS: usize = 28;
/// Largest campaign, in times of an ordinary day.
pub const FACTOR_MAX: f64 = 1_000.0;

/// The standard normal distribution at 95 % and 99.5 %.
const NORMAL_95: f64 = 1.644_854;
const NORMAL_99_5: f64 = 2.575_829;

/// Days in an average month.
const DAYS_A_MONTH: f64 = 365.25 / 12.0;
/// How far the level of the days ahead may be from WeChat's average of three months **A**: one standard deviation.
const AVERAGE_DOUBT: f64 = 0.25;
/// "50 or fewer" is taken as about a third of it, give or take as much: few of the small shops are near the
/// limit, and many are near nothing **A**.
const AT_MOST_SHARE: f64 = 1.0 / 3.0;
const AT_MOST_DOUBT: f64 = 1.0;
/// How far a campaign may be from what the shop expects of it: one standard deviation.
const CAMPAIGN_DOUBT: f64 = 0.3;

/// How many calls a month the account makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthlyUsage {
    /// About this many.
    About(Calls),
    /// This many or fewer: WeChat says only "50 or fewer".
    AtMost(Calls),
}

/// What is to be forecast, from what.
#[derive(Debug, Clone, PartialEq)]
pub struct ForecastInput {
    /// Past usage. Forecasts start on the day after it.
    pub history: History,
    /// WeChat's blurred average of the last three months, if known.
    pub monthly_average: Option<MonthlyUsage>,
    /// Days ahead, 1 to [`DAYS_MAX`].
    pub horizon: usize,
    /// Days, past or ahead, on which the shop is closed.
    pub closed: BTreeSet<NaiveDate>,
    /// Days, past or ahead, that are not like others, each at most once. What they used says nothing about other days.
    pub campaigns: Vec<Campaign>,
}

/// A day that is not like others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Campaign {
    /// Which.
    pub day: NaiveDate,
    /// What it does.
    pub effect: Effect,
}

/// What a campaign does to a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Effect {
    /// So many more calls; at most [`CALLS_A_DAY_MAX`].
    Extra(u32),
    /// So many times as many calls, 0 to [`FACTOR_MAX`].
    Factor(f64),
}

/// What the band rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Only "50 or fewer a month".
    MonthlyAtMost,
    /// Only the monthly average.
    MonthlyAverage,
    /// Fewer than [`CALIBRATED_FROM_DAYS`] days: how far off a forecast may be is assumed, widely.
    FewDays,
    /// Level and weekday pattern, calibrated on days held out.
    WeekdayLevel,
}

/// The 10 %, 50 % and 90 % quantile of a number of calls: finite whole numbers, never negative, `p10 <= p50 <= p90`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Band {
    /// The day.
    pub day: NaiveDate,
    /// With one chance in ten it is less.
    pub p10: f64,
    /// As likely more as less.
    pub p50: f64,
    /// With one chance in ten it is more.
    pub p90: f64,
}

/// A forecast.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Forecast {
    /// What the bands rest on.
    pub method: Method,
    /// Calls of each day.
    pub days: Vec<Band>,
    /// Calls from the first forecast day up to and including each day; not the sum of the days' quantiles.
    #[serde(serialize_with = "bands")]
    pub cumulative: Vec<Cumulative>,
}

/// Cumulative usage until the end of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cumulative {
    day: NaiveDate,
    quantiles: Quantiles,
}

impl Cumulative {
    /// The band.
    pub fn band(&self) -> Band {
        band(self.day, &self.quantiles)
    }
}

fn bands<S: Serializer>(cumulative: &[Cumulative], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(cumulative.iter().map(Cumulative::band))
}

fn band(day: NaiveDate, quantiles: &Quantiles) -> Band {
    let [_, p10, _, _, _, _, _, _, _, p50, _, _, _, _, _, _, _, p90, _] = *quantiles;
    Band { day, p10: p10.round(), p50: p50.round(), p90: p90.round() }
}

/// Forecasts usage.
pub fn forecast(input: &ForecastInput) -> Result<Forecast, InputError> {
    Ok(fit(input)?.forecast())
}

/// A model fitted to what is known, ready to be asked about the days ahead.
#[derive(Debug)]
pub struct Fitted {
    method: Method,
    model: Model,
    calibration: Calibration,
    first_day: NaiveDate,
    ahead: Vec<Day>,
}

/// Fits a model.
pub fn fit(input: &ForecastInput) -> Result<Fitted, InputError> {
    wire::check(input)?;
    let first_day = input.history.first_day();
    let past = input.history.days();
    let days = past.saturating_add(input.horizon);
    let mut calendar = history::calendar(first_day, days, &input.closed, &input.campaigns);
    let observed = history::observations(&input.history, &calendar);
    let known = observed
        .iter()
        .filter(|span| span.calls.is_some())
        .fold(0_usize, |sum, span| sum.saturating_add(span.days));
    let start = input.monthly_average.map(start);
    let (method, start) = match (known, input.monthly_average) {
        (0, Some(MonthlyUsage::AtMost(_))) => (Method::MonthlyAtMost, start),
        (0, _) => (Method::MonthlyAverage, start),
        (CALIBRATED_FROM_DAYS.., _) => (Method::WeekdayLevel, None),
        (_, _) => (Method::FewDays, start),
    };
    let plain = || {
        let profile = Profile::estimate(&observed, &calendar);
        Model::fit(profile, DRIFT_PRIOR, &observed, &calendar, start)
    };
    let fitted = match method {
        Method::WeekdayLevel => conformal::held_out(&observed, &calendar),
        Method::FewDays => plain().map(|model| (model, Calibration::untried())),
        Method::MonthlyAtMost | Method::MonthlyAverage => plain().map(|model| (model, Calibration::stated())),
    };
    let (model, calibration) =
        fitted.ok_or_else(|| InputError::new("daily", "every day known is closed or has a campaign"))?;
    let first_day = first_day.iter_days().nth(past).unwrap_or(first_day);
    Ok(Fitted { method, model, calibration, first_day, ahead: calendar.split_off(past.min(calendar.len())) })
}

impl Fitted {
    /// What the bands rest on.
    pub const fn method(&self) -> Method {
        self.method
    }

    /// Calls that the first day ahead exceeds with one chance in two hundred: the upper end of its 99.5 % band **A**. The
    /// quantiles that are kept end at 95 %; beyond, errors are taken to be normal.
    pub fn hardly_exceeded(&self) -> Option<u64> {
        let (one, _) = self.model.ahead(&self.ahead).next()?;
        let [.., score] = self.calibration.at(1);
        Some(rounded(one.outcome(score.max(NORMAL_95) / NORMAL_95 * NORMAL_99_5)))
    }

    /// Each day ahead, and all until then.
    pub fn forecast(&self) -> Forecast {
        let mut forecast = Forecast { method: self.method, days: Vec::new(), cumulative: Vec::new() };
        let mut so_far = Quantiles::default();
        let daily = self.calibration.at(1);
        let dates = self.first_day.iter_days();
        for ((place, date), (one, sum)) in (1_usize..).zip(dates).zip(self.model.ahead(&self.ahead)) {
            let scores = self.calibration.at(place);
            forecast.days.push(band(date, &daily.map(|score| one.outcome(score))));
            for (known, score) in so_far.iter_mut().zip(scores) {
                *known = known.max(sum.outcome(score));
            }
            forecast.cumulative.push(Cumulative { day: date, quantiles: so_far });
        }
        forecast
    }

    /// The calls of whole periods, such as weeks or months, one after the other: each holds the days until the next
    /// one's first, the last one those until the forecast ends. Days before the first period belong to none. Periods in
    /// which no day is forecast are left out.
    pub fn periods(&self, firsts: &[NaiveDate]) -> Vec<Band> {
        let place = |day: NaiveDate| {
            let days = day.signed_duration_since(self.first_day).num_days();
            usize::try_from(days).unwrap_or(0).min(self.ahead.len())
        };
        let ends = firsts.iter().skip(1).map(|next| place(*next)).chain([self.ahead.len()]);
        let mut bands = Vec::new();
        for (first, end) in firsts.iter().zip(ends) {
            let from = place(*first);
            let sum = self.model.between(&self.ahead, from, end);
            // A single day scatters as single days do; a sum as sums do that end so far ahead.
            let scores = self.calibration.at(if end.saturating_sub(from) > 1 { end } else { 1 });
            if let Some(sum) = sum {
                bands.push(band(*first, &scores.map(|score| sum.outcome(score))));
            }
        }
        bands
    }
}

/// The next whole number of calls; outcomes are never negative or infinite, and a cast would stop at the ends.
#[allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates"
)]
fn rounded(calls: f64) -> u64 {
    calls.ceil() as u64
}

fn start(usage: MonthlyUsage) -> Start {
    match usage {
        MonthlyUsage::About(calls) => Start { level: real(calls.get()) / DAYS_A_MONTH, doubt: AVERAGE_DOUBT },
        MonthlyUsage::AtMost(calls) => {
            Start { level: real(calls.get()) * AT_MOST_SHARE / DAYS_A_MONTH, doubt: AT_MOST_DOUBT }
        }
    }
}

/// Exact up to 2^53, which no sum of calls here reaches.
#[allow(clippy::as_conversions, clippy::cast_precision_loss, reason = "exact below 2^53")]
const fn real(calls: u64) -> f64 {
    calls as f64
}

/// The same for a number of days.
#[allow(clippy::as_conversions, clippy::cast_precision_loss, reason = "exact below 2^53")]
const fn real_of(days: usize) -> f64 {
    days as f64
}
