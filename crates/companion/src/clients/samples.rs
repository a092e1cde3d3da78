//! Samples of answers for the tests of the readers, and answers nobody would think of.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use super::error::ClientError;

/// A sample of WeChat's answers.
macro_rules! wechat {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/wechat/", $name)).as_slice()
    };
}
pub(super) use wechat;

/// A sample of a member-card platform's answers.
macro_rules! member_card {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/member_card/", $name))
            .as_slice()
    };
}
pub(super) use member_card;

/// The sample with one piece of text replaced; the piece must be there.
pub(super) fn changed(sample: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(sample).unwrap();
    assert!(text.contains(from), "{from} is not in the sample");
    text.replacen(from, to, 1).into_bytes()
}

pub(super) fn shape_error(field: &str) -> ClientError {
    ClientError::UnexpectedShape { host: "h".to_owned(), field: field.to_owned() }
}

/// Values as they could stand anywhere: right ones, and every wrong one.
fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<u64>().prop_map(|number| Value::from(number.to_string())),
        ".{0,12}".prop_map(Value::from),
        Just(Value::from("4294967295")),
        Just(Value::from("99999999999999999999999999")),
        Just(Value::from("9999-12-31T23:59:60+99:99")),
        Just(Value::Array(Vec::new())),
        Just(Value::Object(serde_json::Map::default())),
    ]
}

/// Every path of a value, innermost last.
fn paths(value: &Value, here: &mut Vec<String>, found: &mut Vec<String>) {
    found.push(here.iter().flat_map(|step| ["/", step]).collect());
    let steps: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, inner)| (name.clone(), inner)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, inner)| (at.to_string(), inner)).collect(),
        _ => Vec::new(),
    };
    for (step, inner) in steps {
        here.push(step);
        paths(inner, here, found);
        here.pop();
    }
}

/// The sample with some of its values replaced by others.
fn distorted(sample: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let value: Value = serde_json::from_slice(sample).unwrap();
    let mut found = Vec::new();
    paths(&value, &mut Vec::new(), &mut found);
    vec((proptest::sample::select(found), any_value()), 1..4).prop_map(move |changes| {
        let mut value = value.clone();
        for (path, new) in changes {
            if let Some(old) = value.pointer_mut(&path) {
                *old = new;
            }
        }
        serde_json::to_vec(&value).unwrap()
    })
}

/// The sample cut short, with one byte changed.
fn damaged(sample: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    (0..sample.len(), 0..sample.len(), any::<u8>()).prop_map(move |(end, at, byte)| {
        let mut bytes = sample.to_vec();
        bytes[at] = byte;
        bytes.truncate(end);
        bytes
    })
}

/// Answers a platform could give instead of the sample: distorted, damaged, or nothing of the kind.
pub(super) fn any_answer(sample: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => distorted(sample),
        3 => damaged(sample),
        1 => vec(any::<u8>(), 0..200),
    ]
}

/// Fails when reading any answer panics, or says more than our own words.
pub(super) fn survives_any_answer<T>(
    sample: &'static [u8],
    read: impl Fn(&str, &[u8]) -> Result<T, ClientError>,
) {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let outcome = runner.run(&any_answer(sample), |answer| {
        if let Err(error) = read("h", &answer) {
            // Codes, hosts and fields: short, and never a piece of prose.
            prop_assert!(error.to_string().len() < 160, "{error}");
        }
        Ok(())
    });
    outcome.unwrap();
}
