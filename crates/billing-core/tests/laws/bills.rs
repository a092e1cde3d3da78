//! Laws of the bill check, over generated bills and records (docs/billing-rules.md §15).

use billing_core::bill::{
    CallsByKind, ChargedDays, ComparedDays, Records, SignUp, Verdict, Version, compare, recorded_days,
};
use billing_core::time::beijing_midnight;
use chrono::{Days, NaiveDate, TimeDelta};
use proptest::collection::vec;
use proptest::prelude::*;

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 1).unwrap()
}

/// Stretches of one to three days, one after the other; few of them unknown.
fn bills() -> impl Strategy<Value = Vec<ChargedDays>> {
    vec((1_u32..=3, prop::option::weighted(0.9, 0_u64..12)), 0..8).prop_map(|spans| {
        let mut first = first_day();
        let charged = spans.into_iter().map(|(days, calls)| {
            let charged = ChargedDays { first, days, calls };
            first = charged.last().succ_opt().unwrap();
            charged
        });
        charged.collect()
    })
}

prop_compose! {
    /// A record up to three days before the bill and after it; minutes close to midnight are likelier than others.
    fn sign_up()(
        day in 0_u64..20,
        minute in prop_oneof![3 => 0_i64..1_440, 1 => 0_i64..10, 1 => 1_430_i64..1_440],
        who in prop::option::of(0_u64..20),
        version in prop_oneof![8 => Just(Version::Release), 1 => Just(Version::Trial), 1 => Just(Version::Develop)],
        authorised in prop::bool::weighted(0.9),
        fetched in prop::bool::weighted(0.9),
        known in prop::bool::weighted(0.1),
    ) -> SignUp {
        let day = first_day() - Days::new(3) + Days::new(day);
        let at = beijing_midnight(day).unwrap() + TimeDelta::minutes(minute);
        SignUp { at, who, version, authorised, fetched, known }
    }
}

fn parts(days: &ComparedDays) -> u64 {
    days.matched.sum() + days.moved.sum() + days.open + days.missing
}

fn is_within(part: &CallsByKind, whole: &CallsByKind) -> bool {
    part.members <= whole.members
        && part.again <= whole.again
        && part.other_version <= whole.other_version
        && part.not_fetched <= whole.not_fetched
}

proptest! {
    #[test]
    fn the_parts_of_a_bill_sum_to_what_was_charged(
        bill in bills(), sign_ups in vec(sign_up(), 0..60), whole: bool, unreadable in 0_u64..3,
    ) {
        let compared = compare(&bill, &Records { sign_ups: &sign_ups, whole, unreadable });
        for days in &compared.days {
            prop_assert_eq!(parts(days), days.charged.calls.unwrap_or_default());
            prop_assert!(is_within(&days.matched, &days.recorded));
            if days.charged.calls.is_some() {
                let explained: u64 = days.explained().iter().map(|one| one.calls).sum();
                prop_assert_eq!(explained, days.matched.explained() + days.moved.sum());
            }
        }
        let totals = compared.totals;
        prop_assert_eq!(totals.calls.sum() + totals.open + totals.missing, totals.charged);
        prop_assert_eq!(totals.charged + totals.uncharged, totals.recorded + totals.open + totals.missing);
        prop_assert!(totals.moved <= totals.calls.sum());
    }

    #[test]
    fn days_that_a_file_does_not_cover_change_nothing(bill in bills(), sign_ups in vec(sign_up(), 1..60)) {
        let records = Records { sign_ups: &sign_ups, whole: false, unreadable: 0 };
        let (first, last) = recorded_days(&sign_ups).unwrap();
        let compared = compare(&bill, &records);
        prop_assert!(compared.days.iter().all(|days| first <= days.charged.first && days.charged.last() <= last));
        // Whatever WeChat charged on the other days, the answer is the same.
        let inside = |days: &&ChargedDays| first <= days.first && days.last() <= last;
        let covered: Vec<_> = bill.iter().filter(inside).copied().collect();
        prop_assert_eq!(compare(&covered, &records), compared);
    }

    #[test]
    fn nothing_is_missing_on_the_first_and_the_last_day_of_a_file(bill in bills(), sign_ups in vec(sign_up(), 1..60)) {
        let compared = compare(&bill, &Records { sign_ups: &sign_ups, whole: false, unreadable: 0 });
        let (first, last) = recorded_days(&sign_ups).unwrap();
        for days in &compared.days {
            let is_edge = days.charged.first == first || days.charged.last() == last;
            prop_assert_eq!(if is_edge { days.missing } else { days.open }, 0);
        }
    }

    #[test]
    fn only_calls_without_any_record_are_held_against_the_bill(
        bill in bills(), sign_ups in vec(sign_up(), 0..60), whole: bool, unreadable in 0_u64..6,
    ) {
        let compared = compare(&bill, &Records { sign_ups: &sign_ups, whole, unreadable });
        let totals = compared.totals;
        if compared.verdict == Verdict::Missing {
            prop_assert!(totals.missing > unreadable);
            prop_assert!(totals.charged >= totals.calls.sum() + totals.missing);
        }
        // One more record with an unreadable time never makes an accusation.
        let more = compare(&bill, &Records { sign_ups: &sign_ups, whole, unreadable: unreadable + 1 });
        prop_assert!(more.verdict != Verdict::Missing || compared.verdict == Verdict::Missing);
    }

    #[test]
    fn the_order_of_the_records_does_not_matter(bill in bills(), sign_ups in vec(sign_up(), 0..30), whole: bool) {
        // Two records of one instant and person are not in any order.
        let mut sign_ups = sign_ups;
        sign_ups.sort_by_key(|one| (one.at, one.who));
        sign_ups.dedup_by_key(|one| (one.at, one.who));
        let reversed: Vec<_> = sign_ups.iter().rev().copied().collect();
        let compared = |sign_ups: &[SignUp]| compare(&bill, &Records { sign_ups, whole, unreadable: 0 });
        prop_assert_eq!(compared(&sign_ups), compared(&reversed));
    }
}
