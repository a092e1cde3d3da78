//! Usage over time: what was, what is likely to come, and which lot paid.

use std::collections::BTreeMap;

use billing_core::account::EventId;
use billing_core::explain::{Passed, Payer, SeenLot, Stretch, observed};
use billing_core::forecast::Band;
use billing_core::lot::LotId;
use billing_core::time::beijing_day;
use chrono::{Datelike, Days, Months, NaiveDate};

use crate::api::{
    Day, Instant, LotLife, LotSource, LotState, Origin, PassedOn, UsageAhead, UsageCurveView, UsageDays,
    UsagePeriods, UsageStretch,
};
use crate::context::Context;
use crate::error::Error;
use crate::forecast::outlook::ahead;
use crate::infra::blocking::run_blocking;
use crate::snapshot::{AccountSnapshot, read_at};
use crate::store::history::LotHistory;
use crate::usage::history::Past;

/// How far ahead is drawn: a year of months, half a year of weeks, a quarter of days.
const DAYS_AHEAD: usize = 366;
const DRAWN_DAYS: usize = 92;
const DRAWN_WEEKS: u32 = 26;
const DRAWN_MONTHS: u32 = 12;

/// The usage of an account over time, from the cache and the history. Errors: `not_found`.
pub(crate) async fn get_usage_curve(context: &Context, account: &str) -> Result<UsageCurveView, Error> {
    let (known, past) = context.snapshot_and_past(account).await?;
    run_blocking(move || curve(&known, &past)).await
}

fn curve(known: &AccountSnapshot, past: &Past) -> UsageCurveView {
    let days = past.days();
    let mut view = UsageCurveView {
        account: known.account.id.clone(),
        method: None,
        known_days: 0,
        week: UsagePeriods { past: grouped(&days, monday), ahead: Vec::new() },
        month: UsagePeriods { past: grouped(&days, first_of_month), ahead: Vec::new() },
        day: UsagePeriods { past: days, ahead: Vec::new() },
        so_far: past.so_far().map(|(day, calls)| UsageDays {
            day: Day(day),
            days: 1,
            calls: Some(calls),
            origin: Origin::Derived,
        }),
        lots: lives(known, past),
        stretches: stretches(known, past),
    };
    let Some(today) = read_at(known).map(beijing_day) else { return view };
    if let Some(ahead) = ahead(known, past, DAYS_AHEAD).filter(|_| !known.is_free()) {
        view.method = Some(ahead.method);
        view.known_days = ahead.known_days;
        view.day.ahead = ahead.fitted.forecast().days.iter().take(DRAWN_DAYS).map(shown).collect();
        let weeks = |count: u32| monday(today).checked_add_days(Days::new(7 * u64::from(count)));
        view.week.ahead = periods(&ahead.fitted.periods(&firsts(DRAWN_WEEKS, weeks)));
        let months = |count: u32| first_of_month(today).checked_add_months(Months::new(count));
        view.month.ahead = periods(&ahead.fitted.periods(&firsts(DRAWN_MONTHS, months)));
    }
    view
}

/// The first days of a number of whole periods ahead, and of the one after them.
fn firsts(count: u32, first: impl Fn(u32) -> Option<NaiveDate>) -> Vec<NaiveDate> {
    (1..=count.saturating_add(1)).filter_map(first).collect()
}

/// All but the last, which ends where the forecast does.
fn periods(bands: &[Band]) -> Vec<UsageAhead> {
    bands.split_last().map(|(_, whole)| whole.iter().map(shown).collect()).unwrap_or_default()
}

/// Whole numbers of calls that are never negative, as the core promises.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates; the core's quantiles are finite whole numbers from 0 on"
)]
fn shown(band: &Band) -> UsageAhead {
    let [p10, p50, p90] = [band.p10, band.p50, band.p90].map(|calls| calls as u64);
    UsageAhead { day: Day(band.day), p10, p50, p90 }
}

fn monday(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())).unwrap_or(day)
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// Sums of the periods that `first_of` tells apart. A sum of days that lie in two of them is shared out evenly.
fn grouped(days: &[UsageDays], first_of: impl Fn(NaiveDate) -> NaiveDate) -> Vec<UsageDays> {
    let mut groups: BTreeMap<NaiveDate, UsageDays> = BTreeMap::new();
    for span in days {
        let first = span.day.0;
        let last = first.checked_add_days(Days::new(u64::from(span.days.saturating_sub(1)))).unwrap_or(first);
        let is_split = first_of(first) != first_of(last);
        let mut given = 0;
        for (index, day) in (1_u32..).zip(first.iter_days().take(span.days as usize)) {
            let until = span.calls.map(|calls| share(calls, index, span.days));
            let group = groups.entry(first_of(day)).or_insert_with(|| UsageDays {
                day: Day(day),
                days: 0,
                calls: None,
                origin: span.origin,
            });
            group.days += 1;
            if let Some(until) = until {
                group.calls = Some(group.calls.unwrap_or(0) + until.saturating_sub(given));
                given = until;
            }
            if is_split || span.calls.is_none() {
                group.origin = Origin::Estimated;
            } else if group.origin != Origin::Estimated && span.origin == Origin::TypedIn {
                group.origin = Origin::TypedIn;
            }
        }
    }
    groups.into_values().collect()
}

/// What of a sum belongs to the first days of it.
fn share(calls: u64, days: u32, of: u32) -> u64 {
    let share = u128::from(calls) * u128::from(days) / u128::from(of.max(1));
    u64::try_from(share).unwrap_or(calls)
}

/// Every lot that was ever seen: those WeChat lists in the order of consumption, then the others.
fn lives(known: &AccountSnapshot, past: &Past) -> Vec<LotLife> {
    let listed = known.lots();
    let exhausted_at = |id: &str, total: u64| {
        let history = past.lots.iter().find(|lot| lot.id == id)?;
        let reading = history.readings.iter().find(|reading| reading.used >= total)?;
        Some(Instant(reading.at))
    };
    let life = |id: &str, source, state, total, used, start, end: Option<_>| {
        let dated = source != LotSource::Trial;
        LotLife {
            id: id.to_owned(),
            source,
            state,
            total,
            used,
            effective_at: dated.then_some(Instant(start)),
            expires_at: end.filter(|_| dated).map(Instant),
            exhausted_at: exhausted_at(id, total),
        }
    };
    let now = listed.iter().map(|lot| {
        life(&lot.id, lot.source, lot.state, lot.total, lot.used, lot.effective_at, lot.expires_at)
    });
    let gone = past.lots.iter().filter(|lot| listed.iter().all(|other| other.id != lot.id));
    let gone = gone.filter_map(|lot| {
        let last = lot.readings.last()?;
        let (start, end) = (lot.effective_at, lot.expires_at);
        Some(life(&lot.id, lot.source, LotState::Spent, last.total, last.used, start, end))
    });
    now.chain(gone).collect()
}

fn stretches(known: &AccountSnapshot, past: &Past) -> Vec<UsageStretch> {
    let until = read_at(known).unwrap_or(known.now);
    let seen: Vec<SeenLot> = past.lots.iter().filter_map(seen).collect();
    let found = observed(&seen, until).into_iter().filter_map(|stretch| shown_stretch(stretch, past));
    found.collect()
}

fn seen(lot: &LotHistory) -> Option<SeenLot> {
    let is_trial = lot.source == LotSource::Trial;
    Some(SeenLot {
        lot: if is_trial { LotId::trial() } else { LotId::from(&EventId::new(lot.id.as_str()).ok()?) },
        total: lot.readings.last()?.total,
        effective_at: lot.effective_at,
        // WeChat gives the trial an end that means "never".
        expires_at: lot.expires_at.filter(|_| !is_trial),
        used: lot.readings.iter().map(|reading| (reading.at, reading.used)).collect(),
    })
}

fn shown_stretch(stretch: Stretch, past: &Past) -> Option<UsageStretch> {
    let Payer::Lot { lot } = stretch.payer else { return None };
    let source = past.lots.iter().find(|one| one.id == lot.as_str())?.source;
    let passed = match stretch.passed {
        Passed::Exhausted => PassedOn::Exhausted,
        Passed::Expired | Passed::Refunded => PassedOn::Expired,
        Passed::EndsLater { than } => PassedOn::EndsLater(than.to_string()),
        Passed::ChargingStarted | Passed::Refilled | Passed::StillOpen => PassedOn::StillOpen,
    };
    Some(UsageStretch {
        from: Instant(stretch.from),
        until: Instant(stretch.until),
        lot: lot.to_string(),
        source,
        calls: stretch.calls,
        passed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(day: &str, days: u32, calls: Option<u64>) -> UsageDays {
        UsageDays { day: Day(day.parse().unwrap()), days, calls, origin: Origin::Derived }
    }

    fn shown(groups: &[UsageDays]) -> Vec<(String, u32, Option<u64>, Origin)> {
        groups.iter().map(|group| (group.day.to_string(), group.days, group.calls, group.origin)).collect()
    }

    #[test]
    fn weeks_begin_on_monday_and_hold_their_days() {
        // 2026-11-20 is a Friday.
        let past = [
            days("2026-11-20", 1, Some(3)),
            days("2026-11-21", 1, Some(4)),
            days("2026-11-22", 1, Some(0)),
            days("2026-11-23", 1, Some(5)),
        ];
        assert_eq!(
            shown(&grouped(&past, monday)),
            [
                ("2026-11-20".to_owned(), 3, Some(7), Origin::Derived),
                ("2026-11-23".to_owned(), 1, Some(5), Origin::Derived)
            ]
        );
        assert_eq!(
            shown(&grouped(&past, first_of_month)),
            [("2026-11-20".to_owned(), 4, Some(12), Origin::Derived)]
        );
    }

    #[test]
    fn a_sum_over_two_months_is_shared_out_and_says_so() {
        let past = [days("2026-11-29", 4, Some(10)), days("2026-12-03", 1, None)];
        assert_eq!(
            shown(&grouped(&past, first_of_month)),
            [
                ("2026-11-29".to_owned(), 2, Some(5), Origin::Estimated),
                ("2026-12-01".to_owned(), 3, Some(5), Origin::Estimated)
            ]
        );
    }

    #[test]
    fn nothing_known_stays_unknown() {
        assert_eq!(
            shown(&grouped(&[days("2026-11-29", 1, None)], monday)),
            [("2026-11-29".to_owned(), 1, None, Origin::Estimated)]
        );
        assert_eq!(grouped(&[], monday), []);
    }
}
