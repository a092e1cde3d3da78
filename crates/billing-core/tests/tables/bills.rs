//! The bill compared with the shop's own records: every reason why they differ, alone and together.

use billing_core::bill::{
    self, CallsByKind, ChargedDays, ComparedDays, Comparison, Reason, Records, SignUp, Verdict, Version,
    charged_days,
};
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

fn day(first: &str, calls: u64) -> ChargedDays {
    ChargedDays { first: first.parse().unwrap(), days: 1, calls: Some(calls) }
}

/// Compares with records that are whole, as a platform's are.
fn compare(charged: &[ChargedDays], sign_ups: &[SignUp]) -> Vec<ComparedDays> {
    bill::compare(charged, &Records { sign_ups, whole: true, unreadable: 0 }).days
}

/// Compares with the records of a file.
fn compare_file(charged: &[ChargedDays], sign_ups: &[SignUp], unreadable: u64) -> Comparison {
    bill::compare(charged, &Records { sign_ups, whole: false, unreadable })
}

/// members, reasons, missing, uncharged
fn told(compared: &ComparedDays) -> (u64, Vec<(Reason, u64)>, u64, u64) {
    let reasons = compared.explained().iter().map(|one| (one.reason, one.calls)).collect();
    (compared.recorded.members, reasons, compared.missing, compared.uncharged)
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
    assert_eq!((many[0].uncharged, many[1].missing), (1, 3));
}

fn read(text: &str, used: u64) -> Reading {
    Reading { at: at(text).at, cumulative: CallsTotal::from(Calls::new(used).unwrap()) }
}

/// (first day, days, calls)
fn days(charged: &[ChargedDays]) -> Vec<(String, u32, Option<u64>)> {
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
    assert_eq!(compared[0].explained()[0].times, [at("10:00").at, at("11:00").at]);
}

#[test]
fn days_without_readings_are_compared_together() {
    let span = ChargedDays { first: DAY.parse().unwrap(), days: 3, calls: Some(4) };
    let unknown = ChargedDays { first: "2026-11-23".parse().unwrap(), days: 1, calls: None };
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
fn more_records_than_charged_calls_never_explain_more_than_was_charged() {
    let again = |time: &str| SignUp { known: true, ..at(time) };
    let records = [at("10:00"), again("11:00"), again("12:00"), SignUp { fetched: false, ..at("13:00") }];
    let compared = compare(&[day(DAY, 2)], &records);
    let matched = CallsByKind { members: 1, again: 1, ..CallsByKind::default() };
    assert_eq!((compared[0].matched, compared[0].missing, compared[0].uncharged), (matched, 0, 2));
}

/// 20 to 22 November with `calls` on each day.
fn three_days(calls: [u64; 3]) -> Vec<ChargedDays> {
    (0..3).zip(calls).map(|(later, calls)| day(&format!("2026-11-2{later}"), calls)).collect()
}

#[test]
fn days_before_and_after_a_file_are_not_compared() {
    let records = [at("2026-11-20T10:00"), at("2026-11-21T10:00"), at("2026-11-22T10:00")];
    let charged = [vec![day("2026-11-19", 40)], three_days([1, 1, 1]), vec![day("2026-11-23", 60)]].concat();
    let compared = compare_file(&charged, &records, 0);
    assert_eq!((compared.days.len(), compared.totals.charged), (3, 3));
    assert_eq!(compared.verdict, Verdict::Agrees);
    // Days read together of which the file has a part cannot be compared either.
    let span = ChargedDays { first: "2026-11-22".parse().unwrap(), days: 3, calls: Some(9) };
    let compared = compare_file(&[three_days([1, 1, 1])[..2].to_vec(), vec![span]].concat(), &records, 0);
    assert_eq!((compared.days.len(), compared.totals.charged), (2, 2));
    let apart = compare_file(&[day("2026-12-24", 9)], &records, 0);
    assert_eq!((apart.days.len(), apart.verdict), (0, Verdict::NoCommonDay));
    assert_eq!(compare_file(&charged, &[], 0).verdict, Verdict::NoCommonDay);
}

#[test]
fn a_file_may_begin_and_end_in_the_middle_of_a_day() {
    let records = [at("2026-11-20T10:00"), at("2026-11-21T10:00"), at("2026-11-22T10:00")];
    let told = |calls| {
        let compared = compare_file(&three_days(calls), &records, 0);
        (compared.totals.open, compared.totals.missing, compared.verdict)
    };
    assert_eq!(told([3, 1, 1]), (2, 0, Verdict::Open));
    assert_eq!(told([1, 1, 4]), (3, 0, Verdict::Open));
    assert_eq!(told([3, 2, 4]), (5, 1, Verdict::Missing));
    // A platform has every sign-up: its days are whole.
    let whole = Records { sign_ups: &records, whole: true, unreadable: 0 };
    let compared = bill::compare(&three_days([3, 1, 1]), &whole);
    assert_eq!((compared.totals.missing, compared.verdict), (2, Verdict::Missing));
    let nothing = Records { sign_ups: &[], whole: true, unreadable: 0 };
    assert_eq!(bill::compare(&three_days([1, 0, 0]), &nothing).totals.missing, 1);
}

#[test]
fn records_without_a_readable_time_may_be_of_the_missing_calls() {
    let records = [at("2026-11-20T10:00"), at("2026-11-22T10:00")];
    let verdict = |unreadable| compare_file(&three_days([1, 3, 1]), &records, unreadable).verdict;
    assert_eq!([2, 3].map(verdict), [Verdict::Missing, Verdict::Open]);
}

#[test]
fn records_of_something_else_accuse_nobody() {
    let many = |count: u32| {
        let one = |one| at(&format!("2026-11-21T{:02}:{:02}", one / 60, one % 60));
        [vec![at("2026-11-20T10:00")], (0..count).map(one).collect(), vec![at("2026-11-22T10:00")]].concat()
    };
    let rows = [
        // records of the middle day, calls charged on it, verdict
        (100, 10, Verdict::TooManyRecords),
        (44, 22, Verdict::Uncharged),
        (45, 21, Verdict::TooManyRecords),
        (22, 3, Verdict::Uncharged),
        (22, 2, Verdict::TooManyRecords),
        (10, 100, Verdict::TooFewRecords),
        (20, 42, Verdict::Missing),
        (20, 45, Verdict::TooFewRecords),
        (1, 20, Verdict::Missing),
        (1, 21, Verdict::TooFewRecords),
    ];
    for (recorded, calls, expected) in rows {
        let compared = compare_file(&three_days([1, calls, 1]), &many(recorded), 0);
        assert_eq!(compared.verdict, expected, "{recorded} recorded, {calls} charged");
    }
}

#[test]
fn each_verdict_that_accuses_nobody_has_its_case() {
    let whole = |charged: u64, sign_ups: &[SignUp]| {
        bill::compare(&[day(DAY, charged)], &Records { sign_ups, whole: true, unreadable: 0 }).verdict
    };
    let again = SignUp { known: true, ..at("10:00") };
    assert_eq!(whole(0, &[]), Verdict::Agrees);
    assert_eq!(whole(1, &[at("10:00")]), Verdict::Agrees);
    assert_eq!(whole(1, &[again]), Verdict::Explained);
    assert_eq!(whole(1, &[at("10:00"), again]), Verdict::Uncharged);
    let unknown = ChargedDays { calls: None, ..day(DAY, 0) };
    let records = Records { sign_ups: &[at("10:00")], whole: true, unreadable: 0 };
    assert_eq!(bill::compare(&[unknown], &records).verdict, Verdict::NoCommonDay);
}

#[test]
fn a_call_moved_over_midnight_keeps_its_kind_in_the_totals() {
    let fetched = SignUp { fetched: false, ..at("23:55") };
    let charged = [day(DAY, 1), day("2026-11-21", 1)];
    let records = Records { sign_ups: &[at("10:00"), fetched], whole: true, unreadable: 0 };
    let totals = bill::compare(&charged, &records).totals;
    let calls = CallsByKind { members: 1, not_fetched: 1, ..CallsByKind::default() };
    assert_eq!((totals.calls, totals.moved, totals.missing), (calls, 1, 0));
}
