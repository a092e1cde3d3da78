//! The whole state as data, so that a history can be cut anywhere and continued.
//!
//! Only facts are kept; sets and sums are worked out again on reading, and a state that no history can reach is refused.

use super::{Account, AccountTerms, EventId};
use crate::lot::{Lot, Origin};
use crate::{Calls, CallsTotal};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The facts of an [`Account`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Snapshot {
    terms: AccountTerms,
    now: Option<DateTime<Utc>>,
    trial_used: Calls,
    /// In the order in which they were granted.
    lots: Vec<Lot>,
    blocked: CallsTotal,
    /// Ids of events that granted no lot: uses, queries and refunds; sorted, so that a state has one text.
    other_events: Vec<EventId>,
}

/// Why a snapshot is none of an account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadSnapshot {
    #[error("more calls used than lot {0} has")]
    Overused(String),
    #[error("lot {0} has a window that is empty")]
    EmptyWindow(String),
    #[error("lot {0} was given back but used")]
    RefundedAndUsed(String),
    #[error("id {0} occurs twice")]
    Twice(EventId),
    #[error("something happened, but the time of the last event is missing")]
    NoTime,
    #[error("the totals leave their range")]
    TotalTooLarge,
}

impl From<Account> for Snapshot {
    fn from(account: Account) -> Self {
        let by_id = &account.by_id;
        let mut other_events: Vec<EventId> =
            account.applied.into_iter().filter(|id| !by_id.contains_key(id)).collect();
        other_events.sort_unstable();
        Self {
            terms: account.terms,
            now: account.now,
            trial_used: account.trial_used,
            lots: account.lots,
            blocked: account.blocked,
            other_events,
        }
    }
}

fn check(lot: &Lot) -> Result<(), BadSnapshot> {
    let name = || lot.id.to_string();
    if lot.used > lot.total {
        return Err(BadSnapshot::Overused(name()));
    }
    if lot.window.expires_at <= lot.window.effective_at {
        return Err(BadSnapshot::EmptyWindow(name()));
    }
    if lot.is_given_back() && !lot.used.is_zero() {
        return Err(BadSnapshot::RefundedAndUsed(name()));
    }
    Ok(())
}

impl TryFrom<Snapshot> for Account {
    type Error = BadSnapshot;

    fn try_from(snapshot: Snapshot) -> Result<Self, BadSnapshot> {
        let mut account = Self::open(snapshot.terms);
        let happened = !snapshot.lots.is_empty() || !snapshot.other_events.is_empty();
        if happened && snapshot.now.is_none() {
            return Err(BadSnapshot::NoTime);
        }
        if snapshot.trial_used > snapshot.terms.trial {
            return Err(BadSnapshot::Overused(crate::lot::TRIAL.to_owned()));
        }
        account.now = snapshot.now;
        account.trial_used = snapshot.trial_used;
        account.blocked = snapshot.blocked;
        account.asked =
            snapshot.blocked.checked_add(snapshot.trial_used).ok_or(BadSnapshot::TotalTooLarge)?;
        for lot in snapshot.lots {
            check(&lot)?;
            account.restore(lot)?;
        }
        for id in snapshot.other_events {
            if let Some(id) = account.applied.replace(id) {
                return Err(BadSnapshot::Twice(id));
            }
        }
        Ok(account)
    }
}

impl Account {
    fn restore(&mut self, lot: Lot) -> Result<(), BadSnapshot> {
        let too_large = BadSnapshot::TotalTooLarge;
        self.granted = self.granted.checked_add(lot.total).ok_or(too_large.clone())?;
        self.asked = self.asked.checked_add(lot.used).ok_or(too_large.clone())?;
        if let Origin::Paid { price, refunded_at, .. } = lot.origin {
            self.paid = self.paid.checked_add(price).ok_or(too_large.clone())?;
            if refunded_at.is_some() {
                self.returned = self.returned.checked_add(price).ok_or(too_large)?;
            }
        }
        if let Some(id) = self.applied.replace(lot.id.clone()) {
            return Err(BadSnapshot::Twice(id));
        }
        // Without an instant there is no lot: that was refused above.
        self.add(lot, self.now.unwrap_or(self.terms.charging_starts));
        Ok(())
    }
}
