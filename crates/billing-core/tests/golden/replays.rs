//! Every scenario of `tests/fixtures/replay`, to the byte apart from blanks: values and the order of keys.

use crate::files::{billing, inputs};
use billing_core::replay::{self, Statement};

/// JSON without the blanks between tokens, so that the order of keys is compared too.
fn compact(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for letter in json.chars() {
        if in_string || !letter.is_ascii_whitespace() {
            text.push(letter);
        }
        match letter {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ => {}
        }
    }
    text
}

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
fn help_shows_an_example_that_works() {
    let output = billing(&["--help"], b"");
    assert_eq!(output.status.code(), Some(0));
    let help = String::from_utf8(output.stdout).unwrap();
    let start = help.find("<<'END'\n").unwrap() + "<<'END'\n".len();
    let example = &help[start..help.find("  END\n").unwrap()];
    let answer = billing(&["replay", "-"], example.as_bytes());
    assert_eq!(answer.status.code(), Some(0), "{}", String::from_utf8_lossy(&answer.stderr));
    let statement: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
    assert_eq!(statement["events"][0]["result"], "partly");
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
