//! Sign-ups as the member-card platform counted them by day (docs/billing-rules.md §10): forecasts start from them until
//! the readings made here say enough. Only counts of days are stored, nothing of a customer.

use std::collections::BTreeMap;

use billing_core::forecast::{CALIBRATED_FROM_DAYS, History};
use billing_core::time::beijing_day;
use chrono::NaiveDate;

use crate::store::sign_ups::{DayCounts, SignUps};

/// Twice the days of a month: WeChat's average may be this many times what the platform counted, and no more.
const TWO_MONTHS_DAYS: u128 = 61;

/// Authorised calls of each whole day that says something about them. The platform hands out a row for every day, also
/// for those before it had this shop: nothing is known of days before the first sign-up, nor of those on which members
/// typed.
pub(crate) fn counted_days(sign_ups: &SignUps) -> BTreeMap<NaiveDate, u32> {
    let today = beijing_day(sign_ups.read_at);
    let is_empty = |day: &&DayCounts| day.authorized == 0 && day.manual == 0;
    let whole = sign_ups.days.iter().filter(|day| day.day < today);
    let known = whole.skip_while(is_empty).filter(|day| day.authorized > 0 || day.manual == 0);
    known.filter_map(|day| Some((day.day, u32::try_from(day.authorized).ok()?))).collect()
}

/// The counted days before our own readings, followed by these; nothing once these suffice, or where counts say nothing.
/// `average`: WeChat's, as a plain figure. Where it is more than twice what was counted, numbers are verified elsewhere too.
pub(crate) fn history_from(
    counted: &BTreeMap<NaiveDate, u32>,
    own: Option<&History>,
    today: NaiveDate,
    average: Option<u64>,
) -> Option<History> {
    if own.is_some_and(|own| own.known_days() >= CALIBRATED_FROM_DAYS) {
        return None;
    }
    let until = own.map_or(today, History::first_day);
    let days: Vec<(NaiveDate, u32)> = counted.range(..until).map(|(day, calls)| (*day, *calls)).collect();
    let (first, last) = (days.first()?.0, days.last()?.0);
    let calls: u128 = days.iter().map(|(_, calls)| u128::from(*calls)).sum();
    let most = calls.saturating_mul(TWO_MONTHS_DAYS);
    let length = u128::try_from(days.len()).ok()?;
    if calls == 0 || average.is_some_and(|average| u128::from(average).saturating_mul(length) > most) {
        return None;
    }
    let daily: Vec<Option<u32>> =
        first.iter_days().take_while(|day| *day <= last).map(|day| counted.get(&day).copied()).collect();
    let history = History::daily(first, &daily).ok()?;
    Some(match own {
        Some(own) => history.followed_by(own.clone()),
        None => history.followed_until(today),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::samples::at;

    fn day(text: &str) -> NaiveDate {
        format!("2026-{text}").parse().unwrap()
    }

    /// Counted on 10 November at noon; `(authorised, typed)` of each day, today last.
    fn counted(days: &[(u64, u64)]) -> BTreeMap<NaiveDate, u32> {
        let dates = day("11-10").iter_days().rev().take(days.len());
        let dates: Vec<NaiveDate> = dates.collect();
        let days = dates.into_iter().rev().zip(days).map(|(day, (authorized, manual))| DayCounts {
            day,
            authorized: *authorized,
            manual: *manual,
            cards_issued: 0,
            numbers_not_fetched: 0,
        });
        let days = days.collect();
        counted_days(&SignUps { account: "a".to_owned(), read_at: at("11-10T12:00"), days })
    }

    fn own(first: &str, days: usize) -> History {
        History::daily(day(first), &vec![Some(5); days]).unwrap()
    }

    fn spans(history: &History) -> Vec<(usize, Option<u64>)> {
        history.spans().iter().map(|span| (span.days, span.calls)).collect()
    }

    #[test]
    fn what_is_not_known_is_no_zero() {
        type Case<'a> = (&'a str, &'a [(u64, u64)], &'a [(&'a str, u32)]);
        let cases: [Case<'_>; 6] = [
            ("no row", &[], &[]),
            ("not a sign-up ever", &[(0, 0), (0, 0), (0, 0)], &[]),
            ("today is not over", &[(3, 0), (9, 0)], &[("11-09", 3)]),
            (
                "before the first sign-up",
                &[(0, 0), (0, 0), (4, 0), (0, 0), (1, 0)],
                &[("11-08", 4), ("11-09", 0)],
            ),
            ("members typed", &[(4, 0), (0, 6), (2, 3), (1, 0)], &[("11-07", 4), ("11-09", 2)]),
            ("more than can be", &[(4, 0), (1 << 40, 0), (1, 0)], &[("11-08", 4)]),
        ];
        for (name, days, known) in cases {
            let known: BTreeMap<_, _> = known.iter().map(|(text, calls)| (day(text), *calls)).collect();
            assert_eq!(counted(days), known, "{name}");
        }
    }

    #[test]
    fn counts_start_a_history_and_readings_take_over() {
        let today = day("11-12");
        let days = counted(&[(4, 0), (6, 0), (0, 3), (2, 0), (9, 0)]);
        let from = |own: Option<History>, average| history_from(&days, own.as_ref(), today, average);
        let alone = from(None, None).unwrap();
        assert_eq!(alone.first_day(), day("11-06"));
        let first = [(1, Some(4)), (1, Some(6)), (1, None), (1, Some(2))];
        // Nothing is known of the day of the count and the one after it.
        assert_eq!(spans(&alone), [&first[..], &[(2, None)]].concat());
        let with_own = from(Some(own("11-10", 2)), None).unwrap();
        assert_eq!(spans(&with_own), [&first[..], &[(1, Some(5)), (1, Some(5))]].concat());
        // A day that was read is not taken from the count.
        let overlapping = from(Some(own("11-08", 2)), None).unwrap();
        assert_eq!(spans(&overlapping), [(1, Some(4)), (1, Some(6)), (1, Some(5)), (1, Some(5))]);
        assert!(from(Some(own("11-08", 27)), None).is_some());
        assert_eq!(from(Some(own("11-08", 28)), None), None, "four weeks of readings suffice");
        assert_eq!(from(Some(own("11-06", 2)), None), None, "no count before the readings");
        // Twelve calls of three days are 244 of two months: WeChat's average is of one.
        assert!(from(None, Some(244)).is_some());
        assert_eq!(from(None, Some(245)), None, "numbers are verified elsewhere too");
        let without_calls = counted(&[(0, 2), (0, 0), (0, 0), (0, 0)]);
        assert_eq!(history_from(&without_calls, None, today, None), None, "not one call");
    }
}
