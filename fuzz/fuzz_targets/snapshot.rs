//! A kept account: what is read has sums that hold, goes on without a panic, and is kept again as the same.
#![no_main]

use billing_core::account::{Action, Event};
use billing_core::{Account, Calls, Days, EventId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let Ok(mut account) = serde_json::from_slice::<Account>(text) else { return };
    let kept = serde_json::to_string(&account).unwrap();
    let again: Account = serde_json::from_str(&kept).expect("what was kept is read");
    assert_eq!(serde_json::to_string(&again).unwrap(), kept);
    let at = account.last_event_at().unwrap_or(account.terms().charging_starts);
    holds(&account, at);
    let (calls, days) = (Calls::new(7).unwrap(), Days::new(3).unwrap());
    let actions =
        [Action::Allocate { calls, days }, Action::Use { calls: Calls::MAX }, Action::Query, Action::Use { calls }];
    for (number, action) in actions.into_iter().enumerate() {
        let id = EventId::new(format!("fuzz {number}")).unwrap();
        let _: Result<_, _> = account.apply(&Event { id, at, action });
    }
    holds(&account, at);
});

fn holds(account: &Account, at: chrono::DateTime<chrono::Utc>) {
    let totals = account.totals(at);
    let parts = [totals.used, totals.remaining, totals.expired, totals.refunded];
    assert_eq!(totals.granted.get(), parts.iter().map(|part| part.get()).sum::<u64>());
    assert!(account.usable(at).get() <= totals.remaining.get());
}
