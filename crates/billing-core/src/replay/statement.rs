//! The statement: one result per event, lots, totals. The order of fields is the order of keys in the file.

use super::Scenario;
use crate::account::{Account, Decision, EventId, QUOTA_EXHAUSTED, Query, Share, Totals, Use};
use crate::input::InputError;
use crate::lot::{LotId, LotView};
use crate::refund::{Refund, RefusalReason};
use crate::{Calls, CallsTotal, FreeRule, Yuan};
use serde::Serialize;

/// What a history came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Whether the account pays nothing.
    pub free: Free,
    /// One entry per event, in the order in which they were applied.
    pub events: Vec<EventResult>,
    /// Lots with calls left in the order of consumption, then the others by id.
    pub lots: Vec<LotView>,
    /// Sums.
    pub totals: Totals,
}

/// Whether the account pays nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Free {
    /// Whether it does.
    pub free: bool,
    /// The first rule that holds.
    pub rule: Option<FreeRule>,
}

/// What became of one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventResult {
    /// Its name.
    pub id: EventId,
    /// The answer.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// The answer to one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Outcome {
    /// A lot was granted.
    Granted {
        /// Its id.
        lot: LotId,
    },
    /// All calls were charged.
    Charged(Metered),
    /// Some calls were charged, the rest refused with 1400001.
    Partly(Metered),
    /// No call was charged, all were refused with 1400001.
    Blocked(Metered),
    /// Nothing is charged on this account or at this instant.
    Free(Metered),
    /// The query passed.
    Allowed {
        /// Calls usable; nothing where none is charged.
        remaining: Option<CallsTotal>,
    },
    /// The query failed.
    Denied {
        /// 1400001.
        errno: u32,
    },
    /// The refund was granted.
    Refunded {
        /// What comes back.
        amount: Yuan,
    },
    /// The refund was refused.
    Refused {
        /// Every reason that holds.
        reasons: Vec<RefusalReason>,
    },
    /// An event of this name came before; nothing changed.
    Duplicate,
}

/// What became of the calls of a use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Metered {
    /// Calls charged.
    pub charged: Calls,
    /// Calls refused with 1400001.
    pub blocked: Calls,
    /// Which lots paid, in the order they were consumed.
    pub from: Vec<Share>,
}

impl From<Use> for Outcome {
    fn from(used: Use) -> Self {
        match used {
            Use::Free => Self::Free(Metered { charged: Calls::ZERO, blocked: Calls::ZERO, from: Vec::new() }),
            Use::Metered { charged, blocked, from } => {
                let metered = Metered { charged, blocked, from };
                if blocked.is_zero() {
                    Self::Charged(metered)
                } else if charged.is_zero() {
                    Self::Blocked(metered)
                } else {
                    Self::Partly(metered)
                }
            }
        }
    }
}

impl From<Decision> for Outcome {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Granted(granted) => Self::Granted { lot: granted.lot },
            Decision::Used(used) => used.into(),
            Decision::Queried(Query::Allowed { remaining }) => Self::Allowed { remaining },
            Decision::Queried(Query::Denied) => Self::Denied { errno: QUOTA_EXHAUSTED },
            Decision::Refund(Refund::Refunded { amount }) => Self::Refunded { amount },
            Decision::Refund(Refund::Refused { reasons }) => Self::Refused { reasons },
            Decision::Duplicate => Self::Duplicate,
        }
    }
}

/// Applies a scenario. It fails only where sums leave 64 bits or a validity leaves the calendar.
pub fn run(scenario: &Scenario) -> Result<Statement, InputError> {
    let mut account = Account::open(scenario.terms);
    let mut events = Vec::with_capacity(scenario.events.len());
    for event in &scenario.events {
        let decision = account
            .apply(event.clone())
            .map_err(|error| InputError::new("events", format_args!("event {}: {error}", event.id)))?;
        events.push(EventResult { id: event.id.clone(), outcome: decision.into() });
    }
    Ok(Statement {
        free: Free { free: scenario.verdict.is_free(), rule: scenario.verdict.rule() },
        events,
        lots: account.lots(scenario.report_at),
        totals: account.totals(scenario.report_at),
    })
}
