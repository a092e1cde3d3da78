//! Random histories that meet the edges: equal instants, ends hit to the second, refund windows, repeated ids.

use billing_core::account::{Action, Event};
use billing_core::replay::{Scenario, Setting};
use billing_core::{AccountTerms, Calls, Days, EventId, FreeRule, Verdict, Yuan};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

const DAY: i64 = 86_400;

#[derive(Debug, Clone)]
enum Kind {
    Purchase { calls: u64, days: u64, fen: u64 },
    Allocate { calls: u64, days: u64 },
    Use { calls: u64 },
    Query,
    Refund { of: Option<usize>, nowhere: &'static str },
}

fn kind() -> impl Strategy<Value = Kind> {
    let lot = || (1_u64..30, prop_oneof![1_u64..5, Just(8), Just(30)]);
    prop_oneof![
        4 => (lot(), 0_u64..500).prop_map(|((calls, days), fen)| Kind::Purchase { calls, days, fen }),
        2 => lot().prop_map(|(calls, days)| Kind::Allocate { calls, days }),
        5 => (1_u64..40).prop_map(|calls| Kind::Use { calls }),
        2 => Just(Kind::Query),
        3 => (prop::option::weighted(0.9, 0_usize..60), prop::sample::select(vec!["trial", "nope", ""]))
            .prop_map(|(of, nowhere)| Kind::Refund { of, nowhere }),
    ]
}

fn gap() -> impl Strategy<Value = i64> {
    prop_oneof![
        3 => Just(0),
        2 => 1_i64..4,
        2 => Just(DAY),
        1 => Just(DAY - 1),
        1 => Just(DAY + 1),
        1 => (1_i64..9).prop_map(|days| days * DAY),
        2 => 0_i64..3 * DAY,
    ]
}

/// Time since the event before, what happened, and which earlier id is used again.
type Step = (i64, Kind, Option<usize>);

fn event(index: usize, at: DateTime<Utc>, kind: &Kind, again: Option<usize>) -> Event {
    let id = again.filter(|earlier| *earlier < index).unwrap_or(index);
    let calls = |calls: &u64| Calls::new(*calls).unwrap();
    let days = |days: &u64| Days::new(*days).unwrap();
    let action = match kind {
        Kind::Purchase { calls: count, days: valid, fen } => {
            Action::Purchase { calls: calls(count), days: days(valid), price: Yuan::from_fen(*fen) }
        }
        Kind::Allocate { calls: count, days: valid } => {
            Action::Allocate { calls: calls(count), days: days(valid) }
        }
        Kind::Use { calls: count } => Action::Use { calls: calls(count) },
        Kind::Query => Action::Query,
        Kind::Refund { of, nowhere } => {
            let order = of.map_or((*nowhere).to_owned(), |of| name(of % index.max(1)));
            Action::Refund { order }
        }
    };
    Event { id: EventId::new(name(id)).unwrap(), at, action }
}

fn name(index: usize) -> String {
    // Not in the order of their numbers: "e9" comes after "e10".
    format!("e{index}")
}

pub(crate) fn history() -> impl Strategy<Value = Scenario> {
    let step = (gap(), kind(), prop::option::weighted(0.1, 0_usize..60));
    let terms = (prop::bool::weighted(0.05), -5_i64..3 * DAY, prop_oneof![Just(0_u64), 1_u64..60]);
    (terms, prop::collection::vec(step, 1..60), 0_i64..40 * DAY).prop_map(
        |((free, start, trial), steps, later)| {
            let base = DateTime::parse_from_rfc3339("2024-02-27T16:00:00Z").unwrap().to_utc();
            let terms = AccountTerms {
                free,
                charging_starts: base + TimeDelta::seconds(start),
                trial: Calls::new(trial).unwrap(),
            };
            let mut at = base;
            let events = steps
                .iter()
                .enumerate()
                .map(|(index, (gap, kind, again)): (usize, &Step)| {
                    at += TimeDelta::seconds(*gap);
                    event(index, at, kind, *again)
                })
                .collect();
            let rule = FreeRule::GovernmentOrNonProfit;
            let verdict = if free { Verdict::Free { rule, needs_check: false } } else { Verdict::Pays };
            Scenario::new(Setting { verdict, terms, report_at: at + TimeDelta::seconds(later) }, events)
        },
    )
}
