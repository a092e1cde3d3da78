//! `billing tariff`: the whole, a day, and with a price list of the shop's own.

use crate::files::billing;
use billing_core::Tariff;
use serde_json::Value;

const OWN: &[u8] = b"capability,calls,days,price,source,as_of\nquick,1000,365,29.00,shop,2024-01-01\n";

fn answer(arguments: &[&str], input: &[u8]) -> Value {
    let output = billing(&[&["tariff"], arguments].concat(), input);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Price of the smallest quick pack of a year, and where it was read.
fn smallest(answer: &Value) -> (&str, &str) {
    let packs = answer["packs"].as_array().unwrap();
    let pack = packs.iter().rfind(|pack| pack["id"] == "q-365-1000").unwrap();
    (pack["price"].as_str().unwrap(), pack["source"].as_str().unwrap())
}

#[test]
fn the_whole_tariff_is_printed_as_it_is_read() {
    let printed = answer(&[], b"");
    assert_eq!(Tariff::from_json(&serde_json::to_vec(&printed).unwrap()).as_ref(), Ok(Tariff::embedded()));
}

#[test]
fn a_day_is_answered_from_our_list_or_the_shops() {
    let ours = answer(&["--on", "2024-01-01"], b"");
    assert_eq!((smallest(&ours), &ours["working"]), (("30.00", "guide_2023"), &Value::Bool(false)));
    let own = answer(&["--on", "2024-01-01", "--import", "-"], OWN);
    assert_eq!(smallest(&own), ("29.00", "shop"));
    let before = answer(&["--import", "-", "--on", "2023-12-31"], OWN);
    assert_eq!(smallest(&before), ("30.00", "guide_2023"));
    assert_eq!(smallest(&answer(&["--import", "-"], OWN)), ("29.00", "shop"));
    let json = br#" { "packs": [ { "capability": "quick", "calls": 1000, "days": 365, "price": "28.00", "source": "shop",
        "as_of": "2024-01-01" } ] }"#;
    assert_eq!(smallest(&answer(&["--import", "-"], json)), ("28.00", "shop"));
}

#[test]
fn a_bad_option_or_list_is_refused_with_nothing_printed() {
    let rows: [(&[&str], &[u8], i32, &str); 9] = [
        (&["--when", "2024-01-01"], b"", 2, "tariff has no option --when"),
        (&["--on"], b"", 2, "--on needs a value"),
        (&["--on", "2024-01-01", "--on", "2024-01-01"], b"", 2, "--on is given twice"),
        (&["--on", "2024-02-30"], b"", 2, "--on: "),
        (&["--on", "+262000-01-01"], b"", 2, "--on: "),
        (&["--import", "-"], b"calls\n1\n", 2, "line 2.capability: the field is missing"),
        (&["--import", "-"], b"{}", 2, ".: missing field `packs`"),
        (&["--import", "-"], br#"{ "packs": [ 1 ] }"#, 2, "packs[0]: "),
        (&["--import", "/nowhere/prices.csv"], b"", 1, "/nowhere/prices.csv: "),
    ];
    for (arguments, input, status, message) in rows {
        let output = billing(&[&["tariff"], arguments].concat(), input);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(said.starts_with(&format!("billing: {message}")), "{arguments:?}: {said}");
    }
}
