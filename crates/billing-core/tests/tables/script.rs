//! Runs a table against an account.
//!
//! ```text
//! open trial 10 start 2024-01-01 00:00:00
//! 2024-01-01 10:00:00 buy o1 5 365 30.00 => granted
//! 2024-01-02 10:00:00 use 12             => charged 12: trial 10, o1 2
//! 2024-01-02 10:00:00 lots               => o1 2/1 3 of 5, trial 1/3 0 of 10
//! ```
//! Times are Beijing time. `lots` prints `id source/status remaining of total`.

use billing_core::account::{Action, Decision, Event, Share, Use};
use billing_core::{Account, AccountTerms, Calls, Days, EventId, Query, Refund};
use chrono::{DateTime, Utc};
use std::fmt::Write;

/// Runs a table; every line that has an answer is compared.
pub(crate) fn run(table: &str) {
    let mut lines = table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut account = open(lines.next().expect("a table opens an account"));
    let mut answers = 0;
    for (number, line) in lines.enumerate() {
        let (call, expected) = line.split_once("=>").unwrap_or_else(|| panic!("no answer expected: {line}"));
        let words: Vec<&str> = call.split_whitespace().collect();
        let at = beijing(&words[..2]);
        assert_eq!(answer(&mut account, number, at, &words[2..]), expected.trim(), "{line}");
        answers += 1;
    }
    assert!(answers > 0, "a table without events");
}

pub(crate) fn beijing(words: &[&str]) -> DateTime<Utc> {
    billing_core::time::parse_instant(&format!("{}T{}+08:00", words[0], words[1])).unwrap()
}

fn open(line: &str) -> Account {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (free, words) = match words.as_slice() {
        ["open", "free", rest @ ..] => (true, rest),
        ["open", rest @ ..] => (false, rest),
        _ => panic!("not an opening: {line}"),
    };
    let ["trial", trial, "start", day, time] = words else { panic!("not an opening: {line}") };
    let trial = calls(trial);
    Account::open(AccountTerms { free, charging_starts: beijing(&[day, time]), trial })
}

pub(crate) fn calls(word: &str) -> Calls {
    Calls::new(word.parse().unwrap()).unwrap()
}

fn answer(account: &mut Account, number: usize, at: DateTime<Utc>, words: &[&str]) -> String {
    let days = |word: &str| Days::new(word.parse().unwrap()).unwrap();
    let (id, action) = match words {
        ["buy", id, count, valid, price] => {
            let action =
                Action::Purchase { calls: calls(count), days: days(valid), price: price.parse().unwrap() };
            ((*id).to_owned(), action)
        }
        ["get", id, count, valid] => {
            ((*id).to_owned(), Action::Allocate { calls: calls(count), days: days(valid) })
        }
        ["use", count] => (format!("line {number}"), Action::Use { calls: calls(count) }),
        ["use", count, "as", id] => ((*id).to_owned(), Action::Use { calls: calls(count) }),
        ["query"] => (format!("line {number}"), Action::Query),
        ["refund", order] => (format!("line {number}"), Action::Refund { order: (*order).to_owned() }),
        ["lots"] => return lots(account, at),
        ["totals"] => return totals(account, at),
        other => panic!("not an event: {other:?}"),
    };
    let mut paid = Vec::new();
    match account.apply_into(&Event { id: EventId::new(id).unwrap(), at, action }, &mut paid) {
        Ok(decision) => describe(&decision, account, &paid),
        Err(error) => format!("error: {error}"),
    }
}

fn describe(decision: &Decision, account: &Account, paid: &[Share]) -> String {
    match decision {
        Decision::Granted(_) => "granted".to_owned(),
        Decision::Duplicate => "duplicate".to_owned(),
        Decision::Used(Use::Free) => "free".to_owned(),
        Decision::Used(Use::Metered { charged, blocked }) => {
            let name = |share: &Share| account.lot_name(share.lot).unwrap().to_owned();
            let from: Vec<_> = paid.iter().map(|share| format!("{} {}", name(share), share.calls)).collect();
            let mut text = format!("charged {charged}");
            if !from.is_empty() {
                write!(text, ": {}", from.join(", ")).unwrap();
            }
            if !blocked.is_zero() {
                write!(text, "; blocked {blocked}").unwrap();
            }
            text
        }
        Decision::Queried(Query::Denied) => "denied".to_owned(),
        Decision::Queried(Query::Allowed { remaining: None }) => "allowed".to_owned(),
        Decision::Queried(Query::Allowed { remaining: Some(remaining) }) => format!("allowed {remaining}"),
        Decision::Refund(Refund::Refunded { amount }) => format!("refunded {amount}"),
        Decision::Refund(Refund::Refused { reasons }) => {
            let reasons: Vec<_> = reasons.iter().map(|reason| format!("{reason:?}")).collect();
            format!("refused {}", reasons.join(" "))
        }
    }
}

fn lots(account: &Account, at: DateTime<Utc>) -> String {
    let views = account.lots(at);
    let lots = views.iter().map(|lot| {
        let mut text = format!(
            "{} {}/{} {} of {}",
            lot.lot,
            lot.source.code(),
            lot.status.code(),
            lot.remaining,
            lot.total
        );
        if !lot.expired.is_zero() {
            write!(text, " ({} expired)", lot.expired).unwrap();
        }
        if !lot.refunded.is_zero() {
            write!(text, " ({} refunded)", lot.refunded).unwrap();
        }
        text
    });
    lots.collect::<Vec<_>>().join(", ")
}

fn totals(account: &Account, at: DateTime<Utc>) -> String {
    let t = account.totals(at);
    format!(
        "granted {} used {} remaining {} expired {} refunded {} blocked {} paid {} returned {}",
        t.granted, t.used, t.remaining, t.expired, t.refunded, t.blocked, t.paid, t.returned
    )
}
