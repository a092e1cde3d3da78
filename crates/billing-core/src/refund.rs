//! When an order can be given back, and why not.
//!
//! Refundable when paid, untouched, and no more than seven days after payment **W S0**; the instant exactly seven days
//! after payment still counts. Orders placed before charging starts follow the same rule: from payment, not from taking
//! effect.

use crate::{Calls, Yuan};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long after payment a refund can be asked for: 7 × 86,400 s.
pub const REFUND_WINDOW: TimeDelta = TimeDelta::days(7);

/// Why an order cannot be refunded. The order is the order in which reasons are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// No such order; an allocation and the trial are no orders. Stands alone.
    UnknownOrder,
    /// It was never paid. Stands alone.
    NotPaid,
    /// The money went back already, or is on its way.
    AlreadyRefunded,
    /// At least one call was charged to it.
    Used,
    /// More than seven days since payment.
    TooLate,
    /// Its validity has ended.
    Expired,
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "result")]
pub enum Refund {
    /// Granted; from the request on the lot consumes nothing.
    Refunded {
        /// What comes back: the price paid.
        amount: Yuan,
    },
    /// Refused, with every reason that holds.
    Refused {
        /// In the order of [`RefusalReason`].
        reasons: Vec<RefusalReason>,
    },
}

/// What the rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaidFacts {
    /// When the order was paid.
    pub paid_at: DateTime<Utc>,
    /// When its lot ends.
    pub expires_at: DateTime<Utc>,
    /// Calls charged to its lot.
    pub used: Calls,
    /// Whether a refund was granted before.
    pub refunded: bool,
}

/// Every reason against refunding a paid order at an instant; none means it is refundable.
pub fn reasons_against(order: PaidFacts, now: DateTime<Utc>) -> Vec<RefusalReason> {
    [
        (order.refunded, RefusalReason::AlreadyRefunded),
        (!order.used.is_zero(), RefusalReason::Used),
        (now.signed_duration_since(order.paid_at) > REFUND_WINDOW, RefusalReason::TooLate),
        (now >= order.expires_at, RefusalReason::Expired),
    ]
    .into_iter()
    .filter_map(|(holds, reason)| holds.then_some(reason))
    .collect()
}

/// The last instant at which an untouched order can be refunded; nothing at the end of the calendar. The shorter of
/// seven days and the lot's own validity.
pub fn refundable_until(paid_at: DateTime<Utc>, expires_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let last_second = expires_at.checked_sub_signed(TimeDelta::seconds(1))?;
    paid_at.checked_add_signed(REFUND_WINDOW).map(|until| until.min(last_second))
}
