//! One account × one capability: events in, decisions out.
//!
//! Lots are consumed in this order **W S0**: the trial; then lots in effect by earliest end; ties by earlier start, then
//! by id **A**. A lot not yet in effect waits aside. Time only moves forward; nothing here reads a clock.
//!
//! Three ordered sets carry the rule, so that an event costs the logarithm of the number of lots, however many there
//! are: `waiting` by start, `usable` by turn, and the lots themselves by id.

mod event;
mod snapshot;
mod view;

pub use event::{
    Action, BadEventId, Decision, Event, EventError, EventId, Granted, QUOTA_EXHAUSTED, Query, Share, Totals,
    Use,
};

use crate::lot::{Lot, LotId, Origin, Window};
use crate::refund::{self, PaidFacts, Refund, RefusalReason};
use crate::{Calls, CallsTotal, Days, Yuan};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What holds for an account from the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountTerms {
    /// Whether the account is never charged.
    pub free: bool,
    /// From this instant on calls are charged; before it a use consumes nothing, not even the trial **S3**.
    pub charging_starts: DateTime<Utc>,
    /// Trial quota, normally 1,000 **W**; may be 0.
    pub trial: Calls,
}

/// A lot's place in the order of consumption: derived ordering compares end, start, id, in this order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    expires_at: DateTime<Utc>,
    effective_at: DateTime<Utc>,
    lot: EventId,
}

impl Turn {
    fn of(lot: &Lot) -> Self {
        let Window { effective_at, expires_at } = lot.window;
        Self { expires_at, effective_at, lot: lot.id.clone() }
    }
}

/// The state of one account × one capability.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "snapshot::Snapshot", into = "snapshot::Snapshot")]
pub struct Account {
    terms: AccountTerms,
    /// When the last event happened.
    now: Option<DateTime<Utc>>,
    applied: BTreeSet<EventId>,
    trial_used: Calls,
    lots: BTreeMap<EventId, Lot>,
    /// Lots with calls left that were not in effect at `now`, by start.
    waiting: BTreeSet<(DateTime<Utc>, Turn)>,
    /// Lots in effect at `now` with calls left.
    usable: BTreeSet<Turn>,
    /// Calls left in `usable` together.
    usable_calls: CallsTotal,
    granted: CallsTotal,
    asked: CallsTotal,
    blocked: CallsTotal,
    paid: Yuan,
    returned: Yuan,
}

impl Account {
    /// An account nothing has happened to.
    pub fn open(terms: AccountTerms) -> Self {
        Self {
            terms,
            now: None,
            applied: BTreeSet::new(),
            trial_used: Calls::ZERO,
            lots: BTreeMap::new(),
            waiting: BTreeSet::new(),
            usable: BTreeSet::new(),
            usable_calls: CallsTotal::ZERO,
            granted: terms.trial.into(),
            asked: CallsTotal::ZERO,
            blocked: CallsTotal::ZERO,
            paid: Yuan::ZERO,
            returned: Yuan::ZERO,
        }
    }

    /// What holds from the beginning.
    pub const fn terms(&self) -> AccountTerms {
        self.terms
    }

    /// When the last event happened.
    pub const fn last_event_at(&self) -> Option<DateTime<Utc>> {
        self.now
    }

    /// Whether calls are charged at an instant.
    pub fn charges_at(&self, at: DateTime<Utc>) -> bool {
        !self.terms.free && at >= self.terms.charging_starts
    }

    /// Applies an event of any kind. An event applied before is [`Decision::Duplicate`], not an error.
    pub fn apply(&mut self, event: Event) -> Result<Decision, EventError> {
        let Event { id, at, action } = event;
        if self.applied.contains(&id) {
            return Ok(Decision::Duplicate);
        }
        match action {
            Action::Purchase { calls, days, price } => {
                self.purchase(id, at, calls, days, price).map(Decision::Granted)
            }
            Action::Allocate { calls, days } => self.allocate(id, at, calls, days).map(Decision::Granted),
            Action::Use { calls } => self.use_calls(id, at, calls).map(Decision::Used),
            Action::Query => {
                self.begin(at)?;
                self.applied.insert(id);
                self.query(at).map(Decision::Queried)
            }
            Action::Refund { order } => {
                let decision = self.refund(&order, at)?;
                self.applied.insert(id);
                Ok(Decision::Refund(decision))
            }
        }
    }

    /// A pack was paid. It is in effect from payment, or from the start of charging if that is later **W S0**.
    pub fn purchase(
        &mut self,
        id: EventId,
        at: DateTime<Utc>,
        calls: Calls,
        days: Days,
        price: Yuan,
    ) -> Result<Granted, EventError> {
        let paid = self.paid.checked_add(price).ok_or(EventError::TotalTooLarge)?;
        let granted =
            self.grant(id, at, calls, days, Origin::Paid { paid_at: at, price, refunded_at: None })?;
        self.paid = paid;
        Ok(granted)
    }

    /// A service provider allocated a pack. It takes effect as a paid one does; no money is counted.
    pub fn allocate(
        &mut self,
        id: EventId,
        at: DateTime<Utc>,
        calls: Calls,
        days: Days,
    ) -> Result<Granted, EventError> {
        self.grant(id, at, calls, days, Origin::Allocated)
    }

    fn grant(
        &mut self,
        id: EventId,
        at: DateTime<Utc>,
        calls: Calls,
        days: Days,
        origin: Origin,
    ) -> Result<Granted, EventError> {
        self.check_new(&id, calls)?;
        let granted = self.granted.checked_add(calls).ok_or(EventError::TotalTooLarge)?;
        let effective_at = at.max(self.terms.charging_starts);
        let window = Window::starting(effective_at, days).ok_or(EventError::EndsTooLate)?;
        self.begin(at)?;
        self.granted = granted;
        let lot = Lot { id: id.clone(), total: calls, used: Calls::ZERO, window, origin };
        self.file(&lot, at);
        self.applied.insert(id.clone());
        let name = LotId::from(&id);
        self.lots.insert(id, lot);
        Ok(Granted { lot: name })
    }

    /// Puts a lot with calls left where its window says.
    fn file(&mut self, lot: &Lot, at: DateTime<Utc>) {
        if !lot.window.has_begun(at) {
            self.waiting.insert((lot.window.effective_at, Turn::of(lot)));
        } else if !lot.window.has_ended(at) {
            self.usable.insert(Turn::of(lot));
            // Bounded by `granted`, which was checked.
            self.usable_calls = self.usable_calls.checked_add(lot.unused()).unwrap_or(self.granted);
        }
    }

    /// Success callbacks reached the mini-program: charges them as far as quota lasts.
    pub fn use_calls(&mut self, id: EventId, at: DateTime<Utc>, calls: Calls) -> Result<Use, EventError> {
        self.check_new(&id, calls)?;
        let asked = self.asked.checked_add(calls).ok_or(EventError::TotalTooLarge)?;
        self.begin(at)?;
        self.applied.insert(id);
        if !self.charges_at(at) {
            return Ok(Use::Free);
        }
        self.asked = asked;
        let mut from = Vec::new();
        let mut open = calls;
        let trial = open.min(self.trial_left());
        if !trial.is_zero() {
            self.trial_used = self.trial_used.checked_add(trial).unwrap_or(self.terms.trial);
            open = open.saturating_sub(trial);
            from.push(Share { lot: LotId::trial(), calls: trial });
        }
        while !open.is_zero()
            && let Some(share) = self.take_from_first(open)
        {
            open = open.saturating_sub(share.calls);
            from.push(share);
        }
        // Bounded by `asked`, which was checked.
        self.blocked = self.blocked.checked_add(open).unwrap_or(self.asked);
        Ok(Use::Metered { charged: calls.saturating_sub(open), blocked: open, from })
    }

    /// Charges up to `open` calls to the lot whose turn it is.
    fn take_from_first(&mut self, open: Calls) -> Option<Share> {
        let turn = self.usable.first()?;
        let lot = self.lots.get_mut(&turn.lot)?;
        let taken = open.min(lot.unused());
        lot.used = lot.used.checked_add(taken).unwrap_or(lot.total);
        let share = Share { lot: LotId::from(&lot.id), calls: taken };
        if lot.unused().is_zero() {
            self.usable.pop_first();
        }
        self.usable_calls = self.usable_calls.saturating_sub(taken);
        Some(share)
    }

    /// The query node: may a customer who taps the button go on? Nothing is charged. An instant before the last event
    /// cannot be answered any more.
    pub fn query(&self, at: DateTime<Utc>) -> Result<Query, EventError> {
        self.check_order(at)?;
        if !self.charges_at(at) {
            return Ok(Query::Allowed { remaining: None });
        }
        let remaining = self.usable(at);
        Ok(if remaining.is_zero() { Query::Denied } else { Query::Allowed { remaining: Some(remaining) } })
    }

    /// Asks for a refund. From this instant on a refunded lot consumes nothing.
    pub fn refund(&mut self, order: &str, at: DateTime<Utc>) -> Result<Refund, EventError> {
        self.begin(at)?;
        let decision = self.refund_verdict(order, at);
        let Refund::Refunded { amount } = &decision else {
            return Ok(decision);
        };
        let returned = self.returned.checked_add(*amount).ok_or(EventError::TotalTooLarge)?;
        if let Some(lot) = EventId::new(order).ok().and_then(|id| self.lots.get_mut(&id))
            && let Origin::Paid { refunded_at, .. } = &mut lot.origin
        {
            *refunded_at = Some(at);
            let turn = Turn::of(lot);
            if self.usable.remove(&turn) {
                self.usable_calls = self.usable_calls.saturating_sub(lot.unused());
            }
            self.waiting.remove(&(turn.effective_at, turn));
            self.returned = returned;
        }
        Ok(decision)
    }

    /// What [`Account::refund`] would answer at an instant from the last event on.
    pub fn refund_verdict(&self, order: &str, at: DateTime<Utc>) -> Refund {
        let unknown = Refund::Refused { reasons: vec![RefusalReason::UnknownOrder] };
        let Some(lot) = EventId::new(order).ok().and_then(|id| self.lots.get(&id)) else {
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

    fn check_new(&self, id: &EventId, calls: Calls) -> Result<(), EventError> {
        if self.applied.contains(id) {
            return Err(EventError::Duplicate(id.clone()));
        }
        if calls.is_zero() { Err(EventError::NoCalls) } else { Ok(()) }
    }

    fn check_order(&self, at: DateTime<Utc>) -> Result<(), EventError> {
        match self.now {
            Some(last) if at < last => Err(EventError::OutOfOrder { at, last }),
            Some(_) | None => Ok(()),
        }
    }

    /// Moves time forward to an event: lots begin and end on the way. Called once nothing else can fail.
    fn begin(&mut self, at: DateTime<Utc>) -> Result<(), EventError> {
        self.check_order(at)?;
        self.now = Some(at);
        while let Some((effective_at, _)) = self.waiting.first()
            && *effective_at <= at
        {
            let lot = self.waiting.pop_first().and_then(|(_, turn)| self.lots.get(&turn.lot).cloned());
            if let Some(lot) = lot {
                self.file(&lot, at);
            }
        }
        while let Some(turn) = self.usable.first()
            && turn.expires_at <= at
        {
            let unused = self.unused(turn);
            self.usable_calls = self.usable_calls.saturating_sub(unused);
            self.usable.pop_first();
        }
        Ok(())
    }
}
