//! Why a figure is what it is: a history cut into stretches, each with who paid for its calls and why the turn passed on.

use crate::account::{Account, Action, Decision, Event, EventError, Share, Use};
use crate::lot::{LotId, LotNumber, LotView};
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

/// Who paid, while the account is at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paying {
    Free,
    Lot(LotNumber),
    Nobody,
}

impl Paying {
    fn named(self, account: &Account) -> Payer {
        match self {
            Self::Free => Payer::Free,
            Self::Lot(lot) => Payer::Lot { lot: name(account, lot) },
            Self::Nobody => Payer::Nobody,
        }
    }
}

fn name(account: &Account, lot: LotNumber) -> LotId {
    account.lot(lot, DateTime::<Utc>::MIN_UTC).map_or_else(LotId::trial, |view| view.lot)
}

/// Explains events in time order, up to `until`, from an account's state on: a new account for a whole history, or one
/// that was kept for what happened since. Stretches follow each other and hold every call.
pub fn explain(
    mut account: Account,
    events: &[Event],
    until: DateTime<Utc>,
) -> Result<Vec<Stretch>, EventError> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut open: Option<Paying> = None;
    let mut paid = Vec::new();
    for event in events.iter().take_while(|event| event.at <= until) {
        paid.clear();
        let decision = account.apply_into(event, &mut paid)?;
        let (Action::Use { calls }, Decision::Used(used)) = (&event.action, decision) else { continue };
        for (paying, calls) in payers(used, &paid, calls.get()) {
            if let Some(last) = stretches.last_mut()
                && let Some(before) = open
            {
                if before == paying {
                    last.until = event.at;
                    last.calls = last.calls.saturating_add(calls);
                    continue;
                }
                last.passed = why_passed(&account, event.at, before, paying);
            }
            open = Some(paying);
            let payer = paying.named(&account);
            stretches.push(Stretch {
                from: event.at,
                until: event.at,
                payer,
                calls,
                passed: Passed::StillOpen,
            });
        }
    }
    if let (Some(last), Some(open)) = (stretches.last_mut(), open) {
        last.passed = match open {
            Paying::Lot(lot) => {
                account.lot(lot, until).and_then(|view| end_of(&view, until)).unwrap_or(Passed::StillOpen)
            }
            Paying::Nobody if !account.usable(until).is_zero() => Passed::Refilled,
            Paying::Free if account.charges_at(until) => Passed::ChargingStarted,
            Paying::Nobody | Paying::Free => Passed::StillOpen,
        };
    }
    Ok(stretches)
}

/// Who paid for the calls of one use, in the order in which they were charged.
fn payers(used: Use, paid: &[Share], asked: u64) -> impl Iterator<Item = (Paying, u64)> {
    let (free, refused) = match used {
        Use::Free => (Some((Paying::Free, asked)), None),
        Use::Metered { blocked, .. } => {
            (None, (!blocked.is_zero()).then_some((Paying::Nobody, blocked.get())))
        }
    };
    let lots = paid.iter().map(|share| (Paying::Lot(share.lot), share.calls.get()));
    free.into_iter().chain(lots).chain(refused)
}

fn why_passed(account: &Account, at: DateTime<Utc>, from: Paying, to: Paying) -> Passed {
    match (from, to) {
        (Paying::Free, _) => Passed::ChargingStarted,
        (Paying::Nobody, _) => Passed::Refilled,
        (Paying::Lot(lot), to) => {
            let ended = account.lot(lot, at).and_then(|view| end_of(&view, at));
            match (ended, to) {
                (Some(ended), _) => ended,
                (None, Paying::Lot(lot)) => Passed::EndsLater { than: name(account, lot) },
                // A usable lot is never passed over for nothing; named so that the match is complete.
                (None, Paying::Free | Paying::Nobody) => Passed::StillOpen,
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
