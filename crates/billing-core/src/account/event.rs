//! What can happen to an account, and what the account answers.

use crate::ids::{EventId, LotId, LotNumber};
use crate::{Calls, CallsTotal, Days, Refund, Yuan};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name. The same name twice counts once.
    pub id: EventId,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What happened.
    pub action: Action,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// A pack was paid.
    Purchase {
        /// Calls of the pack, at least one.
        calls: Calls,
        /// Its validity.
        days: Days,
        /// The price paid.
        price: Yuan,
    },
    /// A service provider allocated a pack.
    Allocate {
        /// Calls of the pack, at least one.
        calls: Calls,
        /// Its validity.
        days: Days,
    },
    /// Success callbacks reached the mini-program.
    Use {
        /// How many, at least one.
        calls: Calls,
    },
    /// A customer tapped the button.
    Query,
    /// The owner asked for a refund.
    Refund {
        /// The order, as written: it may name nothing.
        order: String,
    },
}

/// What the account answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// A lot was granted.
    Granted(Granted),
    /// Calls were charged, blocked or free.
    Used(Use),
    /// The query passed or not.
    Queried(Query),
    /// The refund was granted or refused.
    Refund(Refund),
    /// An event of this name was applied before; nothing changed.
    Duplicate,
}

/// A lot was granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Granted {
    /// Its id: the event's.
    pub lot: LotId,
}

/// Calls that one lot paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The lot; [`Account::lot_name`](super::Account::lot_name) knows its name.
    pub lot: LotNumber,
    /// Calls charged to it, at least one.
    pub calls: Calls,
}

/// What became of a use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Use {
    /// Nothing is charged: a free account, or charging has not started.
    Free,
    /// Charged as far as quota lasted. `charged + blocked` is what was asked.
    Metered {
        /// Calls charged.
        charged: Calls,
        /// Calls refused with 1400001.
        blocked: Calls,
    },
}

impl Use {
    /// Calls charged.
    pub const fn charged(&self) -> Calls {
        match self {
            Self::Free => Calls::ZERO,
            Self::Metered { charged, .. } => *charged,
        }
    }

    /// Calls refused with 1400001.
    pub const fn blocked(&self) -> Calls {
        match self {
            Self::Free => Calls::ZERO,
            Self::Metered { blocked, .. } => *blocked,
        }
    }
}

/// The answer at the query node, when a customer taps the button.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Query {
    /// The component goes on.
    Allowed {
        /// Calls usable now; nothing where none is charged (free account, or before charging starts).
        remaining: Option<CallsTotal>,
    },
    /// Nothing usable is left: error [`QUOTA_EXHAUSTED`]. Nothing is charged.
    Denied,
}

/// What came of a provider's taking an allocated lot back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    /// Taken back, now or before.
    Withdrawn,
    /// At least one call was charged to it.
    Used,
    /// Its validity has ended.
    Ended,
    /// No lot of this name was allocated.
    NotAllocated,
}

/// WeChat's error number for an empty quota **W S0**.
pub const QUOTA_EXHAUSTED: u32 = 1_400_001;

/// Why an event could not be applied. The account is unchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// It happened before the last one applied.
    #[error("event at {at} is earlier than the last one, {last}")]
    OutOfOrder {
        /// When it happened.
        at: DateTime<Utc>,
        /// When the last one happened.
        last: DateTime<Utc>,
    },
    /// A use, purchase or allocation of no calls.
    #[error("an event of 0 calls")]
    NoCalls,
    /// The sums of calls or of money would leave their range.
    #[error("the totals leave their range")]
    TotalTooLarge,
    /// The validity would end after the calendar does.
    #[error("the validity ends after the calendar does")]
    EndsTooLate,
}

/// Sums over an account. `granted = used + remaining + expired + refunded`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Totals {
    /// Calls of all lots.
    pub granted: CallsTotal,
    /// Calls charged.
    pub used: CallsTotal,
    /// Calls that can still be used, now or once in effect.
    pub remaining: CallsTotal,
    /// Calls wasted.
    pub expired: CallsTotal,
    /// Calls given back.
    pub refunded: CallsTotal,
    /// Calls refused with 1400001.
    pub blocked: CallsTotal,
    /// Money paid for orders.
    pub paid: Yuan,
    /// Money given back.
    pub returned: Yuan,
}
