//! Lots that are given back: an owner's for money, an allocated one to its provider.

use super::{Account, EventError, LotNumber, Withdrawal};
use crate::lot::{LotId, Origin};
use crate::refund::{self, PaidFacts, Refund, RefusalReason};
use chrono::{DateTime, Utc};

impl Account {
    /// Asks for a refund. From this instant on a refunded lot consumes nothing.
    pub(super) fn refund(&mut self, order: &str, at: DateTime<Utc>) -> Result<Refund, EventError> {
        self.begin(at)?;
        let decision = self.refund_verdict(order, at);
        let Refund::Refunded { amount } = &decision else {
            return Ok(decision);
        };
        let returned = self.returned.checked_add(*amount).ok_or(EventError::TotalTooLarge)?;
        if let Some(place) = self.lot_number(order).and_then(LotNumber::place)
            && let Some(lot) = self.lots.get_mut(place)
            && let Origin::Paid { refunded_at, .. } = &mut lot.origin
        {
            *refunded_at = Some(at);
            self.stop(place, at);
            self.returned = returned;
        }
        Ok(decision)
    }

    /// A provider takes an allocated lot back. Only an untouched one that has not ended can be taken; how long after
    /// the allocation is the [pool](crate::pool)'s question. From this instant on it consumes nothing.
    pub fn withdraw(&mut self, lot: &LotId, at: DateTime<Utc>) -> Result<Withdrawal, EventError> {
        self.begin(at)?;
        let place = self.lot_number(lot.as_str()).and_then(LotNumber::place);
        let Some((place, lot)) = place.and_then(|place| Some((place, self.lots.get_mut(place)?))) else {
            return Ok(Withdrawal::NotAllocated);
        };
        let (touched, ended) = (!lot.used.is_zero(), lot.window.has_ended(at));
        match &mut lot.origin {
            Origin::Paid { .. } => Ok(Withdrawal::NotAllocated),
            Origin::Allocated { withdrawn_at: Some(_) } => Ok(Withdrawal::Withdrawn),
            Origin::Allocated { .. } if touched => Ok(Withdrawal::Used),
            Origin::Allocated { .. } if ended => Ok(Withdrawal::Ended),
            Origin::Allocated { withdrawn_at } => {
                *withdrawn_at = Some(at);
                self.stop(place, at);
                Ok(Withdrawal::Withdrawn)
            }
        }
    }

    /// A lot was given back: from now on it consumes nothing.
    fn stop(&mut self, place: usize, at: DateTime<Utc>) {
        self.turn = None;
        if let Some(lot) = self.lots.get(place)
            && lot.window.has_begun(at)
        {
            self.usable_calls = self.usable_calls.saturating_sub(lot.unused());
        }
    }

    /// What a refund would be answered at an instant from the last event on.
    pub fn refund_verdict(&self, order: &str, at: DateTime<Utc>) -> Refund {
        let unknown = Refund::Refused { reasons: vec![RefusalReason::UnknownOrder] };
        let Some(lot) = self.lot_number(order).and_then(|number| self.dated(number)) else {
            return unknown;
        };
        let Origin::Paid { paid_at, price, refunded_at } = lot.origin else {
            return unknown;
        };
        let facts = PaidFacts {
            paid_at,
            expires_at: lot.window.expires_at,
            used: lot.used,
            refunded: refunded_at.is_some(),
        };
        let reasons = refund::reasons_against(facts, at);
        if reasons.is_empty() { Refund::Refunded { amount: price } } else { Refund::Refused { reasons } }
    }
}
