//! What holds for any history of an account.

use crate::history::history;
use billing_core::account::{Action, Decision, Event, Use};
use billing_core::explain::{Passed, Payer, explain};
use billing_core::replay::Scenario;
use billing_core::{Account, Calls, EventId, LotId, LotView, Query, Refund, Status, Yuan};
use chrono::{DateTime, Utc};
use proptest::prelude::*;

/// Everything that can be seen of an account at an instant.
fn seen(account: &Account, at: DateTime<Utc>) -> String {
    format!("{:?} {:?} {:?}", account.lots(at), account.totals(at), account.query(at))
}

/// Applies a history and looks at the account before and after each event.
fn each(
    scenario: &Scenario,
    mut look: impl FnMut(&Account, &Event, &Decision, &Account) -> Result<(), TestCaseError>,
) -> Result<Account, TestCaseError> {
    let mut account = Account::open(scenario.terms);
    for event in &scenario.events {
        let before = account.clone();
        let decision = account.apply(event.clone()).unwrap();
        look(&before, event, &decision, &account)?;
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
        check(&account, scenario.report_at)?;
    }

    #[test]
    fn no_lot_is_used_outside_its_validity(scenario in history()) {
        each(&scenario, |before, event, decision, _| {
            if let Decision::Used(used) = decision {
                let lots = before.lots(event.at);
                for share in used.from() {
                    let lot = lots.iter().find(|lot| lot.lot == share.lot).unwrap();
                    prop_assert!(in_effect(lot, event.at) && lot.refunded.is_zero(), "{:?}", lot);
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn the_trial_is_exhausted_before_any_pack_is_touched(scenario in history()) {
        each(&scenario, |_, event, decision, after| {
            if let Decision::Used(used) = decision
                && used.from().iter().any(|share| share.lot != LotId::trial())
            {
                let trial = after.lots(event.at).into_iter().find(|lot| lot.lot == LotId::trial());
                prop_assert!(trial.is_none_or(|trial| trial.remaining.is_zero()));
            }
            Ok(())
        })?;
    }

    #[test]
    fn no_lot_is_touched_while_one_that_ends_earlier_has_calls_left(scenario in history()) {
        each(&scenario, |_, event, decision, after| {
            if let Decision::Used(used) = decision {
                let lots = after.lots(event.at);
                let end = |lot: &LotId| lots.iter().find(|view| view.lot == *lot).unwrap().expires_at;
                let latest = used.from().iter().filter_map(|share| end(&share.lot)).max();
                let earlier = lots.iter().filter(|lot| lot.status == Status::InEffect && lot.expires_at < latest);
                prop_assert_eq!(earlier.count(), 0);
            }
            Ok(())
        })?;
    }

    #[test]
    fn splitting_a_use_into_single_calls_changes_nothing(scenario in history()) {
        let whole = each(&scenario, |_, _, _, _| Ok(()))?;
        let mut split = Account::open(scenario.terms);
        let mut done: Vec<EventId> = Vec::new();
        for event in &scenario.events {
            match &event.action {
                Action::Use { calls } if !done.contains(&event.id) => {
                    for part in 0..calls.get() {
                        let id = EventId::new(if part == 0 { event.id.to_string() } else { format!("{}/{part}", event.id) });
                        split.use_calls(id.unwrap(), event.at, Calls::ONE).unwrap();
                    }
                }
                _ => drop(split.apply(event.clone()).unwrap()),
            }
            done.push(event.id.clone());
        }
        prop_assert_eq!(seen(&whole, scenario.report_at), seen(&split, scenario.report_at));
    }

    #[test]
    fn a_history_cut_anywhere_goes_on_as_if_it_had_not_been(scenario in history(), cut in any::<prop::sample::Index>()) {
        let whole = each(&scenario, |_, _, _, _| Ok(()))?;
        let cut = cut.index(scenario.events.len());
        let (first, second) = scenario.events.split_at(cut);
        let mut account = Account::open(scenario.terms);
        for event in first {
            account.apply(event.clone()).unwrap();
        }
        let kept = serde_json::to_string(&account).unwrap();
        let mut restored: Account = serde_json::from_str(&kept).unwrap();
        prop_assert_eq!(serde_json::to_string(&restored).unwrap(), kept);
        for event in second {
            prop_assert_eq!(restored.apply(event.clone()), account.apply(event.clone()));
        }
        prop_assert_eq!(seen(&whole, scenario.report_at), seen(&restored, scenario.report_at));
    }

    #[test]
    fn the_same_event_twice_counts_once(scenario in history()) {
        let once = each(&scenario, |_, _, _, _| Ok(()))?;
        let mut twice = Account::open(scenario.terms);
        for event in &scenario.events {
            twice.apply(event.clone()).unwrap();
            prop_assert_eq!(twice.apply(event.clone()).unwrap(), Decision::Duplicate);
        }
        prop_assert_eq!(seen(&once, scenario.report_at), seen(&twice, scenario.report_at));
    }

    #[test]
    fn charged_and_blocked_is_what_was_asked(scenario in history()) {
        let mut blocked = 0;
        let account = each(&scenario, |_, event, decision, _| {
            if let (Action::Use { calls }, Decision::Used(used @ Use::Metered { from, .. })) = (&event.action, decision) {
                prop_assert_eq!(used.charged().get() + used.blocked().get(), calls.get());
                prop_assert_eq!(from.iter().map(|share| share.calls.get()).sum::<u64>(), used.charged().get());
                prop_assert!(from.iter().all(|share| !share.calls.is_zero()));
                blocked += used.blocked().get();
            }
            Ok(())
        })?;
        prop_assert_eq!(account.totals(scenario.report_at).blocked.get(), blocked);
    }

    #[test]
    fn money_sums_to_the_cent(scenario in history()) {
        let (mut paid, mut returned) = (0, 0);
        let account = each(&scenario, |_, event, decision, _| {
            match (&event.action, decision) {
                (Action::Purchase { price, .. }, Decision::Granted(_)) => paid += price.fen().unwrap(),
                (_, Decision::Refund(Refund::Refunded { amount })) => returned += amount.fen().unwrap(),
                _ => {}
            }
            Ok(())
        })?;
        let totals = account.totals(scenario.report_at);
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
        for view in account.lots(last) {
            prop_assert_eq!(account.lot(&view.lot, earlier), Some(view));
        }
    }

    #[test]
    fn a_refund_verdict_is_what_a_refund_does(scenario in history()) {
        each(&scenario, |before, event, decision, _| {
            if let (Action::Refund { order }, Decision::Refund(refund)) = (&event.action, decision) {
                prop_assert_eq!(&before.refund_verdict(order, event.at), refund);
            }
            Ok(())
        })?;
    }

    #[test]
    fn an_explanation_holds_every_call_once(scenario in history()) {
        let account = each(&scenario, |_, _, _, _| Ok(()))?;
        let stretches = explain(scenario.terms, &scenario.events, scenario.report_at).unwrap();
        let sum = |wanted: &dyn Fn(&Payer) -> bool| -> u64 {
            stretches.iter().filter(|stretch| wanted(&stretch.payer)).map(|stretch| stretch.calls).sum()
        };
        for view in account.lots(scenario.report_at) {
            let lot = Payer::Lot { lot: view.lot.clone() };
            prop_assert_eq!(sum(&|payer| *payer == lot), view.used.get(), "{}", view.lot);
        }
        let blocked = account.totals(scenario.report_at).blocked.get();
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
        let id = || EventId::new("new").unwrap();
        let early = last - chrono::TimeDelta::seconds(1);
        prop_assert!(account.use_calls(id(), early, Calls::ONE).is_err());
        prop_assert!(account.use_calls(id(), last, Calls::ZERO).is_err());
        prop_assert!(account.allocate(id(), DateTime::<Utc>::MAX_UTC, Calls::ONE, billing_core::Days::MAX).is_err());
        let query = Event { id: id(), at: early, action: Action::Query };
        prop_assert!(account.apply(query).is_err());
        prop_assert!(account.refund("e0", early).is_err());
        prop_assert_eq!(seen(&account, last), before);
        prop_assert_eq!(account.last_event_at(), Some(last));
        prop_assert!(account.use_calls(id(), last, Calls::ONE).is_ok());
    }
}

/// A query at an instant agrees with a use of everything at that instant.
fn foresee(account: &Account, at: DateTime<Utc>) -> Result<(), TestCaseError> {
    let query = account.query(at).unwrap();
    let mut tried = account.clone();
    let used = tried.use_calls(EventId::new("all").unwrap(), at, Calls::MAX).unwrap();
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

/// A snapshot that no history can reach is refused, not repaired.
#[test]
fn a_snapshot_that_cannot_be_is_refused() {
    let at: DateTime<Utc> = "2024-01-01T00:00:00Z".parse().unwrap();
    let terms =
        billing_core::AccountTerms { free: false, charging_starts: at, trial: Calls::new(5).unwrap() };
    let mut account = Account::open(terms);
    let id = |id: &str| EventId::new(id).unwrap();
    let days = billing_core::Days::new(10).unwrap();
    account.purchase(id("o1"), at, Calls::new(7).unwrap(), days, Yuan::from_fen(21)).unwrap();
    account.use_calls(id("u1"), at, Calls::new(6).unwrap()).unwrap();
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
}
