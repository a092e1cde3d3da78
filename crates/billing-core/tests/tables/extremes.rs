//! Numbers, dates and amounts at the end of their range: exact or refused, never wrong, and never a panic.

use billing_core::account::{Action, Decision, Event, EventError};
use billing_core::time::{beijing_day, beijing_midnight, beijing_text, parse_instant};
use billing_core::{Account, AccountTerms, Calls, Days, EventId, Query, Use, Yuan};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

fn event(id: impl Into<String>, at: DateTime<Utc>, action: Action) -> Event {
    Event { id: EventId::new(id).unwrap(), at, action }
}

fn opened_at(charging_starts: DateTime<Utc>) -> Account {
    Account::open(AccountTerms { free: false, charging_starts, trial: Calls::ZERO })
}

fn noon() -> DateTime<Utc> {
    parse_instant("2024-01-01T12:00:00+08:00").unwrap()
}

/// An account whose sums are near the largest 64-bit number; in years of events it could not get there.
fn nearly_full() -> Account {
    let kept = serde_json::json!({
        "terms": { "free": false, "charging_starts": noon(), "trial": 0 },
        "now": noon(),
        "trial_used": 0,
        "lots": [],
        "blocked": u64::MAX - 1_000,
        "other_events": ["u"],
    });
    serde_json::from_value(kept).unwrap()
}

#[test]
fn sums_beyond_64_bits_are_refused_and_change_nothing() {
    let mut account = nearly_full();
    let using = |calls| Action::Use { calls: Calls::new(calls).unwrap() };
    let before = serde_json::to_string(&account).unwrap();
    assert_eq!(account.apply(&event("v", noon(), using(1_001))), Err(EventError::TotalTooLarge));
    assert_eq!(serde_json::to_string(&account).unwrap(), before);
    let blocked = account.apply(&event("v", noon(), using(1_000))).unwrap();
    let thousand = Calls::new(1_000).unwrap();
    assert_eq!(blocked, Decision::Used(Use::Metered { charged: Calls::ZERO, blocked: thousand }));
    assert_eq!(account.totals(noon()).blocked.get(), u64::MAX);
}

#[test]
fn a_million_million_calls_are_exact() {
    let mut account = opened_at(noon());
    let (calls, days) = (Calls::MAX, Days::MAX);
    for lot in 0..1_000 {
        account.apply(&event(format!("a{lot}"), noon(), Action::Allocate { calls, days })).unwrap();
    }
    for number in 0..1_001 {
        let used = account.apply(&event(format!("u{number}"), noon(), Action::Use { calls })).unwrap();
        let left = number < 1_000;
        let charged = if left { calls } else { Calls::ZERO };
        let blocked = if left { Calls::ZERO } else { calls };
        assert_eq!(used, Decision::Used(Use::Metered { charged, blocked }));
    }
    let totals = account.totals(noon());
    assert_eq!((totals.granted.get(), totals.used.get()), (10_u64.pow(15), 10_u64.pow(15)));
    assert_eq!(totals.blocked.get(), 10_u64.pow(12));
}

#[test]
fn money_beyond_what_a_decimal_holds_is_refused() {
    let price: Yuan = "999999999999999.99".parse().unwrap();
    let mut account = opened_at(noon());
    let (calls, days) = (Calls::ONE, Days::MAX);
    for order in 0..1_000 {
        let bought = Action::Purchase { calls, days, price };
        account.apply(&event(format!("o{order}"), noon(), bought)).unwrap();
    }
    assert_eq!(account.totals(noon()).paid.to_string(), "999999999999999990.00");
    for text in ["-0.01", "-999999999999999.99", "1000000000000000", "NaN", "inf", "1e3"] {
        assert!(text.parse::<Yuan>().is_err(), "{text}");
    }
}

#[test]
fn a_hundred_thousand_lots_at_one_instant_are_consumed_by_id() {
    let mut account = opened_at(noon());
    let (calls, days) = (Calls::ONE, Days::new(365).unwrap());
    let lots: u64 = 100_000;
    for lot in 0..lots {
        // Not in the order of their ids.
        let lot = lot * 7_919 % lots;
        account.apply(&event(format!("{lot:06}"), noon(), Action::Allocate { calls, days })).unwrap();
    }
    assert_eq!(account.query(noon()), Ok(Query::Allowed { remaining: Some(account.totals(noon()).granted) }));
    let mut paid = Vec::new();
    let half = Action::Use { calls: Calls::new(lots / 2).unwrap() };
    account.apply_into(&event("u", noon(), half), &mut paid).unwrap();
    let names = paid.iter().map(|share| account.lot_name(share.lot).unwrap());
    assert!(names.eq((0..lots / 2).map(|lot| format!("{lot:06}"))));
    let end = noon() + TimeDelta::days(365);
    assert_eq!(account.totals(end).expired.get(), lots / 2);
}

#[test]
fn instants_at_the_ends_of_the_calendar_are_refused_or_exact() {
    let far = |year| NaiveDate::from_ymd_opt(year, 6, 1).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc();
    let ends = [
        DateTime::<Utc>::MIN_UTC,
        far(-262_000),
        far(-1),
        far(10_000),
        far(262_000),
        DateTime::<Utc>::MAX_UTC,
    ];
    for at in ends {
        assert!(parse_instant(&beijing_text(at)).is_err(), "{at}");
        // The very last hours have no day in Beijing of their own.
        let hours = if at == DateTime::<Utc>::MAX_UTC { 32 } else { 24 };
        assert!(beijing_midnight(beijing_day(at)).is_none_or(|midnight| (at - midnight).num_hours() < hours));
        for starts in ends {
            let mut account = opened_at(starts);
            let lot = Action::Allocate { calls: Calls::ONE, days: Days::MAX };
            assert_eq!(account.apply(&event("a", at, lot)), Err(EventError::EndsTooLate), "{at} {starts}");
            let used = account.apply(&event("u", at, Action::Use { calls: Calls::ONE })).unwrap();
            let blocked = Use::Metered { charged: Calls::ZERO, blocked: Calls::ONE };
            assert_eq!(used, Decision::Used(if at < starts { Use::Free } else { blocked }));
            account.apply(&event("q", at, Action::Query)).unwrap();
            account.apply(&event("r", at, Action::Refund { order: "a".to_owned() })).unwrap();
            let kept = serde_json::to_string(&account).unwrap();
            let totals = account.totals(at);
            // What cannot be read back is refused, not read as another instant.
            if let Ok(again) = serde_json::from_str::<Account>(&kept) {
                assert_eq!((again.totals(at), again.last_event_at()), (totals, Some(at)));
            }
        }
    }
}

#[test]
fn the_last_day_with_a_text_can_be_lived_through() {
    let last = parse_instant("9999-12-31T23:59:59+08:00").unwrap();
    assert_eq!(beijing_text(last), "9999-12-31T23:59:59+08:00");
    let day = Days::new(1).unwrap();
    let mut account = opened_at(noon());
    let lot = || Action::Allocate { calls: Calls::ONE, days: day };
    assert_eq!(account.apply(&event("a", last, lot())), Err(EventError::EndsTooLate));
    assert!(account.apply(&event("a", last - TimeDelta::days(1), lot())).is_ok());
    assert_eq!(account.totals(last).expired.get(), 1);
}

#[test]
fn the_day_in_beijing_is_known_to_the_last_instant() {
    assert_eq!(beijing_day(DateTime::<Utc>::MAX_UTC), NaiveDate::MAX);
    assert_eq!(beijing_day(DateTime::<Utc>::MIN_UTC), NaiveDate::MIN);
    assert_eq!(beijing_day(noon() + TimeDelta::hours(12)), NaiveDate::from_ymd_opt(2024, 1, 2).unwrap());
}
