//! Everything that docs/billing-rules.md §12 refuses, with the path that must be named.

use crate::files::billing;
use billing_core::input::ReadError;
use billing_core::replay::{self, Statement};
use billing_core::{forecast, plan};

const SCENARIO: &str = r#"{
  "account": { "kind": "mini_program", "subject": "enterprise", "category": "retail", "verified": true },
  "capability": "quick",
  "charging_starts": "2023-08-28T00:00:00+08:00",
  "trial": 1000,
  "events": [
    { "id": "o1", "at": "2023-09-01T10:00:00+08:00", "type": "purchase", "calls": 1001, "days": 365, "price": "30.00" },
    { "id": "u1", "at": "2023-09-02T09:00:00+08:00", "type": "use", "calls": 1200 },
    { "id": "q1", "at": "2023-09-02T09:00:01+08:00", "type": "query" },
    { "id": "r1", "at": "2023-09-03T09:00:00+08:00", "type": "refund", "order": "o1" },
    { "id": "a1", "at": "2023-09-04T00:00:00+08:00", "type": "allocate", "calls": 500, "days": 90 }
  ],
  "report_at": "2023-10-01T00:00:00+08:00"
}"#;

const PLAN: &str = r#"{ "daily_demand": [12, 0, 40], "lots": [ { "calls": 30, "usable_days": 2 } ],
  "packs": [ { "id": "q-365-1000", "calls": 1000, "days": 365, "price": "30.00" } ],
  "bother": "0.00", "max_purchases": null }"#;

const FORECAST: &str = r#"{ "first_day": "2024-01-01", "daily": [3, 5, null, 4], "monthly_average": 260, "horizon": 90,
  "closed": ["2024-02-10", "2024-02-11"],
  "campaigns": [ { "day": "2024-03-08", "factor": 2.5 }, { "day": "2024-03-09", "extra": 40 } ] }"#;

/// What is replaced, by what, and the path that is refused.
type Row = (&'static str, &'static str, &'static str);

const REPLAY_ROWS: &[Row] = &[
    // Unknown fields, at every level and of every type of event.
    ("\"trial\"", "\"trail\"", "trail"),
    ("\"verified\": true", "\"verified\": true, \"age\": 3", "account.age"),
    ("\"calls\": 1200", "\"calls\": 1200, \"note\": \"x\"", "events[1].note"),
    ("\"calls\": 1200", "\"calls\": 1200, \"days\": 3", "events[1].days"),
    ("\"calls\": 1200", "\"calls\": 1200, \"price\": \"1.00\"", "events[1].price"),
    ("\"calls\": 1200", "\"calls\": 1200, \"order\": \"o1\"", "events[1].order"),
    ("\"type\": \"query\"", "\"type\": \"query\", \"calls\": 1", "events[2].calls"),
    ("\"days\": 90", "\"days\": 90, \"price\": \"1.00\"", "events[4].price"),
    // Unknown words.
    ("\"type\": \"use\"", "\"type\": \"usage\"", "events[1].type"),
    ("\"type\": \"use\"", "\"type\": {\"use\": null}", "events[1].type"),
    ("mini_program", "mini_shop", "account.kind"),
    ("enterprise", "company", "account.subject"),
    ("retail", "shop", "account.category"),
    ("\"quick\"", "\"quickly\"", "capability"),
    ("\"quick\"", "{\"quick\": null}", "capability"),
    // Numbers out of range.
    ("\"calls\": 1200", "\"calls\": 0", "events[1].calls"),
    ("\"calls\": 1001", "\"calls\": 0", "events[0].calls"),
    ("\"calls\": 500", "\"calls\": 0", "events[4].calls"),
    ("\"calls\": 1200", "\"calls\": -1", "events[1].calls"),
    ("\"calls\": 1200", "\"calls\": 1.0", "events[1].calls"),
    ("\"calls\": 1200", "\"calls\": 1e3", "events[1].calls"),
    ("\"calls\": 1200", "\"calls\": \"1200\"", "events[1].calls"),
    ("\"calls\": 1200", "\"calls\": null", "events[1].calls"),
    ("\"calls\": 1200", "\"calls\": 1000000000001", "events[1].calls"),
    ("\"calls\": 1200", "\"calls\": 18446744073709551616", "events[1].calls"),
    ("\"calls\": 1200", "\"calls\": NaN", "events[1].calls"),
    ("\"calls\": 1200", "\"calls\": 1e400", "events[1].calls"),
    ("\"calls\": 1200", "\"calls\": Infinity", "events[1].calls"),
    ("\"days\": 365", "\"days\": 365.0", "events[0].days"),
    ("\"days\": 365", "\"days\": 0", "events[0].days"),
    ("\"days\": 365", "\"days\": -365", "events[0].days"),
    ("\"days\": 90", "\"days\": 3651", "events[4].days"),
    ("\"trial\": 1000", "\"trial\": -1", "trial"),
    ("\"trial\": 1000", "\"trial\": 1000000000001", "trial"),
    ("\"trial\": 1000", "\"trial\": null", "trial"),
    ("\"verified\": true", "\"verified\": \"true\"", "account.verified"),
    // Amounts.
    ("\"30.00\"", "\"-0.01\"", "events[0].price"),
    ("\"30.00\"", "\"-0\"", "events[0].price"),
    ("\"30.00\"", "\"30.000\"", "events[0].price"),
    ("\"30.00\"", "30.00", "events[0].price"),
    ("\"30.00\"", "\"\"", "events[0].price"),
    ("\"30.00\"", "\"30.\"", "events[0].price"),
    ("\"30.00\"", "\".5\"", "events[0].price"),
    ("\"30.00\"", "\"+30\"", "events[0].price"),
    ("\"30.00\"", "\" 30\"", "events[0].price"),
    ("\"30.00\"", "\"3e1\"", "events[0].price"),
    ("\"30.00\"", "\"3_0\"", "events[0].price"),
    ("\"30.00\"", "\"1,000\"", "events[0].price"),
    ("\"30.00\"", "\"\u{0663}\u{0660}\"", "events[0].price"),
    ("\"30.00\"", "\"1000000000000000\"", "events[0].price"),
    // Ids.
    ("\"id\": \"u1\"", "\"id\": \"\"", "events[1].id"),
    ("\"id\": \"u1\"", "\"id\": \"trial\"", "events[1].id"),
    ("\"id\": \"u1\"", "\"id\": 7", "events[1].id"),
    // Times.
    ("2023-10-01T00:00:00+08:00", "2023-09-03T23:59:59+08:00", "events[4].at"),
    ("2023-09-02T09:00:01+08:00", "2023-10-01T00:00:00+07:59", "events[2].at"),
    ("2023-09-02T09:00:01+08:00", "2023-09-02T09:00:01", "events[2].at"),
    ("2023-09-02T09:00:01+08:00", "2023-09-02", "events[2].at"),
    ("2023-09-02T09:00:01+08:00", "2023-02-29T09:00:01+08:00", "events[2].at"),
    ("2023-09-02T09:00:01+08:00", "2023-09-02T09:00:60+08:00", "events[2].at"),
    ("2023-09-02T09:00:01+08:00", "+262000-01-01T00:00:00+08:00", "events[2].at"),
    ("2023-09-02T09:00:01+08:00", "-262000-01-01T00:00:00+08:00", "events[2].at"),
    ("2023-09-02T09:00:01+08:00", "0000-01-01T00:00:00+23:59", "events[2].at"),
    ("2023-09-02T09:00:01+08:00", "2023-09-02T09:00:01+24:00", "events[2].at"),
    ("\"2023-09-02T09:00:01+08:00\"", "1693616401", "events[2].at"),
    ("2023-10-01T00:00:00+08:00", "9999-12-31T23:59:59-00:01", "report_at"),
    ("2023-10-01T00:00:00+08:00", "10000-01-01T00:00:00+08:00", "report_at"),
    ("2023-08-28T00:00:00+08:00", "9999-12-31T00:00:00+08:00", "events"),
    ("2023-10-01T00:00:00+08:00", "2023-10-01T00:00:00", "report_at"),
    ("2023-08-28T00:00:00+08:00", "2023-08-28 00:00", "charging_starts"),
    // Accounts to which the capability is not open.
    ("enterprise", "individual", "account.subject"),
    ("\"verified\": true", "\"verified\": false", "account.verified"),
    // The same key twice, wherever it is, also when written differently.
    ("\"calls\": 1200", "\"calls\": 1200, \"calls\": 1200", "events[1].calls"),
    ("\"calls\": 1200", "\"calls\": 1200, \"c\\u0061lls\": 1200", "events[1].calls"),
    ("\"type\": \"use\"", "\"type\": \"use\", \"type\": \"use\"", "events[1].type"),
    ("\"verified\": true", "\"verified\": true, \"verified\": true", "account.verified"),
    ("\"trial\": 1000", "\"trial\": 1000, \"trial\": 1000", "trial"),
    ("\"trial\": 1000", "\"trial\": 1000, \"x\": { \"y\": [0, { \"z\": 1, \"z\": 2 }] }", "x.y[1].z"),
    // Missing fields.
    ("\"id\": \"u1\", ", "", "events[1].id"),
    ("\"type\": \"use\", ", "", "events[1].type"),
    (", \"calls\": 1200", "", "events[1].calls"),
    (", \"price\": \"30.00\"", "", "events[0].price"),
    (", \"order\": \"o1\"", "", "events[3].order"),
    (", \"days\": 90", "", "events[4].days"),
    (" \"at\": \"2023-09-02T09:00:01+08:00\",", "", "events[2].at"),
    ("\"kind\": \"mini_program\", ", "", "account.kind"),
    ("\"subject\": \"enterprise\", ", "", "account.subject"),
    ("\"category\": \"retail\", ", "", "account.category"),
    (", \"verified\": true", "", "account.verified"),
    (",\n  \"report_at\": \"2023-10-01T00:00:00+08:00\"", "", "report_at"),
    ("\"capability\": \"quick\",", "", "capability"),
    // Shapes: a derived reader would take an array for an object.
    (
        "{ \"kind\": \"mini_program\", \"subject\": \"enterprise\", \"category\": \"retail\", \"verified\": true }",
        "[\"mini_program\", \"enterprise\", \"retail\", true]",
        "account",
    ),
    (
        "{ \"id\": \"q1\", \"at\": \"2023-09-02T09:00:01+08:00\", \"type\": \"query\" }",
        "[\"q1\", \"2023-09-02T09:00:01+08:00\", \"query\", 1, 1, \"1\", \"o\"]",
        "events[2]",
    ),
    // Text that is no JSON.
    ("\"calls\": 1200 },", "\"calls\": 1200 }", "events[2]"),
    ("\"2023-10-01T00:00:00+08:00\"\n}", "\"2023-10-01T00:00:00+08:00\"\n} x", "."),
    ("\"2023-10-01T00:00:00+08:00\"\n}", "\"2023-10-01T00:00:00+08:00\"\n}{}", "."),
    ("\"trial\": 1000", "\"trial\": 01000", "trial"),
    ("\"trial\": 1000", "\"trial\": NaN", "trial"),
];

const PLAN_ROWS: &[Row] = &[
    ("\"bother\"", "\"brother\"", "brother"),
    ("\"usable_days\": 2", "\"usable_days\": -2", "lots[0].usable_days"),
    ("\"calls\": 30", "\"calls\": -30", "lots[0].calls"),
    ("\"calls\": 1000", "\"calls\": 0", "packs[0].calls"),
    ("\"days\": 365", "\"days\": 0", "packs[0].days"),
    ("\"30.00\"", "\"30.001\"", "packs[0].price"),
    ("\"0.00\"", "\"-1\"", "bother"),
    ("[12, 0, 40]", "[12, -1, 40]", "daily_demand[1]"),
    ("[12, 0, 40]", "[12, 0, 1000000001]", "daily_demand[2]"),
    ("[12, 0, 40]", "[12, 0, 4.5]", "daily_demand[2]"),
    ("null", "-1", "max_purchases"),
    ("null", "1, \"max_purchases\": 1", "max_purchases"),
    ("\"daily_demand\": [12, 0, 40], ", "", "daily_demand"),
    (" }", "", "lots[0]"),
];

const FORECAST_ROWS: &[Row] = &[
    // Unknown, missing and repeated fields.
    ("\"horizon\"", "\"horizons\"", "horizons"),
    ("\"factor\"", "\"factors\"", "campaigns[0].factors"),
    ("\"first_day\": \"2024-01-01\", ", "", "first_day"),
    ("\"horizon\": 90", "\"closed\": []", "closed"),
    (", \"horizon\": 90", "", "horizon"),
    ("\"horizon\": 90", "\"horizon\": 90, \"horizon\": 90", "horizon"),
    ("\"daily\": [3, 5, null, 4], \"monthly_average\": 260, ", "", "daily"),
    // No history at all.
    ("[3, 5, null, 4], \"monthly_average\": 260", "[]", "daily"),
    ("[3, 5, null, 4], \"monthly_average\": 260", "[null, null]", "daily"),
    // Days.
    ("2024-01-01", "2024-02-30", "first_day"),
    ("2024-01-01", "2024-1-1", "first_day"),
    ("2024-01-01", "2024-01-01T00:00:00+08:00", "first_day"),
    ("2024-01-01", "0001-01-01", "first_day"),
    ("2024-01-01", "+12024-01-01", "first_day"),
    ("\"2024-01-01\"", "20240101", "first_day"),
    ("2024-02-11", "2024-02-31", "closed[1]"),
    ("2024-02-10", "1024-02-10", "closed[0]"),
    ("2024-03-08", "", "campaigns[0].day"),
    ("2024-03-09", "2024-03-08", "campaigns[1].day"),
    // Calls.
    ("5, null", "-5, null", "daily[1]"),
    ("5, null", "5.5, null", "daily[1]"),
    ("5, null", "5e0, null", "daily[1]"),
    ("5, null", "\"5\", null", "daily[1]"),
    ("5, null", "1000000001, null", "daily[1]"),
    ("5, null", "1000000000000, null", "daily[1]"),
    ("5, null", "NaN, null", "daily[1]"),
    ("5, null", "1e999, null", "daily[1]"),
    ("[3, 5, null, 4]", "null", "daily"),
    ("[3, 5, null, 4]", "{}", "daily"),
    ("260", "-260", "monthly_average"),
    ("260", "260.5", "monthly_average"),
    ("260", "null", "monthly_average"),
    ("260", "31000000001", "monthly_average"),
    // Horizons.
    ("90", "0", "horizon"),
    ("90", "3651", "horizon"),
    ("90", "-90", "horizon"),
    ("90", "1e1", "horizon"),
    ("90", "18446744073709551616", "horizon"),
    // Campaigns.
    ("2.5", "-0.1", "campaigns[0].factor"),
    ("2.5", "1001", "campaigns[0].factor"),
    ("2.5", "1e999", "campaigns[0].factor"),
    ("\"factor\": 2.5", "\"factor\": 2.5, \"extra\": 1", "campaigns[0]"),
    (", \"factor\": 2.5", "", "campaigns[0]"),
    ("\"extra\": 40", "\"extra\": -40", "campaigns[1].extra"),
    ("\"extra\": 40", "\"extra\": 1000000001", "campaigns[1].extra"),
    ("{ \"day\": \"2024-03-09\", \"extra\": 40 }", "[\"2024-03-09\", 40]", "campaigns[1]"),
    // Cut short.
    (" ] }", " ]", "."),
];

fn edited(base: &str, (from, to, _): Row) -> String {
    assert!(base.contains(from), "{from} does not occur");
    assert_ne!(from, to);
    base.replacen(from, to, 1)
}

#[test]
fn the_text_that_the_rows_change_is_accepted() {
    assert_eq!(replay::parse(SCENARIO.as_bytes()).map(|scenario| scenario.events().len()), Ok(5));
    assert_eq!(plan::parse(PLAN.as_bytes()).map(|plan| plan.packs.len()), Ok(1));
    assert_eq!(forecast::parse(FORECAST.as_bytes()).map(|forecast| forecast.campaigns.len()), Ok(2));
}

#[test]
fn every_bad_scenario_is_refused_with_its_path() {
    for row in REPLAY_ROWS {
        let text = edited(SCENARIO, *row);
        let refused = match replay::parse(text.as_bytes()) {
            Err(refused) => refused,
            Ok(scenario) => match Statement::of(&scenario) {
                Err(ReadError::Refused(refused)) => refused,
                other => panic!("{} is accepted: {:?}", row.1, other.map(|statement| statement.totals)),
            },
        };
        assert_eq!(refused.path, row.2, "{} -> {}: {refused}", row.0, row.1);
    }
}

#[test]
fn every_bad_plan_is_refused_with_its_path() {
    for row in PLAN_ROWS {
        let refused = plan::parse(edited(PLAN, *row).as_bytes()).expect_err(row.1);
        assert_eq!(refused.path, row.2, "{} -> {}: {refused}", row.0, row.1);
    }
}

#[test]
fn every_bad_forecast_is_refused_with_its_path() {
    for row in FORECAST_ROWS {
        let refused = forecast::parse(edited(FORECAST, *row).as_bytes()).expect_err(row.1);
        assert_eq!(refused.path, row.2, "{} -> {}: {refused}", row.0, row.1);
    }
}

#[test]
fn the_binary_names_the_path_and_prints_nothing() {
    let replays = REPLAY_ROWS.iter().map(|row| ("replay", edited(SCENARIO, *row), row.2));
    let plans = PLAN_ROWS.iter().map(|row| ("plan", edited(PLAN, *row), row.2));
    let forecasts = FORECAST_ROWS.iter().map(|row| ("forecast", edited(FORECAST, *row), row.2));
    for (command, text, path) in replays.chain(plans).chain(forecasts) {
        let output = billing(&[command, "-"], text.as_bytes());
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{path}: {message}");
        assert!(output.stdout.is_empty(), "{path}");
        assert!(message.starts_with(&format!("billing: {path}: ")), "{path}: {message}");
    }
}

#[test]
fn a_scenario_cut_anywhere_is_refused() {
    for length in 0..SCENARIO.len() {
        assert!(replay::parse(&SCENARIO.as_bytes()[..length]).is_err(), "cut after {length} bytes");
    }
    let output = billing(&["replay", "-"], &SCENARIO.as_bytes()[..SCENARIO.len() - 1]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    for bytes in [&b"\xff\xfe"[..], b"\xef\xbb\xbf{}", b"[]", b"null", b"", b"  "] {
        assert!(replay::parse(bytes).is_err(), "{bytes:?}");
        assert!(plan::parse(bytes).is_err(), "{bytes:?}");
        assert!(forecast::parse(bytes).is_err(), "{bytes:?}");
    }
    let deep = "[".repeat(100_000);
    assert!(replay::parse(deep.as_bytes()).is_err());
}

#[test]
fn too_many_days_or_packs_are_refused() {
    let days = format!("[{}]", vec!["1"; 3_651].join(","));
    let refused = plan::parse(PLAN.replace("[12, 0, 40]", &days).as_bytes()).unwrap_err();
    assert_eq!(refused.path, "daily_demand");
    let pack = r#"{ "id": "p", "calls": 1, "days": 1, "price": "1" }"#;
    let packs = format!("\"packs\": [ {} ],\n  \"bother\"", vec![pack; 65].join(","));
    let start = PLAN.find("\"packs\"").unwrap();
    let end = PLAN.find("\"bother\"").unwrap() + "\"bother\"".len();
    let refused = plan::parse(format!("{}{packs}{}", &PLAN[..start], &PLAN[end..]).as_bytes()).unwrap_err();
    assert_eq!(refused.path, "packs");
    let refused = forecast::parse(FORECAST.replace("[3, 5, null, 4]", &days).as_bytes()).unwrap_err();
    assert_eq!(refused.path, "daily");
}

#[test]
fn what_may_be_missing_may_be_missing() {
    let text =
        SCENARIO.replace("  \"charging_starts\": \"2023-08-28T00:00:00+08:00\",\n  \"trial\": 1000,\n", "");
    assert_eq!(replay::parse(text.as_bytes()), replay::parse(SCENARIO.as_bytes()));
    let text = PLAN.replace(",\n  \"bother\": \"0.00\", \"max_purchases\": null", "");
    assert_eq!(plan::parse(text.as_bytes()), plan::parse(PLAN.as_bytes()));
}
