//! Lots: everything that can be consumed – trial quota, paid packs, allocated packs.

use crate::ids::EventId;
pub use crate::ids::{LotId, LotNumber, TRIAL};
use crate::time::has_a_text;
use crate::{Calls, Days, Yuan};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Where a lot comes from, with WeChat's number for it **W**.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// 1: trial quota.
    Trial,
    /// 2: paid by the account's owner.
    Paid,
    /// 3: allocated by a service provider.
    Allocated,
}

impl Source {
    /// WeChat's number.
    pub const fn code(self) -> u8 {
        match self {
            Self::Trial => 1,
            Self::Paid => 2,
            Self::Allocated => 3,
        }
    }
}

impl Serialize for Source {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.code())
    }
}

/// Whether a lot can be used, with WeChat's number for it **W**.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// 1: in effect, with calls left.
    InEffect,
    /// 2: not yet in effect.
    NotYet,
    /// 3: exhausted, expired or refunded.
    NoLonger,
}

impl Status {
    /// WeChat's number.
    pub const fn code(self) -> u8 {
        match self {
            Self::InEffect => 1,
            Self::NotYet => 2,
            Self::NoLonger => 3,
        }
    }
}

impl Serialize for Status {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.code())
    }
}

/// When a lot can be used: `effective_at <= t < expires_at`. That the end instant is outside is assumed **A**.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The first usable instant.
    pub effective_at: DateTime<Utc>,
    /// The first instant at which it is no longer usable.
    pub expires_at: DateTime<Utc>,
}

impl Window {
    /// From an instant for a number of days of 86,400 s **W**; nothing if either end has no text, see
    /// [`parse_instant`](crate::time::parse_instant).
    pub fn starting(effective_at: DateTime<Utc>, days: Days) -> Option<Self> {
        let expires_at = effective_at.checked_add_signed(days.length())?;
        (has_a_text(effective_at) && has_a_text(expires_at)).then_some(Self { effective_at, expires_at })
    }

    /// Whether it has begun.
    pub fn has_begun(&self, at: DateTime<Utc>) -> bool {
        self.effective_at <= at
    }

    /// Whether it is over.
    pub fn has_ended(&self, at: DateTime<Utc>) -> bool {
        self.expires_at <= at
    }
}

/// How a dated lot came to be. Only a paid one knows money, so only a paid one can be refunded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "origin", deny_unknown_fields)]
pub enum Origin {
    /// An order of the account's owner.
    Paid {
        /// When it was paid.
        paid_at: DateTime<Utc>,
        /// The price paid.
        price: Yuan,
        /// When the refund was asked for and granted.
        refunded_at: Option<DateTime<Utc>>,
    },
    /// From a service provider's bulk order.
    Allocated {
        /// When the provider took it back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        withdrawn_at: Option<DateTime<Utc>>,
    },
}

/// A lot with a validity. The trial is none: it has no known end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lot {
    /// The id of the event that granted it.
    pub id: EventId,
    /// Calls granted.
    pub total: Calls,
    /// Calls charged to it, at most `total`.
    pub used: Calls,
    /// When it can be used.
    pub window: Window,
    /// How it came to be.
    pub origin: Origin,
}

impl Lot {
    /// Whether it was given back: its money to the owner, or its calls to the provider's order.
    pub const fn is_given_back(&self) -> bool {
        matches!(
            self.origin,
            Origin::Paid { refunded_at: Some(_), .. } | Origin::Allocated { withdrawn_at: Some(_) }
        )
    }

    /// Whether it can pay for nothing any more, at whatever instant: exhausted or refunded.
    pub fn is_spent(&self) -> bool {
        self.used >= self.total || self.is_given_back()
    }

    /// Calls not charged, whatever became of them.
    pub fn unused(&self) -> Calls {
        self.total.saturating_sub(self.used)
    }

    /// Whether it can be used at an instant.
    pub fn status(&self, at: DateTime<Utc>) -> Status {
        if self.is_spent() || self.window.has_ended(at) {
            Status::NoLonger
        } else if self.window.has_begun(at) {
            Status::InEffect
        } else {
            Status::NotYet
        }
    }

    /// How it stands at an instant.
    pub fn view(&self, at: DateTime<Utc>) -> LotView {
        let unused = self.unused();
        let refunded = self.is_given_back();
        let ended = self.window.has_ended(at);
        LotView {
            lot: LotId::from(&self.id),
            source: match self.origin {
                Origin::Paid { .. } => Source::Paid,
                Origin::Allocated { .. } => Source::Allocated,
            },
            status: self.status(at),
            total: self.total,
            used: self.used,
            remaining: if refunded || ended { Calls::ZERO } else { unused },
            expired: if ended && !refunded { unused } else { Calls::ZERO },
            refunded: if refunded { unused } else { Calls::ZERO },
            effective_at: Some(self.window.effective_at),
            expires_at: Some(self.window.expires_at),
        }
    }
}

/// How a lot stands at an instant. Always `total = used + remaining + expired + refunded`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LotView {
    /// Its id.
    pub lot: LotId,
    /// Where it comes from.
    pub source: Source,
    /// Whether it can be used.
    pub status: Status,
    /// Calls granted.
    pub total: Calls,
    /// Calls charged to it.
    pub used: Calls,
    /// Calls that can still be used, now or once it is in effect.
    pub remaining: Calls,
    /// Calls wasted: left when the validity ended.
    pub expired: Calls,
    /// Calls given back, to the owner as money or to the provider.
    pub refunded: Calls,
    /// When it takes effect; nothing for the trial.
    #[serde(with = "crate::time::beijing::option")]
    pub effective_at: Option<DateTime<Utc>>,
    /// When it ends; nothing for the trial.
    #[serde(with = "crate::time::beijing::option")]
    pub expires_at: Option<DateTime<Utc>>,
}
