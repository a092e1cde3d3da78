//! Reading a scenario file: serde_json into plain structs, and the strict reader.

use crate::shop::{Ids, events, setting};
use crate::sides::{Side, take_turns};
use crate::text;
use billing_core::account::Event;
use billing_core::replay::{self, Stream};
use serde::Deserialize;
use std::io::Cursor;

const USES: usize = 200_000;
const ROUNDS: usize = 11;

/// Everything a file holds as numbers and texts, nothing checked.
#[derive(Deserialize)]
#[allow(dead_code, reason = "only read into")]
struct Plain {
    account: PlainAccount,
    capability: String,
    charging_starts: String,
    trial: u64,
    events: Vec<PlainEvent>,
    report_at: String,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only read into")]
struct PlainAccount {
    kind: String,
    subject: String,
    category: String,
    verified: bool,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only read into")]
struct PlainEvent {
    id: String,
    at: String,
    r#type: String,
    calls: Option<u64>,
    days: Option<u64>,
    price: Option<String>,
    order: Option<String>,
}

/// The same with the instants read, which costs most.
#[derive(Deserialize)]
#[allow(dead_code, reason = "only read into")]
struct Timed {
    account: PlainAccount,
    capability: String,
    charging_starts: chrono::DateTime<chrono::Utc>,
    trial: u64,
    events: Vec<TimedEvent>,
    report_at: chrono::DateTime<chrono::Utc>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only read into")]
struct TimedEvent {
    id: String,
    at: chrono::DateTime<chrono::Utc>,
    r#type: String,
    calls: Option<u64>,
    days: Option<u64>,
    price: Option<rust_decimal::Decimal>,
    order: Option<String>,
}

pub(crate) fn compare() {
    let events: Vec<Event> = events(USES, 1_000, Ids::Counted).collect();
    let mut file = Vec::new();
    text::scenario(&mut file, &setting(), &events).unwrap();
    take_turns(
        &format!("Reading a scenario file of {USES} uses, {} MB", file.len() / 1_000_000),
        ROUNDS,
        vec![
            Side::new("serde_json into plain structs, instants as texts", || {
                serde_json::from_slice::<Plain>(&file).unwrap()
            }),
            Side::new("serde_json into plain structs, instants and amounts read", || {
                serde_json::from_slice::<Timed>(&file).unwrap()
            }),
            Side::new("the strict reader, repeated ids found", || replay::parse(&file).unwrap()),
            Side::new("the first pass of a stream", || Stream::open(Cursor::new(&file)).unwrap()),
        ],
    );
}
