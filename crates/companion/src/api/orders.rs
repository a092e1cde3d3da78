use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AccountId, Day, Instant, Money, OrderId};

/// Every purchase that was seen or made, newest first. Served from the cache; syncing runs in the background.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct OrdersView {
    #[ts(as = "AccountId")]
    pub account: String,
    pub orders: Vec<OrderView>,
    /// When usage was last read; `None` where it is typed in or was never read.
    pub read_at: Option<Instant>,
    /// Usage is typed in: what an order has used cannot be seen.
    pub typed_in: bool,
}

/// One order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct OrderView {
    #[ts(as = "OrderId")]
    pub id: String,
    pub origin: OrderOrigin,
    /// WeChat's number of the order; its interface does not tell it, so the shop writes it down.
    pub number: Option<String>,
    /// WeChat's pkgId; `None` before arrival, and where usage is typed in.
    pub lot: Option<String>,
    pub calls: u64,
    /// Validity.
    pub days: Option<u32>,
    /// Yuan; `None` where nothing was paid or the price list knows no such pack.
    pub amount: Option<Money>,
    /// The amount is the price list's, not that of a purchase made here.
    pub amount_is_estimate: bool,
    /// The instant of taking effect, which is that of payment.
    pub paid_at: Option<Instant>,
    pub expires_at: Option<Instant>,
    /// Calls used, as last read; `None` where it cannot be seen.
    pub used: Option<u64>,
    pub state: OrderState,
    /// When it was handed over to the console, or first seen in the usage interface.
    pub noted_at: Instant,
    pub refund: RefundView,
    /// `None` where there is nothing to invoice.
    pub invoice: Option<InvoiceView>,
}

/// How the application came to know an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OrderOrigin {
    /// Handed over to the console by the application.
    BoughtHere,
    /// Seen in the usage interface: bought in the console by somebody.
    Seen,
    /// Handed on by a service provider.
    Allocated,
    /// Seen, but WeChat does not say where it comes from.
    Other,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Handed over; not seen in the usage interface yet.
    Waiting,
    /// The shop stopped waiting for it.
    GivenUp,
    /// Arrived, as far as a typed-in total can tell.
    Arrived,
    /// Not yet in effect.
    NotYet,
    /// In effect, nothing used.
    Untouched,
    InUse,
    UsedUp,
    /// Its validity has ended with calls left.
    Lapsed,
    /// The shop has asked for its money back; the lot is still there.
    RefundAsked,
    /// WeChat has taken the lot back.
    Refunded,
}

/// Whether the money can come back, and why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum RefundView {
    /// It can be asked for, until the earlier of the two: the end of the window, and the first use.
    Possible {
        until: Instant,
        limit: RefundLimit,
        /// The end of the window.
        window_ends: Instant,
        /// The day on which the quota before it may be used up: an estimate, on the early side.
        first_use: Option<Day>,
    },
    /// It cannot, for each of these reasons.
    Refused { reasons: Vec<RefundReason> },
    /// Asked for; WeChat has not taken the lot back yet.
    Asked { asked_at: Instant, money: Option<ExpectedDays>, late: bool },
    /// The lot was taken back. Counted from the day it was asked for, where that is known.
    Returned { seen_at: Instant, money: Option<ExpectedDays> },
    /// When it was paid is not known: only the console can tell.
    NotKnown,
}

/// What ends the time for a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RefundLimit {
    /// The days after payment are over.
    Window,
    /// The quota before it is used up by then.
    FirstUse,
    /// The quota before it may be used up today.
    FirstUseToday,
    /// Nothing is left before it: the next customer touches it.
    NextUse,
}

/// Why an order cannot be given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RefundReason {
    /// Not an order: allocated by somebody else.
    NoOrder,
    NotPaid,
    Used,
    TooLate,
    Expired,
}

/// When something is expected, by working days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ExpectedDays {
    pub from: Day,
    pub to: Day,
    /// The public holidays of every day involved are known.
    pub certain: bool,
}

/// How the invoice stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum InvoiceView {
    /// It can be asked for. While the order may still be given back, better afterwards.
    Possible {
        better_after: Option<Instant>,
    },
    Asked {
        asked_at: Instant,
        expected: Option<ExpectedDays>,
    },
}

/// What the shop writes down about an order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum OrderNote {
    /// It asked for its money back, in the console.
    RefundAsked,
    /// It did not, after all.
    RefundNotAsked,
    InvoiceAsked,
    InvoiceNotAsked,
    /// WeChat's number of the order; empty: none.
    Number {
        number: String,
    },
}
