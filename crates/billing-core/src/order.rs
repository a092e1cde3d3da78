//! The life of an order. Each state is a type of its own, and a transition consumes one and makes the next: a
//! transition that the rules do not know cannot be written down.
//!
//! ```text
//! pending ──▶ paid ──▶ refunding ──▶ refunded
//!    ├──▶ cancelled
//!    └──▶ expired
//! ```
//!
//! ```compile_fail
//! # use billing_core::order::Cancelled;
//! # fn money_back(order: Cancelled) {
//! order.complete(chrono::Utc::now()); // a cancelled order was never paid
//! # }
//! ```

use crate::refund::{self, PaidFacts, RefusalReason};
use crate::{Calls, Capability, Days, Yuan};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What was ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ordered {
    /// The order's number.
    pub number: String,
    /// For which capability.
    pub capability: Capability,
    /// Calls of the pack.
    pub calls: Calls,
    /// Its validity.
    pub days: Days,
    /// Its price before the discount.
    pub list_price: Yuan,
    /// What is to be paid.
    pub price: Yuan,
    /// When it was placed.
    pub created_at: DateTime<Utc>,
}

/// How it was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// 微信扫码
    WechatScan,
    /// 个人网银，借记卡
    PersonalDebit,
    /// 个人网银，信用卡
    PersonalCredit,
    /// 企业网银，借记卡
    EnterpriseDebit,
    /// 企业网银，信用卡
    EnterpriseCredit,
}

/// Placed, not paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    ordered: Ordered,
}

/// Paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paid {
    ordered: Ordered,
    at: DateTime<Utc>,
    method: Method,
}

/// A refund was asked for and granted; the money is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refunding {
    paid: Paid,
    requested_at: DateTime<Utc>,
}

/// The money came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refunded {
    refunding: Refunding,
    returned_at: DateTime<Utc>,
}

/// Given up before payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    ordered: Ordered,
    at: DateTime<Utc>,
}

/// Not paid in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expired {
    ordered: Ordered,
    at: DateTime<Utc>,
}

/// An order in any state, for keeping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Order {
    /// 待支付
    Pending(Pending),
    /// 已支付
    Paid(Paid),
    /// 退款中
    Refunding(Refunding),
    /// 已退款
    Refunded(Refunded),
    /// 已取消
    Cancelled(Cancelled),
    /// 已过期
    Expired(Expired),
}

/// A transition before the one that made it possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a change at {at} is earlier than the last one, {last}")]
pub struct TooEarly<S> {
    /// The order, unchanged.
    pub order: Box<S>,
    /// When the change was said to happen.
    pub at: DateTime<Utc>,
    /// When the last change happened.
    pub last: DateTime<Utc>,
}

fn after<S>(order: S, last: DateTime<Utc>, at: DateTime<Utc>) -> Result<S, TooEarly<S>> {
    if at < last { Err(TooEarly { order: Box::new(order), at, last }) } else { Ok(order) }
}

/// A refund that the rule refuses, with the order unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRefundable {
    /// The order.
    pub order: Box<Paid>,
    /// Every reason that holds.
    pub reasons: Vec<RefusalReason>,
}

impl Pending {
    /// Places an order.
    pub const fn place(ordered: Ordered) -> Self {
        Self { ordered }
    }

    /// It was paid.
    pub fn pay(self, at: DateTime<Utc>, method: Method) -> Result<Paid, TooEarly<Self>> {
        let created_at = self.ordered.created_at;
        after(self, created_at, at).map(|order| Paid { ordered: order.ordered, at, method })
    }

    /// It was given up.
    pub fn cancel(self, at: DateTime<Utc>) -> Result<Cancelled, TooEarly<Self>> {
        let created_at = self.ordered.created_at;
        after(self, created_at, at).map(|order| Cancelled { ordered: order.ordered, at })
    }

    /// It was not paid in time.
    pub fn expire(self, at: DateTime<Utc>) -> Result<Expired, TooEarly<Self>> {
        let created_at = self.ordered.created_at;
        after(self, created_at, at).map(|order| Expired { ordered: order.ordered, at })
    }
}

impl Paid {
    /// When it was paid.
    pub const fn paid_at(&self) -> DateTime<Utc> {
        self.at
    }

    /// How it was paid; the money comes back the same way.
    pub const fn method(&self) -> Method {
        self.method
    }

    /// Asks for the money back, given how its lot stands.
    pub fn request_refund(
        self,
        used: Calls,
        lot_expires_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Refunding, NotRefundable> {
        let facts = PaidFacts { paid_at: self.at, expires_at: lot_expires_at, used, refunded: false };
        let reasons = refund::reasons_against(facts, now);
        if reasons.is_empty() {
            Ok(Refunding { paid: self, requested_at: now })
        } else {
            Err(NotRefundable { order: Box::new(self), reasons })
        }
    }
}

impl Refunding {
    /// When the refund was asked for.
    pub const fn requested_at(&self) -> DateTime<Utc> {
        self.requested_at
    }

    /// The money came back.
    pub fn complete(self, at: DateTime<Utc>) -> Result<Refunded, TooEarly<Self>> {
        let requested_at = self.requested_at;
        after(self, requested_at, at).map(|refunding| Refunded { refunding, returned_at: at })
    }
}

impl Refunded {
    /// When the money came back.
    pub const fn returned_at(&self) -> DateTime<Utc> {
        self.returned_at
    }
}

impl Order {
    /// What was ordered.
    pub const fn ordered(&self) -> &Ordered {
        match self {
            Self::Pending(Pending { ordered })
            | Self::Paid(Paid { ordered, .. })
            | Self::Refunding(Refunding { paid: Paid { ordered, .. }, .. })
            | Self::Refunded(Refunded { refunding: Refunding { paid: Paid { ordered, .. }, .. }, .. })
            | Self::Cancelled(Cancelled { ordered, .. })
            | Self::Expired(Expired { ordered, .. }) => ordered,
        }
    }

    /// The payment, once there was one.
    pub const fn payment(&self) -> Option<&Paid> {
        match self {
            Self::Paid(paid)
            | Self::Refunding(Refunding { paid, .. })
            | Self::Refunded(Refunded { refunding: Refunding { paid, .. }, .. }) => Some(paid),
            Self::Pending(_) | Self::Cancelled(_) | Self::Expired(_) => None,
        }
    }

    /// Every reason against a refund at an instant, given how the lot stands; none means it is refundable.
    pub fn reasons_against_refund(
        &self,
        used: Calls,
        lot_expires_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Vec<RefusalReason> {
        let Some(paid) = self.payment() else { return vec![RefusalReason::NotPaid] };
        let refunded = matches!(self, Self::Refunding(_) | Self::Refunded(_));
        refund::reasons_against(
            PaidFacts { paid_at: paid.at, expires_at: lot_expires_at, used, refunded },
            now,
        )
    }
}
