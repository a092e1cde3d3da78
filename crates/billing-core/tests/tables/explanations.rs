//! Which lot paid for which calls, and why the turn passed on.

use crate::script::{beijing, calls};
use billing_core::account::{Action, Event};
use billing_core::explain::{Passed, Payer, SeenLot, explain, observed};
use billing_core::{Account, AccountTerms, Days, EventId, LotId};

#[test]
fn every_way_in_which_a_turn_passes_on_is_named() {
    let buy = |count, days| Action::Purchase {
        calls: calls(count),
        days: Days::new(days).unwrap(),
        price: "1.00".parse().unwrap(),
    };
    let using = |count| Action::Use { calls: calls(count) };
    let history = [
        ("2023-12-31 10:00:00", using("7")),
        ("2024-01-01 10:00:00", using("5")),
        ("2024-01-02 10:00:00", buy("10", 365)), // event 2
        ("2024-01-02 11:00:00", using("3")),
        ("2024-01-03 10:00:00", buy("10", 2)), // event 4, ends sooner
        ("2024-01-03 11:00:00", using("1")),
        ("2024-01-04 11:00:00", using("1")),
        ("2024-01-05 11:00:00", using("9")),
        ("2024-01-06 10:00:00", buy("4", 30)), // event 8
        ("2024-01-06 11:00:00", using("4")),
    ];
    let events: Vec<Event> = history
        .into_iter()
        .enumerate()
        .map(|(index, (at, action))| {
            let at: Vec<&str> = at.split(' ').collect();
            Event { id: EventId::new(format!("e{index}")).unwrap(), at: beijing(&at), action }
        })
        .collect();
    let start = beijing(&["2024-01-01", "00:00:00"]);
    let terms = AccountTerms { free: false, charging_starts: start, trial: calls("5") };
    let shown: Vec<String> = explain(Account::open(terms), &events, beijing(&["2024-02-01", "00:00:00"]))
        .unwrap()
        .into_iter()
        .map(|stretch| {
            let payer = match &stretch.payer {
                Payer::Free => "free".to_owned(),
                Payer::Nobody => "nobody".to_owned(),
                Payer::Lot { lot } => lot.to_string(),
            };
            let passed = match &stretch.passed {
                Passed::EndsLater { than } => format!("ends later than {than}"),
                other => format!("{other:?}"),
            };
            format!(
                "{} {payer} {}: {passed}",
                &billing_core::time::beijing_text(stretch.from)[..10],
                stretch.calls
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "2023-12-31 free 7: ChargingStarted",
            "2024-01-01 trial 5: Exhausted",
            "2024-01-02 e2 3: ends later than e4",
            "2024-01-03 e4 2: Expired",
            "2024-01-05 e2 7: Exhausted",
            "2024-01-05 nobody 2: Refilled",
            "2024-01-06 e8 4: Exhausted",
        ]
    );
}

#[test]
fn the_last_stretch_says_how_it_stands() {
    let at = beijing(&["2024-01-01", "10:00:00"]);
    let used = Event { id: EventId::new("u").unwrap(), at, action: Action::Use { calls: calls("3") } };
    let last = |trial: &str| {
        let terms = AccountTerms { free: false, charging_starts: at, trial: calls(trial) };
        explain(Account::open(terms), std::slice::from_ref(&used), at).unwrap().pop().unwrap()
    };
    assert_eq!(last("4").passed, Passed::StillOpen);
    assert_eq!(last("3").passed, Passed::Exhausted);
    assert_eq!((last("0").payer, last("0").passed), (Payer::Nobody, Passed::StillOpen));
    let json = serde_json::to_string(&last("3")).unwrap();
    assert_eq!(
        json,
        r#"{"from":"2024-01-01T10:00:00+08:00","until":"2024-01-01T10:00:00+08:00","payer":"lot","lot":"trial","calls":3,"why":"exhausted"}"#
    );
}

#[test]
fn nobody_used_anything_since_and_yet_the_turn_may_have_passed() {
    let at = |day: &str| beijing(&[day, "10:00:00"]);
    let event = |id: &str, day: &str, action| Event { id: EventId::new(id).unwrap(), at: at(day), action };
    let using = event("u", "2024-01-02", Action::Use { calls: calls("3") });
    let days = Days::new(30).unwrap();
    let bought = event(
        "p",
        "2024-01-03",
        Action::Purchase { calls: calls("9"), days, price: "1.00".parse().unwrap() },
    );
    let last = |charging_starts: &str, events: &[Event], until: &str| {
        let terms = AccountTerms { free: false, charging_starts: at(charging_starts), trial: calls("0") };
        let stretch = explain(Account::open(terms), events, at(until)).unwrap().pop().unwrap();
        (stretch.payer, stretch.passed)
    };
    let dry = [using.clone(), bought];
    assert_eq!(last("2024-01-01", &dry, "2024-01-04"), (Payer::Nobody, Passed::Refilled));
    // What was bought came and went.
    assert_eq!(last("2024-01-01", &dry, "2024-03-04"), (Payer::Nobody, Passed::StillOpen));
    let free = [using];
    assert_eq!(last("2024-02-01", &free, "2024-01-31"), (Payer::Free, Passed::StillOpen));
    assert_eq!(last("2024-02-01", &free, "2024-02-01"), (Payer::Free, Passed::ChargingStarted));
}

#[test]
fn readings_of_lots_are_explained_as_the_platform_charged_them() {
    let at = |day: &str| beijing(&[day, "09:00:00"]);
    let id = |text: &str| match text {
        "trial" => LotId::trial(),
        text => LotId::from(&EventId::new(text).unwrap()),
    };
    let lot = |name: &str, total, from: &str, end: Option<&str>, used: &[(&str, u64)]| SeenLot {
        lot: id(name),
        total,
        effective_at: at(from),
        expires_at: end.map(at),
        used: used.iter().map(|(day, used)| (at(day), *used)).collect(),
    };
    let lots = [
        lot("long", 100, "2024-01-01", Some("2025-01-01"), &[("2024-02-02", 3), ("2024-03-10", 10)]),
        lot("trial", 20, "2024-01-01", None, &[("2024-01-05", 12), ("2024-02-01", 18), ("2024-02-02", 20)]),
        lot("short", 50, "2024-02-20", Some("2024-03-01"), &[("2024-02-21", 0), ("2024-02-25", 30)]),
        lot("unused", 50, "2024-02-20", Some("2026-03-01"), &[("2024-02-21", 0)]),
    ];
    let told = |until: &str| -> Vec<String> {
        let stretches = observed(&lots, at(until)).into_iter().map(|stretch| {
            let Payer::Lot { lot } = &stretch.payer else { return "?".to_owned() };
            let day = |at| billing_core::time::beijing_text(at)[5..10].to_owned();
            let passed = match &stretch.passed {
                Passed::EndsLater { than } => format!("ends later than {than}"),
                other => format!("{other:?}"),
            };
            format!("{}-{} {lot} {}: {passed}", day(stretch.from), day(stretch.until), stretch.calls)
        });
        stretches.collect()
    };
    let all = [
        "01-05-02-02 trial 20: Exhausted",
        "02-02-02-02 long 3: ends later than short",
        "02-25-02-25 short 30: Expired",
        "03-10-03-10 long 7: StillOpen",
    ];
    assert_eq!(told("2024-04-01"), all);
    assert_eq!(told("2024-02-26"), [all[0], all[1], "02-25-02-25 short 30: StillOpen"]);
    assert_eq!(told("2025-02-01")[3], "03-10-03-10 long 7: Expired");
    assert_eq!(told("2024-01-01"), [""; 0]);
}
