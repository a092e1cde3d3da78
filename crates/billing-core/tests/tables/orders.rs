//! The life of an order, refunds and working days: docs/billing-rules.md §6.

use crate::script::{beijing, calls};
use billing_core::order::{Method, Order, Ordered, Pending};
use billing_core::refund::{RefusalReason, refundable_until};
use billing_core::{Capability, Days, Tariff};
use chrono::NaiveDate;

fn placed() -> Pending {
    Pending::place(Ordered {
        number: "DD1".to_owned(),
        capability: Capability::Quick,
        calls: calls("1000"),
        days: Days::new(365).unwrap(),
        list_price: "30.00".parse().unwrap(),
        price: "30.00".parse().unwrap(),
        created_at: beijing(&["2024-01-01", "10:00:00"]),
    })
}

#[test]
fn an_order_goes_through_its_states_and_back_from_storage() {
    let end = beijing(&["2024-12-31", "10:05:00"]);
    let paid = placed().pay(beijing(&["2024-01-01", "10:05:00"]), Method::WechatScan).unwrap();
    let refunding =
        paid.clone().request_refund(calls("0"), end, beijing(&["2024-01-08", "10:05:00"])).unwrap();
    let refunded = refunding.clone().complete(beijing(&["2024-01-11", "09:00:00"])).unwrap();
    let at = beijing(&["2024-01-02", "00:00:00"]);
    let states = [
        (Order::Pending(placed()), "pending", vec![RefusalReason::NotPaid]),
        (Order::Paid(paid), "paid", vec![]),
        (Order::Refunding(refunding), "refunding", vec![RefusalReason::AlreadyRefunded]),
        (Order::Refunded(refunded), "refunded", vec![RefusalReason::AlreadyRefunded]),
        (Order::Cancelled(placed().cancel(at).unwrap()), "cancelled", vec![RefusalReason::NotPaid]),
        (Order::Expired(placed().expire(at).unwrap()), "expired", vec![RefusalReason::NotPaid]),
    ];
    for (order, state, reasons) in states {
        let json = serde_json::to_value(&order).unwrap();
        assert_eq!(json["state"], state);
        assert_eq!(serde_json::from_value::<Order>(json).unwrap(), order);
        assert_eq!(order.reasons_against_refund(calls("0"), end, at), reasons, "{state}");
        assert_eq!(order.ordered().number, "DD1");
    }
}

#[test]
fn a_change_before_the_last_one_is_refused_and_gives_the_order_back() {
    let early = placed().pay(beijing(&["2024-01-01", "09:59:59"]), Method::EnterpriseDebit).unwrap_err();
    assert_eq!(*early.order, placed());
    assert!(placed().cancel(beijing(&["2024-01-01", "09:59:59"])).is_err());
    assert!(placed().expire(beijing(&["2024-01-01", "09:59:59"])).is_err());
    assert!(placed().pay(beijing(&["2024-01-01", "10:00:00"]), Method::PersonalCredit).is_ok());
}

#[test]
fn a_refused_refund_names_every_reason_and_gives_the_order_back() {
    let paid = placed().pay(beijing(&["2024-01-01", "10:05:00"]), Method::WechatScan).unwrap();
    let end = beijing(&["2024-01-08", "10:05:01"]);
    let refused = paid.clone().request_refund(calls("1"), end, end).unwrap_err();
    assert_eq!(refused.reasons, [RefusalReason::Used, RefusalReason::TooLate, RefusalReason::Expired]);
    assert_eq!(*refused.order, paid);
}

#[test]
fn refundable_until_is_seven_days_or_the_last_second_of_a_short_pack() {
    let paid = beijing(&["2024-01-01", "10:00:00"]);
    let long = refundable_until(paid, beijing(&["2024-12-31", "10:00:00"]));
    assert_eq!(long, Some(beijing(&["2024-01-08", "10:00:00"])));
    let short = refundable_until(paid, beijing(&["2024-01-02", "10:00:00"]));
    assert_eq!(short, Some(beijing(&["2024-01-02", "09:59:59"])));
}

/// 3 to 5 working days: asked on, earliest, latest, whether the holidays are known.
#[test]
fn money_comes_back_in_three_to_five_working_days() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let rows = [
        // A plain week, and across a weekend.
        ("2024-03-04", "2024-03-07", "2024-03-11", true),
        ("2024-03-01", "2024-03-06", "2024-03-08", true),
        // Asked on a Saturday.
        ("2024-03-02", "2024-03-06", "2024-03-08", true),
        // National Day 2024: 1 to 7 October off, Saturday 12 October worked.
        ("2024-09-30", "2024-10-10", "2024-10-12", true),
        // Spring Festival 2025: 28 January to 4 February off, Sunday 26 January worked.
        ("2025-01-24", "2025-02-05", "2025-02-07", true),
        // Across the end of the table, and beyond it: only weekends are skipped, and the answer says so.
        ("2026-12-24", "2026-12-29", "2026-12-31", true),
        ("2026-12-25", "2026-12-30", "2027-01-01", false),
        ("2035-03-05", "2035-03-08", "2035-03-12", false),
    ];
    for (asked, from, to, certain) in rows {
        let expected = Tariff::embedded().holidays.refund_expected(day(asked)).unwrap();
        assert_eq!((expected.from, expected.to, expected.certain), (day(from), day(to), certain), "{asked}");
    }
}

/// 5 to 10 working days **W**: asked on, earliest, latest.
#[test]
fn an_invoice_comes_in_five_to_ten_working_days() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let rows = [
        ("2024-03-04", "2024-03-11", "2024-03-18"),
        // National Day 2024: 1 to 7 October off, Saturday 12 October worked.
        ("2024-09-30", "2024-10-12", "2024-10-18"),
    ];
    for (asked, from, to) in rows {
        let expected = Tariff::embedded().holidays.invoice_expected(day(asked)).unwrap();
        assert_eq!((expected.from, expected.to, expected.certain), (day(from), day(to), true), "{asked}");
    }
}
