//! Why a figure is what it is: a history cut into stretches, each with who paid for its calls and why the turn passed on.

use crate::account::{Account, AccountTerms, Action, Decision, Event, EventError, Use};
use crate::lot::{LotId, LotView};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Who paid for the calls of a stretch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "payer", rename_all = "snake_case")]
pub enum Payer {
    /// Nobody had to: a free account, or charging had not started.
    Free,
    /// A lot.
    Lot {
        /// Its id.
        lot: LotId,
    },
    /// Nothing usable was left: the calls were refused with 1400001.
    Nobody,
}

/// Why the next stretch has another payer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Passed {
    /// Calls are charged from here on.
    ChargingStarted,
    /// The lot's last call was charged.
    Exhausted,
    /// The lot's validity ended.
    Expired,
    /// The lot was refunded.
    Refunded,
    /// Another lot came that ends sooner, so it goes first.
    EndsLater {
        /// The lot that goes first.
        than: LotId,
    },
    /// A lot came after nothing had been left.
    Refilled,
    /// It did not: the stretch goes on.
    StillOpen,
}

/// Calls in a row with the same payer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// The first use it holds.
    #[serde(with = "crate::time::beijing")]
    pub from: DateTime<Utc>,
    /// The last use it holds.
    #[serde(with = "crate::time::beijing")]
    pub until: DateTime<Utc>,
    /// Who paid.
    #[serde(flatten)]
    pub payer: Payer,
    /// How many calls, at least one.
    pub calls: u64,
    /// Why the turn passed on.
    #[serde(flatten)]
    pub passed: Passed,
}

/// Explains a history of events in time order, up to `until`. Stretches follow each other and hold every call.
pub fn explain(
    terms: AccountTerms,
    events: &[Event],
    until: DateTime<Utc>,
) -> Result<Vec<Stretch>, EventError> {
    let mut account = Account::open(terms);
    let mut stretches: Vec<Stretch> = Vec::new();
    for event in events.iter().take_while(|event| event.at <= until) {
        let decision = account.apply(event.clone())?;
        let (Action::Use { calls }, Decision::Used(used)) = (&event.action, decision) else { continue };
        for (payer, calls) in payers(&used, calls.get()) {
            add(&mut stretches, &account, event.at, payer, calls);
        }
    }
    if let Some(last) = stretches.last_mut() {
        last.passed = match &last.payer {
            Payer::Lot { lot } => {
                account.lot(lot, until).and_then(|view| end_of(&view, until)).unwrap_or(Passed::StillOpen)
            }
            Payer::Nobody if !account.usable(until).is_zero() => Passed::Refilled,
            Payer::Free if account.charges_at(until) => Passed::ChargingStarted,
            Payer::Nobody | Payer::Free => Passed::StillOpen,
        };
    }
    Ok(stretches)
}

/// Who paid for the calls of one use, in the order in which they were charged.
fn payers(used: &Use, asked: u64) -> Vec<(Payer, u64)> {
    match used {
        Use::Free => vec![(Payer::Free, asked)],
        Use::Metered { blocked, from, .. } => {
            let lots = from.iter().map(|share| (Payer::Lot { lot: share.lot.clone() }, share.calls.get()));
            let refused = (!blocked.is_zero()).then_some((Payer::Nobody, blocked.get()));
            lots.chain(refused).collect()
        }
    }
}

fn add(stretches: &mut Vec<Stretch>, account: &Account, at: DateTime<Utc>, payer: Payer, calls: u64) {
    if let Some(last) = stretches.last_mut() {
        if last.payer == payer {
            last.until = at;
            last.calls = last.calls.saturating_add(calls);
            return;
        }
        last.passed = why_passed(account, at, &last.payer, &payer);
    }
    stretches.push(Stretch { from: at, until: at, payer, calls, passed: Passed::StillOpen });
}

fn why_passed(account: &Account, at: DateTime<Utc>, from: &Payer, to: &Payer) -> Passed {
    match (from, to) {
        (Payer::Free, _) => Passed::ChargingStarted,
        (Payer::Nobody, _) => Passed::Refilled,
        (Payer::Lot { lot }, to) => {
            let ended = account.lot(lot, at).and_then(|view| end_of(&view, at));
            match (ended, to) {
                (Some(ended), _) => ended,
                (None, Payer::Lot { lot }) => Passed::EndsLater { than: lot.clone() },
                // A usable lot is never passed over for nothing; named so that the match is complete.
                (None, Payer::Free | Payer::Nobody) => Passed::StillOpen,
            }
        }
    }
}

/// Why a lot can no longer be used, if it cannot.
fn end_of(view: &LotView, at: DateTime<Utc>) -> Option<Passed> {
    if !view.refunded.is_zero() {
        Some(Passed::Refunded)
    } else if view.used == view.total {
        Some(Passed::Exhausted)
    } else if view.expires_at.is_some_and(|end| end <= at) {
        Some(Passed::Expired)
    } else {
        None
    }
}
