//! The bill beside the shop's own records: every reason why they differ, alone and together.

use billing_core::bill::{Charged, Compared, Reason, SignUp, Version, charged_days, compare};
use billing_core::forecast::Reading;
use billing_core::time::parse_instant;
use billing_core::{Calls, CallsTotal};

const DAY: &str = "2026-11-20";

/// `10:00` on the day, or a whole instant.
fn at(text: &str) -> SignUp {
    let text = if text.len() == 5 { format!("{DAY}T{text}:00+08:00") } else { format!("{text}:00+08:00") };
    SignUp {
        at: parse_instant(&text).unwrap(),
        who: None,
        version: Version::Release,
        authorised: true,
        fetched: true,
        known: false,
    }
}

fn day(first: &str, calls: u64) -> Charged {
    Charged { first: first.parse().unwrap(), days: 1, calls: Some(calls) }
}

/// members, reasons, unaccounted, uncharged
fn told(compared: &Compared) -> (u64, Vec<(Reason, u64)>, u64, u64) {
    let reasons = compared.explained.iter().map(|one| (one.reason, one.calls)).collect();
    (compared.members, reasons, compared.unaccounted, compared.uncharged)
}

/// A name, what signed up, what WeChat charged; then what both agree on, reasons, and what is left.
type Row = (&'static str, Vec<SignUp>, u64, (u64, Vec<(Reason, u64)>, u64, u64));

#[test]
fn every_reason_alone() {
    let who = |text: &str, who: u64| SignUp { who: Some(who), ..at(text) };
    let rows: [Row; 10] = [
        ("nothing at all", vec![], 0, (0, vec![], 0, 0)),
        ("all members", vec![at("10:00"), at("11:00")], 2, (2, vec![], 0, 0)),
        (
            "the same person twice",
            vec![who("10:00", 7), who("11:00", 7)],
            2,
            (1, vec![(Reason::Again, 1)], 0, 0),
        ),
        (
            "trial and development versions",
            vec![
                at("10:00"),
                SignUp { version: Version::Trial, ..at("10:01") },
                SignUp { version: Version::Develop, fetched: false, ..at("10:02") },
            ],
            3,
            (1, vec![(Reason::OtherVersion, 2)], 0, 0),
        ),
        (
            "never exchanged",
            vec![at("10:00"), SignUp { fetched: false, ..at("10:01") }],
            2,
            (1, vec![(Reason::NotFetched, 1)], 0, 0),
        ),
        (
            "a member already, say the records",
            vec![at("10:00"), SignUp { known: true, ..at("10:01") }],
            2,
            (1, vec![(Reason::Again, 1)], 0, 0),
        ),
        ("typed numbers are free", vec![SignUp { authorised: false, ..at("10:00") }], 0, (0, vec![], 0, 0)),
        ("charged, and in no record", vec![at("10:00")], 3, (1, vec![], 2, 0)),
        ("recorded, and not charged", vec![at("10:00"), at("11:00")], 1, (2, vec![], 0, 1)),
        ("of another day", vec![at("2026-11-19T10:00"), at("2026-11-21T10:00")], 0, (0, vec![], 0, 0)),
    ];
    for (what, sign_ups, calls, expected) in rows {
        let compared = compare(&[day(DAY, calls)], &sign_ups);
        assert_eq!(told(&compared[0]), expected, "{what}");
    }
}

#[test]
fn a_call_near_midnight_may_stand_on_the_neighbouring_day() {
    let next = "2026-11-21";
    // What was written down at 23:55 is charged on the next day.
    let late = compare(&[day(DAY, 1), day(next, 1)], &[at("10:00"), at("23:55")]);
    assert_eq!(told(&late[0]), (2, vec![], 0, 0));
    assert_eq!(told(&late[1]), (0, vec![(Reason::Midnight, 1)], 0, 0));
    // What was written down at 00:05 is charged on the day before.
    let early = compare(&[day(DAY, 1), day(next, 0)], &[at("2026-11-21T00:05")]);
    assert_eq!(told(&early[0]), (0, vec![(Reason::Midnight, 1)], 0, 0));
    assert_eq!(told(&early[1]), (1, vec![], 0, 0));
    // At noon there is no neighbour to look at, and with a day missing in between there is none either.
    let noon = compare(&[day(DAY, 0), day(next, 1)], &[at("12:00")]);
    assert_eq!((told(&noon[0]), told(&noon[1])), ((1, vec![], 0, 1), (0, vec![], 1, 0)));
    let apart = compare(&[day(DAY, 0), day("2026-11-22", 1)], &[at("23:55")]);
    assert_eq!((told(&apart[0]), told(&apart[1])), ((1, vec![], 0, 1), (0, vec![], 1, 0)));
    // No more than stand near midnight.
    let many = compare(&[day(DAY, 0), day(next, 5)], &[at("23:51"), at("23:59"), at("12:00")]);
    assert_eq!((many[0].uncharged, many[1].unaccounted), (1, 3));
}

fn read(text: &str, used: u64) -> Reading {
    Reading { at: at(text).at, cumulative: CallsTotal::from(Calls::new(used).unwrap()) }
}

/// (first day, days, calls)
fn days(charged: &[Charged]) -> Vec<(String, u32, Option<u64>)> {
    charged.iter().map(|one| (one.first.to_string(), one.days, one.calls)).collect()
}

#[test]
fn records_say_on_which_side_of_a_midnight_a_call_was() {
    let readings = [
        read("2026-11-19T09:00", 10),
        read("2026-11-20T09:00", 14),
        read("2026-11-21T09:00", 20),
        read("2026-11-22T09:00", 21),
    ];
    // Of the four calls until the 20th at 9 one record is older than midnight; of the six until the 21st, three are,
    // two are younger and one is in no record.
    let sign_ups = [
        at("2026-11-19T22:00"),
        at("2026-11-20T08:00"),
        at("2026-11-20T08:10"),
        at("2026-11-20T08:20"),
        at("2026-11-20T10:00"),
        at("2026-11-20T11:00"),
        at("2026-11-20T23:30"),
        at("2026-11-21T08:00"),
        at("2026-11-21T08:30"),
        at("2026-11-21T20:00"),
    ];
    let charged = charged_days(&readings, &sign_ups);
    let day = |day: &str, calls| (day.to_owned(), 1, Some(calls));
    assert_eq!(days(&charged), [day("2026-11-20", 6), day("2026-11-21", 4)]);
    let compared = compare(&charged, &sign_ups);
    assert_eq!(told(&compared[0]), (6, vec![], 0, 0));
    assert_eq!(told(&compared[1]), (3, vec![], 1, 0));
    assert_eq!(days(&charged_days(&readings[..1], &sign_ups)), []);
}

#[test]
fn a_record_right_after_a_reading_counts_where_it_is_charged() {
    // The call of 9:00 was seen by the reading of 9:00, although the shop's clock wrote it down a minute later.
    let readings = [
        read("2026-11-19T09:00", 0),
        read("2026-11-20T09:00", 1),
        read("2026-11-21T09:00", 2),
        read("2026-11-22T09:00", 2),
    ];
    for first in ["2026-11-20T09:01", "2026-11-20T08:59"] {
        let charged = charged_days(&readings, &[at(first), at("2026-11-21T08:00")]);
        let calls: Vec<_> = charged.iter().map(|one| one.calls).collect();
        assert_eq!(calls, [Some(1), Some(1)], "{first}");
    }
}

#[test]
fn records_right_after_the_readings_on_both_sides_of_midnight_stay_on_their_days() {
    // Whoever reads as soon as customers came: each call is seen by the reading a moment before its record.
    let readings = [
        read("2026-11-19T10:00", 0),
        read("2026-11-20T10:00", 6),
        read("2026-11-21T10:00", 7),
        read("2026-11-22T10:00", 7),
    ];
    let records: Vec<_> = (1..=6).map(|minute| at(&format!("2026-11-20T10:0{minute}"))).collect();
    let records = [records, vec![at("2026-11-21T10:01")]].concat();
    let charged = charged_days(&readings, &records);
    let calls: Vec<_> = charged.iter().map(|one| one.calls).collect();
    assert_eq!(calls, [Some(6), Some(1)]);
}

#[test]
fn records_never_move_more_over_midnight_than_was_charged() {
    let readings = [read("2026-11-19T00:00", 0), read("2026-11-19T20:00", 3), read("2026-11-20T20:00", 4)];
    let end = [read("2026-11-21T00:00", 4)];
    let many: Vec<_> = (0..9).map(|minute| at(&format!("2026-11-19T21:0{minute}"))).collect();
    let charged = charged_days(&[&readings[..], &end[..]].concat(), &many);
    let calls: Vec<_> = charged.iter().map(|one| one.calls).collect();
    assert_eq!(calls, [Some(4), Some(0)]);
}

#[test]
fn days_between_readings_far_apart_are_one() {
    let readings = [
        read("2026-11-19T00:00", 0),
        read("2026-11-20T00:00", 3),
        read("2026-11-23T00:00", 9),
        read("2026-11-24T00:00", 2),
    ];
    let charged = charged_days(&readings, &[]);
    assert_eq!(
        days(&charged),
        [("2026-11-19".to_owned(), 1, Some(3)), ("2026-11-20".to_owned(), 3, Some(6)),]
    );
    assert_eq!(charged[1].last(), "2026-11-22".parse().unwrap());
}

#[test]
fn reasons_say_when() {
    let sign_ups = [SignUp { fetched: false, ..at("11:00") }, SignUp { fetched: false, ..at("10:00") }];
    let compared = compare(&[day(DAY, 2)], &sign_ups);
    assert_eq!(compared[0].explained[0].times, [at("10:00").at, at("11:00").at]);
}

#[test]
fn days_without_readings_are_compared_together() {
    let span = Charged { first: DAY.parse().unwrap(), days: 3, calls: Some(4) };
    let unknown = Charged { first: "2026-11-23".parse().unwrap(), days: 1, calls: None };
    let sign_ups = [at("10:00"), at("2026-11-21T23:58"), at("2026-11-22T10:00"), at("2026-11-23T10:00")];
    let compared = compare(&[span, unknown], &sign_ups);
    assert_eq!(told(&compared[0]), (3, vec![], 1, 0), "midnight inside of the days is no edge");
    assert_eq!(told(&compared[1]), (1, vec![], 0, 0), "an unknown bill accuses nobody");
}

#[test]
fn whoever_was_a_member_before_is_no_new_one() {
    let before = SignUp { who: Some(1), ..at("2026-11-01T10:00") };
    let again = SignUp { who: Some(1), ..at("10:00") };
    let compared = compare(&[day(DAY, 1)], &[again, before]);
    assert_eq!(told(&compared[0]), (0, vec![(Reason::Again, 1)], 0, 0), "in whatever order they are given");
}

#[test]
fn nothing_is_lost_between_bill_and_records() {
    let sign_ups = [
        at("10:00"),
        SignUp { fetched: false, ..at("23:59") },
        SignUp { version: Version::Trial, ..at("00:01") },
    ];
    for calls in 0..6 {
        for next in 0..3 {
            let compared = compare(&[day(DAY, calls), day("2026-11-21", next)], &sign_ups);
            let charged: u64 = calls + next;
            let recorded: u64 = compared
                .iter()
                .map(|one| {
                    let told = one.explained.iter().filter(|told| told.reason != Reason::Midnight);
                    one.members + told.map(|told| told.calls).sum::<u64>()
                })
                .sum();
            let unaccounted: u64 = compared.iter().map(|one| one.unaccounted).sum();
            let uncharged: u64 = compared.iter().map(|one| one.uncharged).sum();
            assert_eq!(charged + uncharged, recorded + unaccounted, "{calls} {next}");
        }
    }
}
