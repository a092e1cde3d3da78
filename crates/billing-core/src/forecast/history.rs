//! What is known of past usage, and the days it is about.

use super::{CALLS_A_DAY_MAX, Campaign, DAYS_MAX, Effect, real};
use crate::input::InputError;
use crate::time::beijing_day;
use crate::{CallsTotal, time};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// A midnight lies between two readings; if they are further apart than this, it is not known what belongs to which day
/// **A**. One reading a day, at whatever hour, tells the days apart.
const READINGS_APART_MAX: TimeDelta = TimeDelta::hours(36);

/// Days in a row without a gap, each span with what was used in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    first_day: NaiveDate,
    spans: Vec<Span>,
}

/// Days of which only the sum is known, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// How many days, at least one.
    pub days: usize,
    /// Calls of all these days together; nothing if not known.
    pub calls: Option<u64>,
}

/// The cumulative usage at an instant, as a platform reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reading {
    /// When it was read.
    pub at: DateTime<Utc>,
    /// All calls until then.
    pub cumulative: CallsTotal,
}

impl History {
    /// Calls of each day from `first_day` on; nothing where a day is not known. At most [`DAYS_MAX`] days of at most
    /// [`CALLS_A_DAY_MAX`] calls.
    pub fn daily(first_day: NaiveDate, daily: &[Option<u32>]) -> Result<Self, InputError> {
        if daily.len() > DAYS_MAX {
            return Err(InputError::new("daily", format_args!("more than {DAYS_MAX} days")));
        }
        let too_many = |calls: &Option<u32>| calls.is_some_and(|calls| calls > CALLS_A_DAY_MAX);
        if let Some(day) = daily.iter().position(too_many) {
            let message = format_args!("more than {CALLS_A_DAY_MAX} calls on a day");
            return Err(InputError::new(format!("daily[{day}]"), message));
        }
        let spans = daily.iter().map(|calls| Span { days: 1, calls: calls.map(u64::from) }).collect();
        Ok(Self { first_day, spans })
    }

    /// Differences of cumulative readings, in whole Beijing days. Nothing if no whole day lies between them.
    ///
    /// What was used until a midnight is interpolated between the readings around it. Where these are more than
    /// 36 hours apart, the midnights between them are unknown, and the days around them become one span with one sum:
    /// spread over days they would look steadier than they were. The days of the first and the last reading are only
    /// seen in part and left out. A reading below the one before is a reset: what was used between the two is unknown.
    pub fn from_readings(readings: &[Reading]) -> Option<Self> {
        Self::from_readings_by(readings, interpolated)
    }

    /// The same where somebody else tells what was used until a midnight between two readings.
    pub(crate) fn from_readings_by(
        readings: &[Reading],
        until: impl Fn(Reading, Reading, DateTime<Utc>) -> u64,
    ) -> Option<Self> {
        let mut readings = readings.to_vec();
        readings.sort_unstable();
        let midnights = resolved_midnights(&readings, until);
        let first_day = midnights.first()?.day;
        let spans = midnights.iter().zip(midnights.iter().skip(1)).map(|(from, to)| {
            let days = usize::try_from(to.day.signed_duration_since(from.day).num_days()).unwrap_or_default();
            let calls = (from.resets == to.resets).then(|| to.until.saturating_sub(from.until));
            let most = u64::from(CALLS_A_DAY_MAX).saturating_mul(u64::try_from(days).unwrap_or(u64::MAX));
            Span { days, calls: calls.filter(|calls| *calls <= most) }
        });
        let spans: Vec<Span> = spans.filter(|span| span.days > 0).collect();
        (!spans.is_empty()).then_some(Self { first_day, spans })
    }

    /// What was used so far on the day of the last reading, which is not over: since its midnight, as far as that is
    /// known. Forecasts start on this day.
    pub fn so_far(readings: &[Reading]) -> Option<u64> {
        let mut readings = readings.to_vec();
        readings.sort_unstable();
        let last = readings.last()?;
        let midnights = resolved_midnights(&readings, interpolated);
        let midnight = midnights.last().filter(|midnight| midnight.day == beijing_day(last.at))?;
        last.cumulative.get().checked_sub(midnight.until)
    }

    /// No history: forecasts start at `first_day`.
    pub const fn none(first_day: NaiveDate) -> Self {
        Self { first_day, spans: Vec::new() }
    }

    /// The same with nothing known of the days from its end until `day`, so that forecasts start there.
    #[must_use]
    pub fn followed_until(mut self, day: NaiveDate) -> Self {
        let days = day.signed_duration_since(self.first_day).num_days();
        let unknown = usize::try_from(days).unwrap_or(0).saturating_sub(self.days());
        if unknown > 0 {
            self.spans.push(Span { days: unknown, calls: None });
        }
        self
    }

    /// The same with what is known of later days. Spans that reach into those are dropped; nothing is known of the days
    /// between.
    #[must_use]
    pub fn followed_by(mut self, later: Self) -> Self {
        let before = later.first_day.signed_duration_since(self.first_day).num_days();
        let before = usize::try_from(before).unwrap_or(0);
        let mut days = 0_usize;
        self.spans.retain(|span| {
            days = days.saturating_add(span.days);
            days <= before
        });
        if before == 0 {
            return later;
        }
        let mut joined = self.followed_until(later.first_day);
        joined.spans.extend(later.spans);
        joined
    }

    /// How many of the days are known.
    pub fn known_days(&self) -> usize {
        let known = self.spans.iter().filter(|span| span.calls.is_some());
        known.fold(0, |sum, span| sum.saturating_add(span.days))
    }

    /// The first day of it.
    pub const fn first_day(&self) -> NaiveDate {
        self.first_day
    }

    /// What is known, in order.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Days from the first to the last.
    pub fn days(&self) -> usize {
        self.spans.iter().fold(0, |sum, span| sum.saturating_add(span.days))
    }
}

/// What was used until a midnight in Beijing.
struct Midnight {
    /// The day that begins.
    day: NaiveDate,
    until: u64,
    /// Resets before it: only figures of the same count can be compared.
    resets: usize,
}

fn resolved_midnights(
    readings: &[Reading],
    until: impl Fn(Reading, Reading, DateTime<Utc>) -> u64,
) -> Vec<Midnight> {
    let mut resets = 0_usize;
    let mut midnights: Vec<Midnight> = Vec::new();
    for (before, after) in readings.iter().zip(readings.iter().skip(1)) {
        if after.cumulative < before.cumulative {
            resets = resets.saturating_add(1);
            continue;
        }
        let apart = after.at.signed_duration_since(before.at);
        let far_apart = apart > READINGS_APART_MAX;
        // A reading at midnight itself needs no second one.
        let mut day = beijing_day(before.at);
        if time::beijing_midnight(day).is_none_or(|midnight| midnight < before.at) {
            let Some(next) = day.succ_opt() else { break };
            day = next;
        }
        while let Some(midnight) = time::beijing_midnight(day).filter(|midnight| *midnight <= after.at) {
            let exact = midnight == before.at || midnight == after.at;
            if exact || !far_apart {
                midnights.push(Midnight { day, until: until(*before, *after, midnight), resets });
            }
            let Some(next) = day.succ_opt() else { break };
            // Between readings far apart only the last midnight can still be exact.
            day = if far_apart { next.max(beijing_day(after.at)) } else { next };
        }
    }
    midnights.dedup_by(|later, earlier| later.day == earlier.day && later.resets == earlier.resets);
    midnights
}

fn interpolated(before: Reading, after: Reading, at: DateTime<Utc>) -> u64 {
    let used = u128::from(after.cumulative.get().saturating_sub(before.cumulative.get()));
    let part = u128::try_from(at.signed_duration_since(before.at).num_seconds()).unwrap_or_default();
    let whole = u128::try_from(after.at.signed_duration_since(before.at).num_seconds()).unwrap_or_default();
    let share = used.saturating_mul(part).checked_div(whole).unwrap_or_default();
    before.cumulative.get().saturating_add(u64::try_from(share).unwrap_or(u64::MAX))
}

/// What is special about a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day {
    /// 0 is Monday.
    pub(super) weekday: usize,
    pub(super) closed: bool,
    pub(super) campaign: Option<Effect>,
}

/// The days of a history and of the days ahead.
pub(super) fn calendar(
    first_day: NaiveDate,
    days: usize,
    closed: &BTreeSet<NaiveDate>,
    campaigns: &[Campaign],
) -> Vec<Day> {
    let campaigns: BTreeMap<NaiveDate, Effect> =
        campaigns.iter().map(|campaign| (campaign.day, campaign.effect)).collect();
    let day = |date: NaiveDate| Day {
        weekday: usize::try_from(date.weekday().num_days_from_monday()).unwrap_or_default(),
        closed: closed.contains(&date),
        campaign: campaigns.get(&date).copied(),
    };
    first_day.iter_days().take(days).map(day).collect()
}

/// An observation as a model wants it: the span's place in the calendar and its calls.
#[derive(Debug, Clone, Copy)]
pub(super) struct Observed {
    pub(super) start: usize,
    pub(super) days: usize,
    /// Nothing where it is not known or where a campaign makes it say nothing about ordinary days.
    pub(super) calls: Option<f64>,
}

impl Observed {
    /// The first day after it.
    pub(super) fn end(&self) -> usize {
        self.start.saturating_add(self.days)
    }

    /// The part of the calendar it is about.
    pub(super) fn of<'a>(&self, calendar: &'a [Day]) -> &'a [Day] {
        calendar.get(self.start..self.end()).unwrap_or_default()
    }
}

pub(super) fn observations(history: &History, calendar: &[Day]) -> Vec<Observed> {
    let mut start = 0_usize;
    let observed = history.spans.iter().map(|span| {
        let mut observed = Observed { start, days: span.days, calls: None };
        start = observed.end();
        let ordinary = observed.of(calendar).iter().all(|day| day.campaign.is_none());
        observed.calls = span.calls.filter(|_| ordinary).map(real);
        observed
    });
    observed.collect()
}
