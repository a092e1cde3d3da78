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
        Some(midnight) if midnight <= known.now => (window, RefundLimit::NextUse),
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
