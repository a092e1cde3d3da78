//! What past readings say: calls of each day, and the history that forecasts start from.

use std::collections::{BTreeMap, BTreeSet};

use billing_core::forecast::{History, Reading};
use billing_core::time::beijing_day;
use billing_core::{Calls, CallsTotal};
use chrono::{Days, NaiveDate, TimeDelta};

use crate::api::{Day, Origin, UsageDays};
use crate::context::Context;
use crate::error::Error;
use crate::store::history::{self, LotHistory, MeterReading};
use crate::store::mode_changes::ModeChange;

/// What is known of an account's past.
#[derive(Debug, Clone, Default)]
pub(crate) struct Past {
    /// Typed in first, then read.
    readings: Vec<MeterReading>,
    /// How many of them were typed in.
    typed: usize,
    /// Every lot that was ever seen.
    pub(crate) lots: Vec<LotHistory>,
    /// Whole days on which members typed their numbers.
    manual_days: BTreeSet<NaiveDate>,
    /// Authorised calls of whole days as the member-card platform counted them.
    pub(crate) counted: BTreeMap<NaiveDate, u32>,
}

impl Past {
    /// `changes` of the mode, newest first.
    pub(crate) fn of(history: history::History, changes: &[ModeChange]) -> Self {
        let history::History { readings, mut typed, lots } = history;
        // Once the platform is read, what is typed in adds nothing.
        if let Some(first) = readings.first() {
            typed.retain(|one| one.at < first.at);
        }
        let count = typed.len();
        typed.extend(readings);
        let until = typed.last().map(|reading| beijing_day(reading.at));
        let manual_days = until.map(|until| manual_days(changes, until)).unwrap_or_default();
        Self { readings: typed, typed: count, lots, manual_days, counted: BTreeMap::new() }
    }

    /// For forecasts; nothing while no whole day lies between two readings.
    pub(crate) fn history(&self) -> Option<History> {
        History::from_readings(&self.cumulative())
    }

    /// Calls on the day of the last reading, as far as they are known.
    pub(crate) fn so_far(&self) -> Option<(NaiveDate, u64)> {
        Some((beijing_day(self.readings.last()?.at), History::so_far(&self.cumulative())?))
    }

    /// The day of the last reading, and the calls since its midnight or since the reading before, if that is no more than
    /// a day ago: whichever is more. Without a reading at midnight much of a burst is taken for yesterday's.
    pub(crate) fn latest_use(&self) -> Option<(NaiveDate, u64)> {
        let (day, so_far) = self.so_far()?;
        let [.., before, last] = self.readings.as_slice() else { return Some((day, so_far)) };
        let is_recent = last.at.signed_duration_since(before.at) <= TimeDelta::days(1);
        let since = last.used.checked_sub(before.used).filter(|_| is_recent);
        Some((day, since.unwrap_or(0).max(so_far)))
    }

    /// Whole days without a gap, oldest first.
    pub(crate) fn days(&self) -> Vec<UsageDays> {
        let Some(history) = self.history() else { return Vec::new() };
        let last_typed = self.typed.checked_sub(1).and_then(|last| self.readings.get(last));
        let mut first = history.first_day();
        let spans = history.spans().iter().map(|span| {
            let length = u64::try_from(span.days).unwrap_or(u64::MAX);
            let is_typed = last_typed.is_some_and(|typed| first <= beijing_day(typed.at));
            let days = UsageDays {
                day: Day(first),
                days: u32::try_from(span.days).unwrap_or(u32::MAX),
                calls: span.calls,
                origin: if is_typed { Origin::TypedIn } else { Origin::Derived },
            };
            first = first.checked_add_days(Days::new(length)).unwrap_or(NaiveDate::MAX);
            days
        });
        spans.collect()
    }

    /// Whole days that say nothing about how much customers would have used: nothing was left, or members typed.
    pub(crate) fn days_without_calls(&self) -> BTreeSet<NaiveDate> {
        let mut days = self.dry_days();
        days.extend(&self.manual_days);
        days
    }

    /// Whole days on which nothing was left and nothing was used: they say nothing about how much would have been.
    fn dry_days(&self) -> BTreeSet<NaiveDate> {
        let mut days = BTreeSet::new();
        let same = |one: &MeterReading, next: &MeterReading| {
            (one.used, one.total) == (next.used, next.total) && one.used >= one.total
        };
        for run in self.readings.chunk_by(same).filter(|run| run.len() > 1) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            let between = beijing_day(first.at).iter_days().skip(1);
            days.extend(between.take_while(|day| *day < beijing_day(last.at)));
        }
        days
    }

    /// Everything that was read, oldest first.
    pub(crate) fn cumulative(&self) -> Vec<Reading> {
        let readings = self.readings.iter().map(|reading| Reading {
            at: reading.at,
            // The clients read no larger figure.
            cumulative: CallsTotal::from(Calls::new(reading.used).unwrap_or(Calls::MAX)),
        });
        readings.collect()
    }
}

/// Whole days on which members typed their numbers, before `until`. `changes`: newest first.
fn manual_days(changes: &[ModeChange], until: NaiveDate) -> BTreeSet<NaiveDate> {
    let made = changes.iter().filter_map(|change| Some((beijing_day(change.confirmed_at?), change.to)));
    let mut days = BTreeSet::new();
    let mut end = until;
    for (day, mode) in made {
        if !mode.uses_quota() {
            days.extend(day.iter_days().skip(1).take_while(|one| *one < end));
        }
        end = end.min(day);
    }
    days
}

/// Calls of each day since the first whole one, oldest first. Errors: `not_found`.
pub(crate) async fn get_usage_days(context: &Context, account: &str) -> Result<Vec<UsageDays>, Error> {
    Ok(context.snapshot_and_past(account).await?.1.days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{AcquisitionMode, ChangeState, ChangedBy};
    use billing_core::time::parse_instant;

    fn reading(time: &str, used: u64) -> MeterReading {
        MeterReading { at: parse_instant(&format!("2026-{time}:00+08:00")).unwrap(), used, total: 1_000 }
    }

    fn past(typed: Vec<MeterReading>, readings: Vec<MeterReading>) -> Past {
        Past::of(history::History { readings, typed, lots: Vec::new() }, &[])
    }

    fn shown(past: &Past) -> Vec<(String, u32, Option<u64>, Origin)> {
        past.days()
            .into_iter()
            .map(|days| (days.day.to_string(), days.days, days.calls, days.origin))
            .collect()
    }

    #[test]
    fn days_are_differences_and_the_present_one_is_marked() {
        let known = past(
            vec![],
            vec![
                reading("01-01T00:00", 10),
                reading("01-02T00:00", 14),
                reading("01-03T00:00", 14),
                reading("01-03T09:00", 17),
            ],
        );
        let day = |day: &str, calls| (day.to_owned(), 1, Some(calls), Origin::Derived);
        assert_eq!(shown(&known), [day("2026-01-01", 4), day("2026-01-02", 0)]);
        assert_eq!(known.so_far(), Some((NaiveDate::from_ymd_opt(2026, 1, 3).unwrap(), 3)));
        assert_eq!(known.latest_use(), known.so_far());
        let at_nine = |days: &[(&str, u64)]| {
            past(vec![], days.iter().map(|(time, used)| reading(time, *used)).collect()).latest_use()
        };
        let third = NaiveDate::from_ymd_opt(2026, 1, 3).unwrap();
        let days = [("01-01T09:00", 10), ("01-02T09:00", 20), ("01-03T09:00", 340)];
        assert_eq!(at_nine(&days), Some((third, 320)), "a burst since yesterday's reading");
        let days = [("01-01T00:00", 10), ("01-03T00:00", 14), ("01-03T09:00", 14)];
        assert_eq!(at_nine(&days), Some((third, 0)), "what is older is no burst");
    }

    #[test]
    fn what_was_typed_in_says_so_and_gives_way_to_the_platform() {
        let known = past(
            vec![reading("01-01T00:00", 10), reading("01-08T00:00", 80), reading("02-01T00:00", 999)],
            vec![reading("01-09T00:00", 85), reading("01-10T00:00", 90)],
        );
        assert_eq!(
            shown(&known),
            [
                ("2026-01-01".to_owned(), 7, Some(70), Origin::TypedIn),
                ("2026-01-08".to_owned(), 1, Some(5), Origin::TypedIn),
                ("2026-01-09".to_owned(), 1, Some(5), Origin::Derived),
            ]
        );
    }

    #[test]
    fn a_figure_that_falls_leaves_its_days_unknown() {
        let known = past(
            vec![],
            vec![
                reading("01-01T00:00", 900),
                reading("01-02T00:00", 910),
                reading("01-03T00:00", 20),
                reading("01-04T00:00", 25),
            ],
        );
        let calls: Vec<Option<u64>> = known.days().into_iter().map(|days| days.calls).collect();
        assert_eq!(calls, [Some(10), None, Some(5)]);
    }

    #[test]
    fn days_on_which_customers_are_turned_away_are_not_days_without_customers() {
        let readings = [
            reading("01-01T09:00", 990),
            reading("01-02T09:00", 1_000),
            reading("01-03T09:00", 1_000),
            reading("01-05T09:00", 1_000),
            reading("01-06T09:00", 1_000),
            MeterReading { total: 2_000, ..reading("01-07T09:00", 1_000) },
            MeterReading { total: 2_000, ..reading("01-09T09:00", 1_000) },
        ];
        let days = past(vec![], readings.to_vec()).dry_days();
        let days: Vec<String> = days.iter().map(ToString::to_string).collect();
        assert_eq!(days, ["2026-01-03", "2026-01-04", "2026-01-05"]);
    }

    #[test]
    fn days_on_which_members_type_say_nothing_of_customers_who_authorise() {
        let change = |time: &str, to| ModeChange {
            id: time.to_owned(),
            account: "a".to_owned(),
            from: None,
            to,
            by: ChangedBy::Guard,
            why: None,
            state: ChangeState::Confirmed,
            asked_at: reading(time, 0).at,
            confirmed_at: Some(reading(time, 0).at),
        };
        let (manual, authorized) = (AcquisitionMode::Manual, AcquisitionMode::Authorized);
        let changes = [
            change("01-09T12:00", manual),
            change("01-06T08:00", authorized),
            change("01-05T08:00", manual),
            change("01-04T20:00", authorized),
            change("01-02T12:00", manual),
        ];
        let readings = vec![reading("01-01T09:00", 1), reading("01-12T09:00", 9)];
        let history = history::History { readings, typed: Vec::new(), lots: Vec::new() };
        let days = Past::of(history, &changes).days_without_calls();
        let days: Vec<String> = days.iter().map(ToString::to_string).collect();
        assert_eq!(days, ["2026-01-03", "2026-01-10", "2026-01-11"]);
    }

    #[test]
    fn one_reading_says_nothing_of_days() {
        let known = past(vec![], vec![reading("01-01T09:00", 900)]);
        assert_eq!((shown(&known), known.so_far(), known.history()), (vec![], None, None));
        assert_eq!(shown(&Past::default()), []);
    }
}
