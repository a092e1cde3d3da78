//! What an order means today: its state, whether and until when it can be given back, and its invoice.

use billing_core::refund::{self, PaidFacts, RefusalReason};
use billing_core::time::{beijing_day, beijing_midnight};
use billing_core::working_days::Expected;
use billing_core::{Calls, Tariff};
use chrono::{DateTime, Utc};

use crate::api::{
    Day, ExpectedDays, Instant, InvoiceView, LotSource, LotState, Money, OrderOrigin, OrderState, OrderView,
    PurchaseState, RefundLimit, RefundReason, RefundView,
};
use crate::forecast::outlook::Outlook;
use crate::forecast::stock::{open_lots, packs_on};
use crate::snapshot::AccountSnapshot;
use crate::store::orders::Order;
use crate::store::purchases::Purchase;

/// An order that has arrived.
pub(crate) fn order_view(
    known: &AccountSnapshot,
    outlook: &Outlook,
    order: &Order,
    purchases: &[Purchase],
) -> OrderView {
    let purchase = purchases.iter().find(|purchase| order.purchase.as_ref() == Some(&purchase.id));
    let state = state(order, known.now);
    let days = order
        .effective_at
        .zip(order.expires_at)
        .and_then(|(from, to)| u32::try_from(to.signed_duration_since(from).num_days()).ok());
    let (amount, amount_is_estimate) = amount(known, order, purchase, days);
    OrderView {
        id: order.id.clone(),
        origin: match (&order.purchase, order.source) {
            (Some(_), _) => OrderOrigin::BoughtHere,
            (None, LotSource::Allocated) => OrderOrigin::Allocated,
            (None, LotSource::Paid) => OrderOrigin::Seen,
            (None, LotSource::Other | LotSource::Trial) => OrderOrigin::Other,
        },
        number: order.number.clone(),
        lot: order.lot.clone(),
        calls: order.calls,
        days: days.or(purchase.map(|purchase| purchase.days)),
        amount,
        amount_is_estimate,
        paid_at: order.effective_at.map(Instant),
        expires_at: order.expires_at.map(Instant),
        used: order.lot.as_ref().map(|_| order.used),
        state,
        noted_at: Instant(purchase.and_then(|one| one.handed_over_at).unwrap_or(order.seen_at)),
        refund: refund_view(known, outlook, order, state),
        invoice: invoice_view(known, outlook, order, state),
    }
}

/// A purchase that was handed over and has not arrived; nothing for one that has.
pub(crate) fn unarrived_view(purchase: &Purchase) -> Option<OrderView> {
    let state = match purchase.state {
        PurchaseState::Waiting => OrderState::Waiting,
        PurchaseState::GivenUp => OrderState::GivenUp,
        PurchaseState::Picked | PurchaseState::Arrived | PurchaseState::ArrivedDifferent => return None,
    };
    Some(OrderView {
        id: purchase.id.clone(),
        origin: OrderOrigin::BoughtHere,
        number: None,
        lot: None,
        calls: purchase.calls,
        days: Some(purchase.days),
        amount: Some(Money(purchase.price)),
        amount_is_estimate: false,
        paid_at: None,
        expires_at: None,
        used: None,
        state,
        noted_at: Instant(purchase.handed_over_at.unwrap_or(purchase.picked_at)),
        refund: RefundView::Refused { reasons: vec![RefundReason::NotPaid] },
        invoice: None,
    })
}

fn state(order: &Order, now: DateTime<Utc>) -> OrderState {
    if order.refunded_at.is_some() {
        OrderState::Refunded
    } else if order.lot.is_none() {
        if order.refund_asked_at.is_some() { OrderState::RefundAsked } else { OrderState::Arrived }
    } else if order.used >= order.calls {
        OrderState::UsedUp
    } else if order.expires_at.is_some_and(|end| end <= now) || order.state == LotState::Spent {
        OrderState::Lapsed
    } else if order.used > 0 {
        OrderState::InUse
    } else if order.refund_asked_at.is_some() {
        OrderState::RefundAsked
    } else if order.state == LotState::NotYet {
        OrderState::NotYet
    } else {
        OrderState::Untouched
    }
}

/// What was paid, and whether that is only what the price list says of such a pack.
fn amount(
    known: &AccountSnapshot,
    order: &Order,
    purchase: Option<&Purchase>,
    days: Option<u32>,
) -> (Option<Money>, bool) {
    // Where usage is typed in, the calls alone tell which pack it is.
    let is_picked =
        |purchase: &&Purchase| purchase.calls == order.calls && days.is_none_or(|days| purchase.days == days);
    if let Some(purchase) = purchase.filter(is_picked) {
        return (Some(Money(purchase.price)), false);
    }
    if order.source != LotSource::Paid {
        return (None, false);
    }
    let day = beijing_day(order.effective_at.unwrap_or(known.now));
    let pack = packs_on(&known.tariff, day)
        .into_iter()
        .find(|pack| pack.calls.get() == order.calls && Some(u32::from(pack.days.get())) == days);
    (pack.map(|pack| Money(pack.price)), pack.is_some())
}

fn refund_view(known: &AccountSnapshot, outlook: &Outlook, order: &Order, state: OrderState) -> RefundView {
    let asked_on = order.refund_asked_at;
    let money = |day: DateTime<Utc>| Tariff::embedded().holidays.refund_expected(beijing_day(day));
    if let Some(seen_at) = order.refunded_at {
        return RefundView::Returned {
            seen_at: Instant(seen_at),
            money: money(asked_on.unwrap_or(seen_at)).map(expected_days),
        };
    }
    if let (OrderState::RefundAsked, Some(asked_at)) = (state, asked_on) {
        let money = money(asked_at);
        return RefundView::Asked {
            asked_at: Instant(asked_at),
            late: money.is_some_and(|money| beijing_day(known.now) > money.to),
            money: money.map(expected_days),
        };
    }
    if order.source == LotSource::Allocated {
        return RefundView::Refused { reasons: vec![RefundReason::NoOrder] };
    }
    let (Some(paid_at), Some(expires_at)) = (order.effective_at, order.expires_at) else {
        return RefundView::NotKnown;
    };
    // A pack takes effect at the instant of payment [W], so its start says when it was paid.
    let used = Calls::new(order.used).unwrap_or(Calls::MAX);
    let facts = PaidFacts { paid_at, expires_at, used, refunded: false };
    let reasons = refund::reasons_against(facts, known.now);
    match refund::refundable_until(paid_at, expires_at) {
        Some(window) if reasons.is_empty() => possible(known, outlook, order, window),
        _ => RefundView::Refused { reasons: reasons.into_iter().map(reason_view).collect() },
    }
}

/// Until the earlier of the window's end and the day on which the quota before this lot may be used up. While older quota
/// burns, a later lot stays untouched (docs/billing-rules.md §5).
fn possible(known: &AccountSnapshot, outlook: &Outlook, order: &Order, window: DateTime<Utc>) -> RefundView {
    let mut before = open_lots(known).take_while(|lot| Some(lot.id.as_str()) != order.lot.as_deref());
    let next = before.all(|lot| lot.remaining() == 0);
    let first_use = order.lot.as_ref().and_then(|lot| outlook.first_use(lot)).filter(|_| !next);
    let midnight = first_use.and_then(beijing_midnight).filter(|midnight| *midnight < window);
    let (until, limit) = match midnight {
        _ if next => (window, RefundLimit::NextUse),
        Some(midnight) if midnight <= known.now => (window, RefundLimit::FirstUseToday),
        Some(midnight) => (midnight, RefundLimit::FirstUse),
        None => (window, RefundLimit::Window),
    };
    RefundView::Possible {
        until: Instant(until),
        limit,
        window_ends: Instant(window),
        first_use: first_use.map(Day),
    }
}

const fn reason_view(reason: RefusalReason) -> RefundReason {
    match reason {
        RefusalReason::UnknownOrder => RefundReason::NoOrder,
        RefusalReason::NotPaid => RefundReason::NotPaid,
        // An order that was refunded is shown as such before reasons are asked for.
        RefusalReason::AlreadyRefunded | RefusalReason::Used => RefundReason::Used,
        RefusalReason::TooLate => RefundReason::TooLate,
        RefusalReason::Expired => RefundReason::Expired,
    }
}

fn expected_days(expected: Expected) -> ExpectedDays {
    ExpectedDays { from: Day(expected.from), to: Day(expected.to), certain: expected.certain }
}

/// One invoice for an order that was paid and not given back.
fn invoice_view(
    known: &AccountSnapshot,
    outlook: &Outlook,
    order: &Order,
    state: OrderState,
) -> Option<InvoiceView> {
    let given_back = matches!(state, OrderState::Refunded | OrderState::RefundAsked);
    if given_back || !matches!(order.source, LotSource::Paid | LotSource::Other) {
        return None;
    }
    if let Some(asked_at) = order.invoice_asked_at {
        let expected = Tariff::embedded().holidays.invoice_expected(beijing_day(asked_at));
        return Some(InvoiceView::Asked {
            asked_at: Instant(asked_at),
            expected: expected.map(expected_days),
        });
    }
    let better_after = match refund_view(known, outlook, order, state) {
        RefundView::Possible { window_ends, .. } => Some(window_ends),
        _ => None,
    };
    Some(InvoiceView::Possible { better_after })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::samples::{at, lot, now, outlook, purchase, read};
    use crate::store::outlooks::LotOutlook;

    /// A pack of 1,000 calls that was bought elsewhere and paid for yesterday.
    fn order() -> Order {
        Order {
            id: "o".to_owned(),
            account: "a".to_owned(),
            purchase: None,
            lot: Some("p1".to_owned()),
            source: LotSource::Paid,
            state: LotState::InEffect,
            calls: 1_000,
            used: 0,
            effective_at: Some(at("11-19T10:00")),
            expires_at: Some(at("11-19T10:00") + chrono::TimeDelta::days(365)),
            seen_at: at("11-19T10:05"),
            number: None,
            refund_asked_at: None,
            refunded_at: None,
            invoice_asked_at: None,
        }
    }

    fn shown(order: &Order) -> OrderView {
        let known = read(1, vec![lot("before", 500, 100), lot("p1", order.calls, order.used)]);
        order_view(&known, &Outlook::default(), order, &[])
    }

    #[test]
    fn the_state_of_an_order_follows_from_what_was_seen_of_it() {
        let rows = [
            (order(), OrderState::Untouched),
            (Order { state: LotState::NotYet, ..order() }, OrderState::NotYet),
            (Order { used: 1, ..order() }, OrderState::InUse),
            (Order { used: 1_000, state: LotState::Spent, ..order() }, OrderState::UsedUp),
            (Order { expires_at: Some(now()), used: 1, ..order() }, OrderState::Lapsed),
            (Order { state: LotState::Spent, used: 1, ..order() }, OrderState::Lapsed),
            (Order { refund_asked_at: Some(now()), ..order() }, OrderState::RefundAsked),
            // It was used after all, so the money does not come.
            (Order { refund_asked_at: Some(now()), used: 1, ..order() }, OrderState::InUse),
            (Order { refunded_at: Some(now()), state: LotState::Spent, ..order() }, OrderState::Refunded),
            (Order { lot: None, ..order() }, OrderState::Arrived),
            (Order { lot: None, refund_asked_at: Some(now()), ..order() }, OrderState::RefundAsked),
        ];
        for (number, (order, expected)) in rows.iter().enumerate() {
            assert_eq!(shown(order).state, *expected, "row {number}");
        }
    }

    #[test]
    fn money_comes_back_for_what_is_paid_untouched_and_not_too_old() {
        let refused = |reason| RefundView::Refused { reasons: vec![reason] };
        let long_ago = at("11-10T10:00");
        let rows = [
            (Order { used: 1, ..order() }, refused(RefundReason::Used)),
            (Order { source: LotSource::Allocated, ..order() }, refused(RefundReason::NoOrder)),
            (Order { effective_at: Some(long_ago), ..order() }, refused(RefundReason::TooLate)),
            (Order { effective_at: None, ..order() }, RefundView::NotKnown),
        ];
        for (number, (order, expected)) in rows.iter().enumerate() {
            assert_eq!(shown(order).refund, *expected, "row {number}");
        }
        let asked = shown(&Order { refund_asked_at: Some(at("11-19T11:00")), ..order() });
        assert!(matches!(asked.refund, RefundView::Asked { late: false, .. }), "{:?}", asked.refund);
        assert_eq!(asked.invoice, None, "there is nothing to invoice");
        let returned = shown(&Order { refunded_at: Some(now()), ..order() });
        assert!(matches!(returned.refund, RefundView::Returned { .. }), "{:?}", returned.refund);
    }

    #[test]
    fn the_time_for_a_refund_ends_with_the_window_or_with_the_first_use() {
        let known = read(1, vec![lot("before", 500, 100), lot("p1", 1_000, 0)]);
        let limit = |known: &AccountSnapshot, first_use: Option<&str>| {
            let first_use = first_use.map(|day| day.parse().unwrap());
            let lots = vec![LotOutlook { id: "p1".to_owned(), wasted: None, first_use }];
            let mut stored = outlook(None, None, None);
            stored.found.as_mut().unwrap().lots = lots;
            let outlook = Outlook::new(Some(stored), Some(now()));
            match order_view(known, &outlook, &order(), &[]).refund {
                RefundView::Possible { until, limit, .. } => (until.to_string(), limit),
                other => panic!("{other:?}"),
            }
        };
        let window = "2026-11-26T10:00:00+08:00".to_owned();
        assert_eq!(limit(&known, None), (window.clone(), RefundLimit::Window));
        assert_eq!(limit(&known, Some("2026-12-24")), (window.clone(), RefundLimit::Window));
        let earlier = "2026-11-24T00:00:00+08:00".to_owned();
        assert_eq!(limit(&known, Some("2026-11-24")), (earlier, RefundLimit::FirstUse));
        // 400 calls are left before it, which the next customer does not use up.
        assert_eq!(limit(&known, Some("2026-11-20")), (window.clone(), RefundLimit::FirstUseToday));
        let next = read(1, vec![lot("before", 500, 500), lot("p1", 1_000, 0)]);
        assert_eq!(limit(&next, None), (window, RefundLimit::NextUse));
    }

    #[test]
    fn what_was_paid_is_the_purchases_or_an_estimate_or_not_known() {
        let known = read(1, vec![lot("p1", 1_000, 0)]);
        let amount = |order: &Order, purchases: &[Purchase]| {
            let view = order_view(&known, &Outlook::default(), order, purchases);
            (view.amount.map(|amount| amount.to_string()), view.amount_is_estimate)
        };
        let price = Some("30.00".to_owned());
        let bought = Order { purchase: Some("p".to_owned()), ..order() };
        assert_eq!(amount(&bought, &[purchase(PurchaseState::Arrived)]), (price.clone(), false));
        assert_eq!(amount(&order(), &[]), (price, true), "by the price list");
        assert_eq!(amount(&Order { calls: 1_234, ..order() }, &[]), (None, false));
        assert_eq!(amount(&Order { source: LotSource::Allocated, ..order() }, &[]), (None, false));
    }

    #[test]
    fn what_has_not_arrived_is_an_order_while_it_is_waited_for_and_after() {
        let state = |state| unarrived_view(&purchase(state)).map(|view| (view.state, view.used));
        assert_eq!(state(PurchaseState::Picked), None);
        assert_eq!(state(PurchaseState::Waiting), Some((OrderState::Waiting, None)));
        assert_eq!(state(PurchaseState::GivenUp), Some((OrderState::GivenUp, None)));
        assert_eq!(state(PurchaseState::Arrived), None);
    }
}
