//! One account × one capability: events in, decisions out.
//!
//! Lots are consumed in this order **W S0**: the trial; then lots in effect by earliest end; ties by earlier start, then
//! by id **A**. A lot not yet in effect waits aside. Time only moves forward; nothing here reads a clock.
//!
//! Two heaps carry the rule: lots not yet in effect by start, and lots in effect by turn. Only a lot that comes or goes
//! touches them, at the logarithm of their number; a use looks at `unchanged_until` and at the lot whose turn it is, and
//! costs the same however many lots there are.

mod event;
mod given_back;
mod snapshot;
mod view;

pub use crate::ids::{BadEventId, EventId};
pub use event::{
    Action, Decision, Event, EventError, Granted, QUOTA_EXHAUSTED, Query, Share, Totals, Use, Withdrawal,
};

use crate::lot::{Lot, LotId, LotNumber, Origin, Window};
use crate::{Calls, CallsTotal, Days, Yuan};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashSet};

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
    id: EventId,
    lot: LotNumber,
}

impl Turn {
    fn of(lot: &Lot, number: LotNumber) -> Self {
        let Window { effective_at, expires_at } = lot.window;
        Self { expires_at, effective_at, id: lot.id.clone(), lot: number }
    }
}

/// The state of one account × one capability.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "snapshot::Snapshot", into = "snapshot::Snapshot")]
pub struct Account {
    terms: AccountTerms,
    /// When the last event happened.
    now: Option<DateTime<Utc>>,
    applied: HashSet<EventId>,
    trial_used: Calls,
    /// In the order in which they were granted.
    lots: Vec<Lot>,
    by_id: BTreeMap<EventId, LotNumber>,
    /// Lots that were not in effect at `now`, by start. A refunded one stays until its start.
    waiting: BinaryHeap<Reverse<(DateTime<Utc>, Turn)>>,
    /// Lots in effect at `now` with calls left. A refunded one stays until it comes to the top.
    usable: BinaryHeap<Reverse<Turn>>,
    /// The lot whose turn it is, once a use has found it: the top of `usable`, and not refunded. Charging has started
    /// then, and the trial is used up.
    turn: Option<LotNumber>,
    /// Before, no lot begins or ends, and charging does not start.
    unchanged_until: DateTime<Utc>,
    /// Whether calls are charged at `now`.
    charging: bool,
    /// Calls left in the lots in effect at `now`, without the refunded ones.
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
            applied: HashSet::new(),
            trial_used: Calls::ZERO,
            lots: Vec::new(),
            by_id: BTreeMap::new(),
            waiting: BinaryHeap::new(),
            usable: BinaryHeap::new(),
            turn: None,
            unchanged_until: DateTime::<Utc>::MIN_UTC,
            charging: false,
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

    /// Applies an event. An event applied before is [`Decision::Duplicate`], not an error.
    pub fn apply(&mut self, event: &Event) -> Result<Decision, EventError> {
        self.apply_into(event, &mut Vec::new())
    }

    /// The same; which lots paid for a use is added to `paid`, in the order they were consumed.
    pub fn apply_into(&mut self, event: &Event, paid: &mut Vec<Share>) -> Result<Decision, EventError> {
        if self.applied.contains(&event.id) {
            return Ok(Decision::Duplicate);
        }
        let decision = self.apply_new(event, paid)?;
        self.applied.insert(event.id.clone());
        Ok(decision)
    }

    /// The same for an event that is known to be new. The id is not remembered: who calls this keeps the ids.
    pub(crate) fn apply_new(&mut self, event: &Event, paid: &mut Vec<Share>) -> Result<Decision, EventError> {
        let Event { id, at, action } = event;
        match action {
            Action::Use { calls } => self.charge(*at, *calls, paid).map(Decision::Used),
            Action::Purchase { calls, days, price } => {
                self.purchase(id, *at, *calls, *days, *price).map(Decision::Granted)
            }
            Action::Allocate { calls, days } => self
                .grant(id, *at, *calls, *days, Origin::Allocated { withdrawn_at: None })
                .map(Decision::Granted),
            Action::Query => {
                self.begin(*at)?;
                self.query(*at).map(Decision::Queried)
            }
            Action::Refund { order } => self.refund(order, *at).map(Decision::Refund),
        }
    }

    /// A pack was paid. It is in effect from payment, or from the start of charging if that is later **W S0**.
    fn purchase(
        &mut self,
        id: &EventId,
        at: DateTime<Utc>,
        calls: Calls,
        days: Days,
        price: Yuan,
    ) -> Result<Granted, EventError> {
        let paid = self.paid.checked_add(price).ok_or(EventError::TotalTooLarge)?;
        let origin = Origin::Paid { paid_at: at, price, refunded_at: None };
        let granted = self.grant(id, at, calls, days, origin)?;
        self.paid = paid;
        Ok(granted)
    }

    /// A lot comes. An allocated one takes effect as a paid one does; no money is counted.
    fn grant(
        &mut self,
        id: &EventId,
        at: DateTime<Utc>,
        calls: Calls,
        days: Days,
        origin: Origin,
    ) -> Result<Granted, EventError> {
        if calls.is_zero() {
            return Err(EventError::NoCalls);
        }
        let granted = self.granted.checked_add(calls).ok_or(EventError::TotalTooLarge)?;
        let effective_at = at.max(self.terms.charging_starts);
        let window = Window::starting(effective_at, days).ok_or(EventError::EndsTooLate)?;
        self.begin(at)?;
        self.granted = granted;
        self.add(Lot { id: id.clone(), total: calls, used: Calls::ZERO, window, origin }, at);
        Ok(Granted { lot: LotId::from(id) })
    }

    /// Numbers a lot and puts it where its window says.
    fn add(&mut self, lot: Lot, at: DateTime<Utc>) {
        let number = LotNumber::dated(self.lots.len());
        self.by_id.insert(lot.id.clone(), number);
        let spent = lot.is_spent();
        let turn = Turn::of(&lot, number);
        self.lots.push(lot);
        if spent {
            return;
        }
        if turn.effective_at > at {
            self.unchanged_until = self.unchanged_until.min(turn.effective_at);
            self.waiting.push(Reverse((turn.effective_at, turn)));
        } else {
            self.take_turn(turn, at);
        }
    }

    /// A lot in effect takes its place among the others, unless it has ended already.
    fn take_turn(&mut self, turn: Turn, at: DateTime<Utc>) {
        let unused = self.dated(turn.lot).filter(|lot| !lot.is_spent()).map_or(Calls::ZERO, Lot::unused);
        if turn.expires_at > at && !unused.is_zero() {
            // Bounded by `granted`, which was checked.
            self.usable_calls = self.usable_calls.checked_add(unused).unwrap_or(self.granted);
            self.unchanged_until = self.unchanged_until.min(turn.expires_at);
            self.usable.push(Reverse(turn));
            self.turn = None;
        }
    }

    /// What [`Account::apply_new`] comes to for almost every use: the lot whose turn it was pays for all of it and has
    /// calls left. Nothing where that is not so; nothing has changed then. Who calls this knows that the event is not
    /// earlier than the last one: reading the instant that the use before it has just written costs more than all the
    /// rest on many processors.
    #[inline]
    pub(crate) fn charge_same_lot(&mut self, event: &Event) -> Option<Share> {
        let &Event { at, action: Action::Use { calls }, .. } = event else { return None };
        let number = self.turn?;
        let lot = self.lots.get_mut(number.place()?)?;
        let used = lot.used.checked_add(calls)?;
        if at >= self.unchanged_until || used >= lot.total || calls.is_zero() {
            return None;
        }
        self.asked = self.asked.checked_add(calls)?;
        self.now = Some(at);
        lot.used = used;
        self.usable_calls = self.usable_calls.saturating_sub(calls);
        Some(Share { lot: number, calls })
    }

    /// Success callbacks reached the mini-program: charges them as far as quota lasts.
    fn charge(&mut self, at: DateTime<Utc>, calls: Calls, paid: &mut Vec<Share>) -> Result<Use, EventError> {
        if calls.is_zero() {
            return Err(EventError::NoCalls);
        }
        let asked = self.asked.checked_add(calls).ok_or(EventError::TotalTooLarge)?;
        self.begin(at)?;
        if !self.charging {
            return Ok(Use::Free);
        }
        self.asked = asked;
        let mut open = calls;
        let trial = open.min(self.trial_left());
        if !trial.is_zero() {
            self.trial_used = self.trial_used.checked_add(trial).unwrap_or(self.terms.trial);
            open = open.saturating_sub(trial);
            paid.push(Share { lot: LotNumber::TRIAL, calls: trial });
        }
        while !open.is_zero()
            && let Some(share) = self.take_from_first(open)
        {
            open = open.saturating_sub(share.calls);
            paid.push(share);
        }
        // Bounded by `asked`, which was checked.
        self.blocked = self.blocked.checked_add(open).unwrap_or(self.asked);
        Ok(Use::Metered { charged: calls.saturating_sub(open), blocked: open })
    }

    /// Charges up to `open` calls to the lot whose turn it is.
    fn take_from_first(&mut self, open: Calls) -> Option<Share> {
        let number = match self.turn {
            Some(number) => number,
            None => self.next_turn()?,
        };
        let lot = self.lots.get_mut(number.place()?)?;
        let unused = lot.unused();
        let taken = open.min(unused);
        lot.used = lot.used.checked_add(taken).unwrap_or(lot.total);
        self.usable_calls = self.usable_calls.saturating_sub(taken);
        if taken == unused {
            self.usable.pop();
            self.turn = None;
        }
        Some(Share { lot: number, calls: taken })
    }

    /// Finds the lot whose turn it is.
    fn next_turn(&mut self) -> Option<LotNumber> {
        loop {
            let number = self.usable.peek()?.0.lot;
            if self.dated(number).is_some_and(|lot| !lot.is_spent()) {
                self.turn = Some(number);
                return Some(number);
            }
            self.usable.pop();
        }
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

    /// The number of a lot that was granted by the event of this id.
    fn lot_number(&self, id: &str) -> Option<LotNumber> {
        self.by_id.get(id).copied()
    }

    /// A lot that is not the trial.
    fn dated(&self, number: LotNumber) -> Option<&Lot> {
        self.lots.get(number.place()?)
    }

    fn check_order(&self, at: DateTime<Utc>) -> Result<(), EventError> {
        match self.now {
            Some(last) if at < last => Err(EventError::OutOfOrder { at, last }),
            Some(_) | None => Ok(()),
        }
    }

    /// Moves time forward to an event. Called once nothing else can fail.
    fn begin(&mut self, at: DateTime<Utc>) -> Result<(), EventError> {
        self.check_order(at)?;
        self.now = Some(at);
        if at >= self.unchanged_until {
            self.change(at);
        }
        Ok(())
    }

    /// Lots begin and end, and charging starts, on the way to an instant.
    fn change(&mut self, at: DateTime<Utc>) {
        while let Some(Reverse((effective_at, _))) = self.waiting.peek()
            && *effective_at <= at
            && let Some(Reverse((_, turn))) = self.waiting.pop()
        {
            self.take_turn(turn, at);
        }
        while let Some(Reverse(turn)) = self.usable.peek()
            && turn.expires_at <= at
        {
            let left = self.dated(turn.lot).filter(|lot| !lot.is_spent()).map_or(Calls::ZERO, Lot::unused);
            self.usable_calls = self.usable_calls.saturating_sub(left);
            self.usable.pop();
        }
        self.turn = None;
        self.charging = self.charges_at(at);
        let starts = Some(self.terms.charging_starts).filter(|starts| *starts > at);
        let begins = self.waiting.peek().map(|Reverse((effective_at, _))| *effective_at);
        let ends = self.usable.peek().map(|Reverse(turn)| turn.expires_at);
        let next = [starts, begins, ends].into_iter().flatten().min();
        self.unchanged_until = next.unwrap_or(DateTime::<Utc>::MAX_UTC);
    }
}
