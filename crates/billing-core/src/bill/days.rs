//! What WeChat charged on which day, from cumulative readings.

use crate::forecast::{History, Reading};
use chrono::{DateTime, Days, NaiveDate, Utc};
use std::collections::BTreeMap;

use super::{CLOCKS_APART_MAX, SignUp, wide};

/// What WeChat charged from one reading to the next, in whole days of Beijing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChargedDays {
    /// The first of the days.
    pub first: NaiveDate,
    /// How many days; more than one where readings are missing in between.
    pub days: u32,
    /// Calls; `None` where the readings do not tell.
    pub calls: Option<u64>,
}

impl ChargedDays {
    /// Returns the last of the days.
    pub fn last(&self) -> NaiveDate {
        let further = u64::from(self.days.saturating_sub(1));
        self.first.checked_add_days(Days::new(further)).unwrap_or(NaiveDate::MAX)
    }
}

/// Returns what WeChat charged, by day, from cumulative readings.
///
/// A reading seldom falls on midnight. How many of the calls between two readings came before the midnight is what the
/// records say, never more than were charged; calls without a record count after it. As clocks differ, a record close
/// to a reading may be of a call on its other side: it counts where it is charged. Where readings are more than 36 hours
/// apart the days in between are one, as in [`History::from_readings`]: which of them a call without a record belongs to
/// cannot be known.
pub fn charged_days(readings: &[Reading], sign_ups: &[SignUp]) -> Vec<ChargedDays> {
    let authorised = sign_ups.iter().filter(|sign_up| sign_up.authorised);
    let mut recorded: Vec<_> = authorised.map(|sign_up| sign_up.at).collect();
    recorded.sort_unstable();
    let seen = seen_by(readings, &recorded);
    let until = |before: Reading, after: Reading, midnight: DateTime<Utc>| {
        if midnight == before.at {
            return before.cumulative.get();
        }
        if midnight == after.at {
            return after.cumulative.get();
        }
        let [from, to] = [before, after].map(|reading| seen.get(&reading.at).copied().unwrap_or_default());
        let between = recorded.partition_point(|at| *at < midnight).clamp(from, to.max(from));
        let [earlier, later] = [between.saturating_sub(from), to.saturating_sub(between)].map(wide);
        let charged = after.cumulative.get().saturating_sub(before.cumulative.get());
        before.cumulative.get().saturating_add(charged.saturating_sub(later).min(earlier))
    };
    let Some(history) = History::from_readings_by(readings, until) else { return Vec::new() };
    let mut first = history.first_day();
    let spans = history.spans().iter().map(|span| {
        let charged =
            ChargedDays { first, days: u32::try_from(span.days).unwrap_or(u32::MAX), calls: span.calls };
        first = charged.last().succ_opt().unwrap_or(NaiveDate::MAX);
        charged
    });
    spans.collect()
}

/// Returns how many of the records, which are in time order, each reading had seen: as many as were charged until then,
/// as far as those close to the reading leave that open.
fn seen_by(readings: &[Reading], recorded: &[DateTime<Utc>]) -> BTreeMap<DateTime<Utc>, usize> {
    let mut readings = readings.to_vec();
    readings.sort_unstable();
    let until = |at: Option<DateTime<Utc>>| at.map_or(0, |at| recorded.partition_point(|one| *one < at));
    let mut seen = BTreeMap::new();
    let mut last: Option<(Reading, usize)> = None;
    for reading in readings {
        let sure = until(reading.at.checked_sub_signed(CLOCKS_APART_MAX));
        let possible = until(reading.at.checked_add_signed(CLOCKS_APART_MAX));
        let now = match last {
            None => until(Some(reading.at)),
            Some((before, seen)) => {
                let charged = reading.cumulative.get().saturating_sub(before.cumulative.get());
                let charged = usize::try_from(charged).unwrap_or(usize::MAX);
                let sure = sure.max(seen);
                seen.saturating_add(charged).clamp(sure, possible.max(sure))
            }
        };
        seen.insert(reading.at, now);
        last = Some((reading, now));
    }
    seen
}
