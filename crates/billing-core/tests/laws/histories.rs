//! However a history is read or cut, it comes to the same.

use crate::history::history;
use crate::text;
use billing_core::Account;
use billing_core::account::Event;
use billing_core::explain::{Passed, Stretch, explain};
use billing_core::replay::{self, EventResult, History, Scenario, Statement, Stream, run};
use proptest::prelude::*;
use std::io::Cursor;

fn written<'a>(scenario: &Scenario, events: impl IntoIterator<Item = &'a Event>) -> Vec<u8> {
    let mut bytes = Vec::new();
    text::scenario(&mut bytes, scenario.setting(), events).unwrap();
    bytes
}

fn statement<H: History>(history: &H) -> String {
    serde_json::to_string(&Statement::of(history).unwrap()).unwrap()
}

/// The results of a history, one text each.
fn results(scenario: &Scenario) -> Vec<String> {
    let mut results = Vec::new();
    run(scenario, |result| {
        results.push(serde_json::to_string(&result).unwrap());
        Ok(())
    })
    .unwrap();
    results
}

/// Two explanations that follow each other as one. Why the turn passed at the seam is known only when both are seen.
fn joined(mut first: Vec<Stretch>, second: Vec<Stretch>) -> Vec<Stretch> {
    let mut second = second.into_iter().peekable();
    if let Some(last) = first.last_mut()
        && let Some(next) = second.next_if(|next| next.payer == last.payer)
    {
        last.until = next.until;
        last.calls += next.calls;
        last.passed = next.passed;
    }
    first.extend(second);
    first
}

fn without_reasons(stretches: &[Stretch]) -> Vec<Stretch> {
    stretches.iter().cloned().map(|stretch| Stretch { passed: Passed::StillOpen, ..stretch }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_stream_is_the_history_in_memory(scenario in history()) {
        let expected = statement(&scenario);
        let text = written(&scenario, scenario.events());
        prop_assert_eq!(&replay::parse(&text).unwrap(), &scenario);
        prop_assert_eq!(&statement(&Stream::open(Cursor::new(&text)).unwrap()), &expected);
    }

    #[test]
    fn a_file_in_any_order_is_sorted_by_time(scenario in history(), turn in any::<prop::sample::Index>()) {
        // Equal instants keep the order of the file, so whole instants are moved.
        let instants: Vec<&[Event]> = scenario.events().chunk_by(|a, b| a.at == b.at).collect();
        let (first, second) = instants.split_at(turn.index(instants.len()));
        let text = written(&scenario, second.iter().chain(first).copied().flatten());
        prop_assert_eq!(statement(&replay::parse(&text).unwrap()), statement(&scenario));
        prop_assert_eq!(statement(&Stream::open(Cursor::new(&text)).unwrap()), statement(&scenario));
    }

    #[test]
    fn a_text_cut_anywhere_is_refused_alike(scenario in history(), cut in any::<prop::sample::Index>()) {
        let text = written(&scenario, scenario.events());
        let end = text.trim_ascii_end().len();
        let cut = &text[..cut.index(end)];
        let whole = replay::parse(cut).unwrap_err();
        let billing_core::input::ReadError::Refused(streamed) = Stream::open(Cursor::new(cut)).unwrap_err() else {
            panic!("memory cannot fail to be read");
        };
        prop_assert_eq!(whole.path, streamed.path);
    }

    #[test]
    fn results_do_not_depend_on_where_a_history_was_cut(scenario in history(), cut in any::<prop::sample::Index>()) {
        let (first, second) = scenario.events().split_at(cut.index(scenario.events().len()));
        let mut account = Account::open(scenario.setting().terms);
        let mut seen = Vec::new();
        let mut from = Vec::new();
        for (part, events) in [first, second].into_iter().enumerate() {
            if part == 1 {
                account = serde_json::from_str(&serde_json::to_string(&account).unwrap()).unwrap();
            }
            for event in events {
                from.clear();
                let decision = account.apply_into(event, &mut from).unwrap();
                let result = EventResult { id: &event.id, decision: &decision, from: &from, account: &account };
                seen.push(serde_json::to_string(&result).unwrap());
            }
        }
        prop_assert_eq!(seen, results(&scenario));
    }

    #[test]
    fn an_explanation_does_not_depend_on_where_a_history_was_cut(
        scenario in history(),
        cut in any::<prop::sample::Index>(),
    ) {
        let whole =
            explain(Account::open(scenario.setting().terms), scenario.events(), scenario.setting().report_at).unwrap();
        let (first, second) = scenario.events().split_at(cut.index(scenario.events().len()));
        let mut account = Account::open(scenario.setting().terms);
        let until = first.last().map_or(scenario.setting().report_at, |event| event.at);
        let before = explain(account.clone(), first, until).unwrap();
        for event in first {
            account.apply(event).unwrap();
        }
        let account = serde_json::from_str(&serde_json::to_string(&account).unwrap()).unwrap();
        let after = explain(account, second, scenario.setting().report_at).unwrap();
        // The first part ends at its last event; only a use of the second part says how it went on.
        let goes_on = !after.is_empty();
        let parts = joined(before, after);
        prop_assert_eq!(without_reasons(&parts), without_reasons(&whole));
        prop_assert!(!goes_on || parts.last() == whole.last());
    }
}
