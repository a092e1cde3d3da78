//! Bulk pools and alerts: docs/billing-rules.md §8 and docs/billing-rules.md §9.

use crate::script::{beijing, calls};
use billing_core::account::{Action, Event};
use billing_core::alert::{Alert, Observation, ObservedLot, Thresholds, Told};
use billing_core::pool::{Allocation, CancelError, Pool, PoolError, RequestId};
use billing_core::{Account, AccountTerms, CallsTotal, Days, EventId, LotId, Tariff, Withdrawal};

fn allocation(count: &str, receiver: &str) -> Allocation {
    let at = beijing(&["2024-01-01", "10:00:00"]);
    Allocation { sku: "20000178".to_owned(), receiver: receiver.to_owned(), calls: calls(count), at }
}

#[test]
fn a_request_id_keeps_its_text() {
    let id = RequestId::new("request-0001").unwrap();
    assert_eq!(id.as_str(), "request-0001");
    assert_eq!(String::from(id), "request-0001");
}

#[test]
fn the_same_request_is_the_same_allocation() {
    let mut pool = Pool::new(calls("100"));
    let id = |text: &str| RequestId::new(text).unwrap();
    assert!(!pool.allocate(id("request-01"), allocation("60", "wx1")).unwrap().again);
    let again = pool.allocate(id("request-01"), allocation("99", "wx2")).unwrap();
    assert!(again.again);
    assert_eq!(*again.allocation, allocation("60", "wx1"));
    assert_eq!(pool.left(), calls("40"));
    let refused = pool.allocate(id("request-02"), allocation("41", "wx2"));
    assert_eq!(refused, Err(PoolError::NotEnough { asked: calls("41"), left: calls("40") }));
    assert_eq!(pool.allocate(id("request-02"), allocation("0", "wx2")), Err(PoolError::NoCalls));
    assert!(pool.allocate(id("request-02"), allocation("40", "wx2")).is_ok());
    assert_eq!((pool.left(), pool.allocations().len()), (calls("0"), 2));
    assert!(pool.allocate(id("request-01"), allocation("60", "wx1")).unwrap().again);
}

/// [W] Within seven days of the allocation; the calls are back in the pool, the request is spent.
#[test]
fn a_cancelled_allocation_returns_its_calls_and_is_not_made_again() {
    let mut pool = Pool::new(calls("100"));
    let id = |text: &str| RequestId::new(text).unwrap();
    for (request, count) in [("request-01", "60"), ("request-02", "30")] {
        assert!(pool.allocate(id(request), allocation(count, "wx1")).is_ok());
    }
    let in_time = beijing(&["2024-01-08", "10:00:00"]);
    assert_eq!(pool.cancel(&id("request-03"), in_time), Err(CancelError::Unknown));
    for _ in 0..2 {
        assert_eq!(pool.cancel(&id("request-01"), in_time), Ok(()));
        assert_eq!((pool.left(), pool.allocations().len()), (calls("70"), 1));
    }
    assert_eq!(pool.allocate(id("request-01"), allocation("60", "wx1")), Err(PoolError::Cancelled));
    let too_late = beijing(&["2024-01-08", "10:00:01"]);
    assert_eq!(pool.cancel(&id("request-02"), too_late), Err(CancelError::TooLate));
    assert_eq!(pool.left(), calls("70"));
    assert!(pool.allocate(id("request-04"), allocation("70", "wx2")).is_ok());
}

/// [W] Only an unused pack. [A] Nor one that has ended.
#[test]
fn a_provider_takes_back_only_what_is_untouched() {
    let start = beijing(&["2024-01-01", "10:00:00"]);
    let later = beijing(&["2024-01-02", "10:00:00"]);
    let trial = calls("1");
    let mut account = Account::open(AccountTerms { free: false, charging_starts: start, trial });
    let mut apply = |id: &str, at, action| {
        account.apply(&Event { id: EventId::new(id).unwrap(), at, action }).unwrap();
    };
    let days = |days| Days::new(days).unwrap();
    apply(
        "paid",
        start,
        Action::Purchase { calls: calls("5"), days: days(365), price: "0.15".parse().unwrap() },
    );
    for (id, length) in [("ended", 1), ("used", 2), ("kept", 90)] {
        apply(id, start, Action::Allocate { calls: calls("5"), days: days(length) });
    }
    apply("use", later, Action::Use { calls: calls("3") });
    let mut withdraw = |lot: &str, at| {
        let lot = LotId::from(&EventId::new(lot).unwrap());
        account.withdraw(&lot, at).unwrap()
    };
    assert_eq!(withdraw("nothing", later), Withdrawal::NotAllocated);
    assert_eq!(withdraw("paid", later), Withdrawal::NotAllocated);
    assert_eq!(withdraw("used", later), Withdrawal::Used);
    assert_eq!(withdraw("ended", later), Withdrawal::Ended);
    for _ in 0..2 {
        assert_eq!(withdraw("kept", later), Withdrawal::Withdrawn);
    }
    let totals = account.totals(later);
    // Trial 1 and two of `used` are charged; `ended` lost 5, `kept` gave 5 back; three of `used` and `paid` are left.
    assert_eq!(totals.used.get(), 3);
    assert_eq!((totals.expired.get(), totals.refunded.get(), totals.remaining.get()), (5, 5, 8));
    assert_eq!(account.usable(later), totals.remaining);
    let kept: Account = serde_json::from_str(&serde_json::to_string(&account).unwrap()).unwrap();
    assert_eq!(kept.totals(later), totals, "a snapshot keeps it");
}

/// [W] 10 to 64 characters.
#[test]
fn request_ids_have_10_to_64_characters() {
    for (length, good) in [(9, false), (10, true), (64, true), (65, false)] {
        assert_eq!(RequestId::new("请".repeat(length)).is_ok(), good, "{length}");
    }
}

fn thresholds() -> Thresholds {
    let alerts = &Tariff::embedded().alerts;
    Thresholds {
        percent_left: alerts.percent_left.value.clone(),
        days_before_end: alerts.days_before_end.value.clone(),
        runs_out_within_days: 14,
    }
}

fn total(count: u64) -> CallsTotal {
    CallsTotal::from(billing_core::Calls::new(count).unwrap())
}

fn seen(told: &mut Told, left: u64, of: u64) -> Vec<u8> {
    let now = Observation { total: total(of), remaining: total(left), lots: vec![], runs_out_in_days: None };
    told.observe(&thresholds(), &now)
        .into_iter()
        .map(|alert| match alert {
            Alert::PercentLeft { percent, .. } => percent,
            other => panic!("{other:?}"),
        })
        .collect()
}

/// Calls left of a total, one look after the other, and which percentages are told.
#[test]
fn each_share_is_told_once_and_again_only_after_a_refill() {
    let rows: &[(u64, u64, &[u8])] = &[
        (1_000, 1_000, &[]),
        (201, 1_000, &[]),
        (200, 1_000, &[20]),
        (199, 1_000, &[]),
        (40, 1_000, &[5]), // past 10 % in one go: only the deepest
        (39, 1_000, &[]),
        (39, 200, &[]), // a lot ended: the share rose without a refill
        (38, 1_000, &[]),
        (139, 1_000, &[]), // a refill to 13.9 %: 20 % still holds and was told
        (100, 1_000, &[10]),
        (2_000, 3_000, &[]),
        (600, 3_000, &[20]),
        (0, 3_000, &[0]),
        (0, 3_000, &[]),
        (0, 0, &[]),
    ];
    assert_eq!(seen(&mut Told::default(), 0, 0), [0; 0], "who never had calls has no share of them");
    let mut told = Told::default();
    for (left, of, expected) in rows {
        assert_eq!(seen(&mut told, *left, *of), *expected, "{left} of {of}");
        let kept = serde_json::to_string(&told).unwrap();
        told = serde_json::from_str(&kept).unwrap();
    }
}

#[test]
fn lots_that_end_and_running_out_are_told_once() {
    let mut told = Told::default();
    let mut look = |ends_in_days, remaining: &str, will_expire: &str, runs_out_in_days| {
        let lot = ObservedLot {
            lot: "o1".to_owned(),
            ends_in_days,
            remaining: calls(remaining),
            will_expire: calls(will_expire),
        };
        let now =
            Observation { total: total(1_000), remaining: total(900), lots: vec![lot], runs_out_in_days };
        told.observe(&thresholds(), &now)
    };
    let ends = |days, left: &str| Alert::EndsSoon { lot: "o1".to_owned(), days, remaining: calls(left) };
    assert_eq!(look(16, "900", "0", None), []);
    assert_eq!(look(15, "900", "0", Some(15)), [ends(15, "900")]);
    assert_eq!(look(14, "900", "0", Some(14)), [Alert::RunsOutSoon { in_days: 14 }]);
    assert_eq!(
        look(13, "900", "5", Some(13)),
        [Alert::WillExpire { lot: "o1".to_owned(), calls: calls("5") }]
    );
    assert_eq!(look(12, "900", "6", Some(12)), []);
    assert_eq!(look(2, "900", "6", Some(2)), [ends(3, "900")]);
    assert_eq!(look(1, "0", "0", Some(1)), [], "a lot without calls left ends quietly");
    assert_eq!(look(0, "1", "0", Some(0)), [ends(1, "1")]);
}

/// Calls left, days until they run out, and what of each of two lots will end unused.
#[test]
fn a_refill_arms_again_only_what_no_longer_holds() {
    let mut told = Told::default();
    let mut look = |left, runs_out_in_days, unused: [&str; 2]| {
        let lot = |(lot, unused): (&str, &str)| ObservedLot {
            lot: lot.to_owned(),
            ends_in_days: 300,
            remaining: calls("50"),
            will_expire: calls(unused),
        };
        let lots = ["a", "b"].into_iter().zip(unused).map(lot).collect();
        told.observe(
            &thresholds(),
            &Observation { total: total(1_000), remaining: total(left), lots, runs_out_in_days },
        )
    };
    let unused = |lot: &str, count: &str| Alert::WillExpire { lot: lot.to_owned(), calls: calls(count) };
    let runs_out = |in_days| Alert::RunsOutSoon { in_days };
    assert_eq!(look(500, Some(10), ["5", "3"]), [runs_out(10), unused("a", "5"), unused("b", "3")]);
    assert_eq!(look(600, Some(12), ["5", "0"]), [], "a refill, after which the rest still holds");
    assert_eq!(look(590, Some(12), ["5", "3"]), [unused("b", "3")]);
    assert_eq!(look(580, None, ["0", "0"]), []);
    assert_eq!(look(570, Some(9), ["5", "3"]), [], "without a refill nothing is told again");
    assert_eq!(look(900, None, ["0", "0"]), []);
    assert_eq!(look(890, Some(14), ["4", "2"]), [runs_out(14), unused("a", "4"), unused("b", "2")]);
}

/// Days, calls of the day so far, what it hardly ever exceeds, and whether that is told.
#[test]
fn usage_far_above_the_forecast_is_told_once_until_a_day_is_within_it() {
    let rows = [
        ("2026-03-01", 100, 100, false),
        ("2026-03-01", 129, 100, false),
        ("2026-03-01", 130, 100, true),
        ("2026-03-01", 900, 100, false),
        ("2026-03-02", 500, 100, false),
        ("2026-03-03", 20, 100, false), // the day after may have been stopped in the middle
        ("2026-03-03", 131, 100, false),
        ("2026-03-04", 20, 100, false),
        ("2026-03-05", 20, 100, false), // the 4th was within
        ("2026-03-05", 140, 100, true),
        ("2026-03-06", 140, 100, false),
        ("2026-03-09", 200, 100, true),
    ];
    let mut told = Told::default();
    let day = || "2026-02-20".parse().unwrap();
    assert_eq!(told.observe_usage(day(), 90, 100), None);
    let burst = told.observe_usage(day(), 400, 390);
    assert_eq!(
        burst,
        Some(Alert::UsageHigh { calls: 400, expected: 100 }),
        "by the forecast before the burst"
    );
    assert_eq!(told.observe_usage("2026-02-28".parse().unwrap(), 90, 100), None);
    for (day, calls, expected, is_told) in rows {
        let alert = told.observe_usage(day.parse().unwrap(), calls, expected);
        assert_eq!(alert, is_told.then_some(Alert::UsageHigh { calls, expected }), "{day} {calls}");
        let kept = serde_json::to_string(&told).unwrap();
        told = serde_json::from_str(&kept).unwrap();
    }
}
