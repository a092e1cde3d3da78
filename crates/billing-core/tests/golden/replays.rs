//! Every scenario of `tests/fixtures/replay`, to the byte apart from blanks: values and the order of keys.

use crate::files::{billing, compact, inputs};
use billing_core::replay::{self, Statement};

#[test]
fn the_library_agrees_with_every_scenario() {
    for (name, path) in inputs("replay") {
        let expected = std::fs::read_to_string(path.with_file_name(format!("{name}.out.json"))).unwrap();
        let scenario =
            replay::parse(&std::fs::read(&path).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let statement = serde_json::to_string(&Statement::of(&scenario).unwrap()).unwrap();
        assert_eq!(statement, compact(&expected), "{name}");
    }
}

#[test]
fn the_binary_agrees_with_every_scenario() {
    for (name, path) in inputs("replay") {
        let expected = std::fs::read_to_string(path.with_file_name(format!("{name}.out.json"))).unwrap();
        let input = std::fs::read(&path).unwrap();
        for output in [billing(&["replay", path.to_str().unwrap()], b""), billing(&["replay", "-"], &input)] {
            assert_eq!(output.status.code(), Some(0), "{name}");
            assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{name}");
            assert_eq!(compact(std::str::from_utf8(&output.stdout).unwrap()), compact(&expected), "{name}");
        }
    }
}

#[test]
fn the_comparison_sees_a_swapped_key_and_a_changed_value() {
    assert_eq!(compact("{ \"a\\\" b\": 1,\n \"c\": [ 2 ] }"), "{\"a\\\" b\":1,\"c\":[2]}");
    assert_ne!(compact("{ \"a\": 1, \"b\": 2 }"), compact("{ \"b\": 2, \"a\": 1 }"));
}

#[test]
fn help_shows_examples_that_work() {
    let output = billing(&["--help"], b"");
    assert_eq!(output.status.code(), Some(0));
    let help = String::from_utf8(output.stdout).unwrap();
    let example = |command: &str| {
        let (_, rest) = help.split_once(&format!("billing {command} - <<'END'\n")).unwrap();
        let (example, _) = rest.split_once("  END\n").unwrap();
        let answer = billing(&[command, "-"], example.as_bytes());
        assert_eq!(answer.status.code(), Some(0), "{}", String::from_utf8_lossy(&answer.stderr));
        serde_json::from_slice::<serde_json::Value>(&answer.stdout).unwrap()
    };
    assert_eq!(example("replay")["events"][0]["result"], "partly");
    assert_eq!(example("forecast")["days"].as_array().map(Vec::len), Some(30));
}

#[test]
fn what_is_no_command_is_refused() {
    for arguments in [&[][..], &["replay"], &["rePlay", "-"], &["tariff", "x"], &["replay", "-", "-"]] {
        let output = billing(arguments, b"");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_file_that_is_not_there_is_no_refusal() {
    let output = billing(&["replay", "no-such-file.json"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8(output.stderr).unwrap().contains("no-such-file.json"));
}

#[test]
fn the_tariff_is_printed_as_the_library_holds_it() {
    let output = billing(&["tariff"], b"");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        billing_core::Tariff::from_json(&output.stdout).as_ref(),
        Ok(billing_core::Tariff::embedded())
    );
}
