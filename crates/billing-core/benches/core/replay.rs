//! A history in memory: a loop that only reads it, a minimal heap without explanations, and the replay.

use crate::shop::{Ids, events, setting};
use crate::sides::{Side, take_turns};
use billing_core::account::{Action, Event, Share};
use billing_core::replay::{Scenario, run};
use chrono::{DateTime, TimeDelta, Utc};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

const USES: usize = 1_000_000;
const LOTS: usize = 1_000;
const ROUNDS: usize = 15;

pub(crate) fn compare() {
    for ids in [Ids::Counted, Ids::Random] {
        let events: Vec<Event> = events(USES, LOTS, ids).collect();
        let scenario = Scenario::new(setting(), events.clone());
        let title = format!("Replay of {USES} uses over {LOTS} lots in memory, {ids:?} ids");
        let mut kept = Vec::new();
        take_turns(
            &title,
            ROUNDS,
            vec![
                Side::new("bare loop: calls, instant and length of the id of every event, summed", || {
                    bare(&events)
                }),
                Side::new("bare loop that also sums the bytes of every id", || every_byte(&events)),
                Side::new("binary heap: totals only, ids ignored", || Heap::totals(&events)),
                Side::new("replay, attribution handed over use by use", || attributed(&scenario)),
                Side::new("replay, attribution of every use kept in one list", || keep(&scenario, &mut kept)),
                Side::new("the same into fresh memory", || keep(&scenario, &mut Vec::new())),
                Side::new("finding repeated ids, as reading a file does", || {
                    Scenario::new(setting(), events.clone())
                }),
                Side::new("copying the events for it", || events.clone()),
            ],
        );
    }
}

fn bare(events: &[Event]) -> (u64, i64, usize) {
    let (mut calls, mut instants, mut letters) = (0, 0, 0);
    for event in events {
        if let Action::Use { calls: used } | Action::Purchase { calls: used, .. } = &event.action {
            calls += used.get();
        }
        instants ^= event.at.timestamp();
        letters += event.id.as_str().len();
    }
    (calls, instants, letters)
}

fn every_byte(events: &[Event]) -> ((u64, i64, usize), u64) {
    (bare(events), events.iter().flat_map(|event| event.id.as_str().bytes()).map(u64::from).sum())
}

/// End, start, and which lot.
type Turn = (DateTime<Utc>, DateTime<Utc>, usize);

/// The rule of consumption and nothing else.
#[derive(Default)]
struct Heap {
    lots: Vec<u64>,
    turns: BinaryHeap<Reverse<Turn>>,
    used: u64,
    blocked: u64,
}

impl Heap {
    fn totals(events: &[Event]) -> (u64, u64) {
        let mut heap = Self { lots: vec![setting().terms.trial.get()], ..Self::default() };
        heap.turns.push(Reverse((DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC, 0)));
        for event in events {
            heap.apply(event);
        }
        (heap.used, heap.blocked)
    }

    fn apply(&mut self, event: &Event) {
        match &event.action {
            Action::Purchase { calls, days, .. } => {
                let end = event.at + TimeDelta::days(i64::from(days.get()));
                self.turns.push(Reverse((end, event.at, self.lots.len())));
                self.lots.push(calls.get());
            }
            Action::Use { calls } => {
                let mut open = calls.get();
                while open > 0
                    && let Some(Reverse((end, _, lot))) = self.turns.peek()
                {
                    let left = &mut self.lots[*lot];
                    if *end <= event.at || *left == 0 {
                        self.turns.pop();
                        continue;
                    }
                    let taken = open.min(*left);
                    *left -= taken;
                    open -= taken;
                }
                self.used += calls.get() - open;
                self.blocked += open;
            }
            Action::Allocate { .. } | Action::Query | Action::Refund { .. } => {}
        }
    }
}

pub(crate) fn attributed(scenario: &Scenario) -> (u64, usize) {
    let (mut calls, mut shares) = (0, 0);
    run(scenario, |result| {
        for share in result.from {
            calls += share.calls.get();
            shares += 1;
        }
        Ok(())
    })
    .unwrap();
    (calls, shares)
}

/// Which lots paid for which use: the shares in a row, and where those of an event end.
fn keep(scenario: &Scenario, kept: &mut Vec<(usize, Share)>) {
    kept.clear();
    kept.reserve(scenario.events().len() + LOTS);
    let mut number = 0;
    run(scenario, |result| {
        kept.extend(result.from.iter().map(|share| (number, *share)));
        number += 1;
        Ok(())
    })
    .unwrap();
}
