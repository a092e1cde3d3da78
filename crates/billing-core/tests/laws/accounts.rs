//! What holds for any history of an account.

use crate::history::history;
use billing_core::account::{Action, Decision, Event, EventError, Share, Use};
use billing_core::explain::{Passed, Payer, explain};
use billing_core::replay::{History, Scenario, run};
use billing_core::{
    Account, AccountTerms, Calls, Days, EventId, LotId, LotNumber, LotView, Query, Refund, Status, Yuan,
};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

/// Everything that can be seen of an account at an instant.
fn seen(account: &Account, at: DateTime<Utc>) -> String {
    format!("{:?} {:?} {:?}", account.lots(at), account.totals(at), account.query(at))
}

/// What was decided, and which lots paid.
struct Answer {
    decision: Decision,
    paid: Vec<Share>,
}

fn apply(account: &mut Account, event: &Event) -> Answer {
    let mut paid = Vec::new();
    let decision = account.apply_into(event, &mut paid).unwrap();
    Answer { decision, paid }
}

/// Applies a history and looks at the account before and after each event.
fn each(
    scenario: &Scenario,
    mut look: impl FnMut(&Account, &Event, &Answer, &Account) -> Result<(), TestCaseError>,
) -> Result<Account, TestCaseError> {
    let mut account = Account::open(scenario.setting().terms);
    for event in scenario.events() {
        let before = account.clone();
        let answer = apply(&mut account, event);
        look(&before, event, &answer, &account)?;
    }
    Ok(account)
}

fn in_effect(lot: &LotView, at: DateTime<Utc>) -> bool {
    lot.effective_at.is_none_or(|from| from <= at) && lot.expires_at.is_none_or(|until| at < until)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn granted_is_used_remaining_expired_and_refunded(scenario in history()) {
        let check = |account: &Account, at| {
            for lot in account.lots(at) {
                let parts = [lot.used, lot.remaining, lot.expired, lot.refunded];
                prop_assert_eq!(lot.total.get(), parts.iter().map(|part| part.get()).sum::<u64>(), "{:?}", lot);
                prop_assert!(lot.status != Status::NoLonger || lot.remaining.is_zero());
                prop_assert!(lot.status == Status::NoLonger || !lot.remaining.is_zero());
            }
            let t = account.totals(at);
            let parts = t.used.get() + t.remaining.get() + t.expired.get() + t.refunded.get();
            prop_assert_eq!(t.granted.get(), parts);
            Ok(())
        };
        let account = each(&scenario, |_, event, _, after| check(after, event.at))?;
        check(&account, scenario.setting().report_at)?;
    }

    #[test]
    fn no_lot_is_used_outside_its_validity(scenario in history()) {
        each(&scenario, |before, event, answer, _| {
            for share in &answer.paid {
                let lot = before.lot(share.lot, event.at).unwrap();
                prop_assert!(in_effect(&lot, event.at) && lot.refunded.is_zero(), "{:?}", lot);
            }
            Ok(())
        })?;
    }

    #[test]
    fn the_trial_is_exhausted_before_any_pack_is_touched(scenario in history()) {
        each(&scenario, |_, event, answer, after| {
            if answer.paid.iter().any(|share| share.lot != LotNumber::TRIAL) {
                let trial = after.lots(event.at).into_iter().find(|lot| lot.lot == LotId::trial());
                prop_assert!(trial.is_none_or(|trial| trial.remaining.is_zero()));
            }
            Ok(())
        })?;
    }

    #[test]
    fn no_lot_is_touched_while_one_that_ends_earlier_has_calls_left(scenario in history()) {
        each(&scenario, |_, event, answer, after| {
            let end = |share: &Share| after.lot(share.lot, event.at).unwrap().expires_at;
            let latest = answer.paid.iter().filter_map(end).max();
            let lots = after.lots(event.at);
            let earlier = lots.iter().filter(|lot| lot.status == Status::InEffect && lot.expires_at < latest);
            prop_assert_eq!(earlier.count(), 0);
            Ok(())
        })?;
    }

    #[test]
    fn splitting_a_use_into_single_calls_changes_nothing(scenario in history()) {
        let whole = each(&scenario, |_, _, _, _| Ok(()))?;
        let mut split = Account::open(scenario.setting().terms);
        let mut done: Vec<EventId> = Vec::new();
        for event in scenario.events() {
            match &event.action {
                Action::Use { calls } if !done.contains(&event.id) => {
                    for part in 0..calls.get() {
                        let id = EventId::new(if part == 0 { event.id.to_string() } else { format!("{}/{part}", event.id) });
                        let action = Action::Use { calls: Calls::ONE };
                        split.apply(&Event { id: id.unwrap(), at: event.at, action }).unwrap();
                    }
                }
                _ => drop(split.apply(event).unwrap()),
            }
            done.push(event.id.clone());
        }
        prop_assert_eq!(seen(&whole, scenario.setting().report_at), seen(&split, scenario.setting().report_at));
    }

    #[test]
    fn a_history_cut_anywhere_goes_on_as_if_it_had_not_been(scenario in history(), cut in any::<prop::sample::Index>()) {
        let whole = each(&scenario, |_, _, _, _| Ok(()))?;
        let cut = cut.index(scenario.events().len());
        let (first, second) = scenario.events().split_at(cut);
        let mut account = Account::open(scenario.setting().terms);
        for event in first {
            account.apply(event).unwrap();
        }
        let kept = serde_json::to_string(&account).unwrap();
        let mut restored: Account = serde_json::from_str(&kept).unwrap();
        prop_assert_eq!(serde_json::to_string(&restored).unwrap(), kept);
        for event in second {
            let (restored, account) = (apply(&mut restored, event), apply(&mut account, event));
            prop_assert_eq!((restored.decision, restored.paid), (account.decision, account.paid));
        }
        prop_assert_eq!(seen(&whole, scenario.setting().report_at), seen(&restored, scenario.setting().report_at));
    }

    /// A replay charges most uses by a shorter way.
    #[test]
    fn a_replay_answers_as_the_account_does(scenario in history()) {
        let mut account = Account::open(scenario.setting().terms);
        let mut events = scenario.events().iter();
        run(&scenario, |result| {
            let event = events.next().unwrap();
            let answer = apply(&mut account, event);
            assert_eq!((result.id, result.decision, result.from), (&event.id, &answer.decision, &answer.paid[..]));
            assert_eq!(seen(result.account, event.at), seen(&account, event.at));
            Ok(())
        })
        .unwrap();
        prop_assert_eq!(events.len(), 0);
    }

    #[test]
    fn the_same_event_twice_counts_once(scenario in history()) {
        let once = each(&scenario, |_, _, _, _| Ok(()))?;
        let mut twice = Account::open(scenario.setting().terms);
        for event in scenario.events() {
            twice.apply(event).unwrap();
            prop_assert_eq!(twice.apply(event).unwrap(), Decision::Duplicate);
        }
        prop_assert_eq!(seen(&once, scenario.setting().report_at), seen(&twice, scenario.setting().report_at));
    }

    #[test]
    fn charged_and_blocked_is_what_was_asked(scenario in history()) {
        let mut blocked = 0;
        let account = each(&scenario, |_, event, Answer { decision, paid }, _| {
            if let (Action::Use { calls }, Decision::Used(used @ Use::Metered { .. })) = (&event.action, decision) {
                prop_assert_eq!(used.charged().get() + used.blocked().get(), calls.get());
                prop_assert_eq!(paid.iter().map(|share| share.calls.get()).sum::<u64>(), used.charged().get());
                prop_assert!(paid.iter().all(|share| !share.calls.is_zero()));
                blocked += used.blocked().get();
            }
            Ok(())
        })?;
        prop_assert_eq!(account.totals(scenario.setting().report_at).blocked.get(), blocked);
    }

    #[test]
    fn money_sums_to_the_cent(scenario in history()) {
        let (mut paid, mut returned) = (0, 0);
        let account = each(&scenario, |_, event, answer, _| {
            match (&event.action, &answer.decision) {
                (Action::Purchase { price, .. }, Decision::Granted(_)) => paid += price.fen().unwrap(),
                (_, Decision::Refund(Refund::Refunded { amount })) => returned += amount.fen().unwrap(),
                _ => {}
            }
            Ok(())
        })?;
        let totals = account.totals(scenario.setting().report_at);
        prop_assert_eq!((totals.paid, totals.returned), (Yuan::from_fen(paid), Yuan::from_fen(returned)));
        prop_assert!(returned <= paid);
    }

    #[test]
    fn a_query_says_what_a_use_would_find(scenario in history(), later in 0_i64..20 * 86_400) {
        let account = each(&scenario, |before, event, _, _| {
            foresee(before, event.at)
        })?;
        foresee(&account, account.last_event_at().unwrap() + chrono::TimeDelta::seconds(later))?;
    }

    #[test]
    fn an_instant_before_the_last_event_shows_the_state_after_it(scenario in history(), before in 0_i64..40 * 86_400) {
        let account = each(&scenario, |_, _, _, _| Ok(()))?;
        let last = account.last_event_at().unwrap();
        let earlier = last - chrono::TimeDelta::seconds(before);
        prop_assert_eq!(account.lots(earlier), account.lots(last));
        prop_assert_eq!(account.totals(earlier), account.totals(last));
    }

    #[test]
    fn a_refund_verdict_is_what_a_refund_does(scenario in history()) {
        each(&scenario, |before, event, answer, _| {
            if let (Action::Refund { order }, Decision::Refund(refund)) = (&event.action, &answer.decision) {
                prop_assert_eq!(&before.refund_verdict(order, event.at), refund);
            }
            Ok(())
        })?;
    }

    #[test]
    fn an_explanation_holds_every_call_once(scenario in history()) {
        let account = each(&scenario, |_, _, _, _| Ok(()))?;
        let stretches = explain(Account::open(scenario.setting().terms), scenario.events(), scenario.setting().report_at).unwrap();
        let sum = |wanted: &dyn Fn(&Payer) -> bool| -> u64 {
            stretches.iter().filter(|stretch| wanted(&stretch.payer)).map(|stretch| stretch.calls).sum()
        };
        for view in account.lots(scenario.setting().report_at) {
            let lot = Payer::Lot { lot: view.lot.clone() };
            prop_assert_eq!(sum(&|payer| *payer == lot), view.used.get(), "{}", view.lot);
        }
        let blocked = account.totals(scenario.setting().report_at).blocked.get();
        prop_assert_eq!(sum(&|payer| *payer == Payer::Nobody), blocked);
        for pair in stretches.windows(2) {
            prop_assert!(pair[0].payer != pair[1].payer && pair[0].until <= pair[1].from);
            prop_assert!(pair[0].passed != Passed::StillOpen, "{:?}", pair);
        }
    }

    #[test]
    fn a_refused_event_changes_nothing(scenario in history()) {
        let mut account = each(&scenario, |_, _, _, _| Ok(()))?;
        let last = account.last_event_at().unwrap();
        let before = seen(&account, last);
        let event = |at, action| Event { id: EventId::new("new").unwrap(), at, action };
        let one = || Action::Use { calls: Calls::ONE };
        let early = last - chrono::TimeDelta::seconds(1);
        let too_early = |account: &mut Account, action| {
            matches!(account.apply(&event(early, action)), Err(EventError::OutOfOrder { .. }))
        };
        prop_assert!(too_early(&mut account, one()));
        prop_assert!(too_early(&mut account, Action::Query));
        let refund = Action::Refund { order: "e0".to_owned() };
        prop_assert!(too_early(&mut account, refund));
        let nothing = event(last, Action::Use { calls: Calls::ZERO });
        prop_assert_eq!(account.apply(&nothing), Err(EventError::NoCalls));
        let endless = Action::Allocate { calls: Calls::ONE, days: billing_core::Days::MAX };
        let endless = event(DateTime::<Utc>::MAX_UTC, endless);
        prop_assert_eq!(account.apply(&endless), Err(EventError::EndsTooLate));
        prop_assert_eq!(seen(&account, last), before);
        prop_assert_eq!(account.last_event_at(), Some(last));
        prop_assert!(account.apply(&event(last, one())).is_ok());
    }
}

/// A query at an instant agrees with a use of everything at that instant.
fn foresee(account: &Account, at: DateTime<Utc>) -> Result<(), TestCaseError> {
    let query = account.query(at).unwrap();
    let mut tried = account.clone();
    let all = Event { id: EventId::new("all").unwrap(), at, action: Action::Use { calls: Calls::MAX } };
    let Decision::Used(used) = tried.apply(&all).unwrap() else { panic!("a use is answered as one") };
    match query {
        Query::Allowed { remaining: None } => prop_assert_eq!(used, Use::Free),
        Query::Allowed { remaining: Some(remaining) } => {
            prop_assert!(!remaining.is_zero());
            prop_assert_eq!(used.charged().get(), remaining.get());
        }
        Query::Denied => prop_assert_eq!(used.charged(), Calls::ZERO),
    }
    Ok(())
}

/// Kept at the very instant at which a lot ends, and a second later: nothing of it is usable then.
#[test]
fn a_lot_that_has_ended_stays_so_in_a_snapshot() {
    let starts: DateTime<Utc> = "2024-01-01T00:00:00+08:00".parse().unwrap();
    let terms = AccountTerms { free: false, charging_starts: starts, trial: Calls::ZERO };
    let action =
        Action::Purchase { calls: Calls::ONE, days: Days::new(1).unwrap(), price: Yuan::from_fen(1) };
    for seconds in [86_400, 86_401] {
        let mut account = Account::open(terms);
        apply(&mut account, &Event { id: EventId::new("o1").unwrap(), at: starts, action: action.clone() });
        let now = starts + TimeDelta::seconds(seconds);
        apply(&mut account, &Event { id: EventId::new("q1").unwrap(), at: now, action: Action::Query });
        let kept: Account = serde_json::from_str(&serde_json::to_string(&account).unwrap()).unwrap();
        assert_eq!(kept.query(now), Ok(Query::Denied));
        assert_eq!(seen(&kept, now), seen(&account, now));
    }
}

/// A snapshot that no history can reach is refused, not repaired.
#[test]
fn a_snapshot_that_cannot_be_is_refused() {
    let at: DateTime<Utc> = "2024-01-01T00:00:00Z".parse().unwrap();
    let terms =
        billing_core::AccountTerms { free: false, charging_starts: at, trial: Calls::new(5).unwrap() };
    let mut account = Account::open(terms);
    let id = |id: &str| EventId::new(id).unwrap();
    let days = billing_core::Days::new(10).unwrap();
    let price = Yuan::from_fen(21);
    let bought = Action::Purchase { calls: Calls::new(7).unwrap(), days, price };
    account.apply(&Event { id: id("o1"), at, action: bought }).unwrap();
    account
        .apply(&Event { id: id("u1"), at, action: Action::Use { calls: Calls::new(6).unwrap() } })
        .unwrap();
    let kept = serde_json::to_string(&account).unwrap();
    assert!(serde_json::from_str::<Account>(&kept).is_ok());
    for (from, to) in [
        ("\"trial_used\":5", "\"trial_used\":6"),
        ("\"used\":1", "\"used\":8"),
        ("\"refunded_at\":null", "\"refunded_at\":\"2024-01-01T00:00:00Z\""),
        ("\"expires_at\":\"2024-01-11", "\"expires_at\":\"2024-01-01"),
        ("[\"u1\"]", "[\"u1\",\"u1\"]"),
        ("[\"u1\"]", "[\"o1\"]"),
        ("[\"u1\"]", "[\"\"]"),
        ("\"now\":\"2024-01-01T00:00:00Z\"", "\"now\":null"),
        ("\"blocked\":0", "\"blocked\":18446744073709551615"),
        ("\"blocked\":0", "\"blocked\":0,\"note\":1"),
    ] {
        assert!(kept.contains(from), "{from} in {kept}");
        assert!(serde_json::from_str::<Account>(&kept.replacen(from, to, 1)).is_err(), "{from} -> {to}");
    }
    // One event is enough to have happened at some time.
    let asked = Event { id: id("q1"), at, action: Action::Query };
    let granted = Event { id: id("a1"), at, action: Action::Allocate { calls: Calls::ONE, days } };
    for event in [asked, granted] {
        let mut account = Account::open(terms);
        account.apply(&event).unwrap();
        let mut kept = serde_json::to_value(&account).unwrap();
        kept["now"] = serde_json::Value::Null;
        assert!(serde_json::from_value::<Account>(kept).is_err(), "{}", event.id);
    }
}
