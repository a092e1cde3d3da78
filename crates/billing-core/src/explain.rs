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

/// What readings said of a lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenLot {
    /// Its id.
    pub lot: LotId,
    /// Its calls.
    pub total: u64,
    /// When its validity began.
    pub effective_at: DateTime<Utc>,
    /// When it ended or will end; nothing: never.
    pub expires_at: Option<DateTime<Utc>>,
    /// Calls charged to it until each instant at which that was read, in time order.
    pub used: Vec<(DateTime<Utc>, u64)>,
}

/// Explains what readings saw, up to `until`: which lot paid is what the platform says, and only why the turn passed on is
/// worked out. A stretch begins and ends with readings, for when calls came between two of them is not known. What a lot
/// had paid before it was first read belongs to the stretch of that reading. Stretches of refused or free calls do not
/// occur: no reading shows them.
pub fn observed(lots: &[SeenLot], until: DateTime<Utc>) -> Vec<Stretch> {
    let mut order: Vec<&SeenLot> = lots.iter().collect();
    // docs/billing-rules.md §5: the trial, which has no end, first; then by earliest end, start, id.
    order.sort_by_key(|lot| (lot.expires_at, lot.effective_at, lot.lot.clone()));
    let mut paid: Vec<(DateTime<Utc>, usize, u64, u64)> = Vec::new();
    for (place, lot) in order.iter().enumerate() {
        let mut before = 0_u64;
        for (at, used) in lot.used.iter().filter(|(at, _)| *at <= until) {
            let calls = used.saturating_sub(before);
            before = *used;
            if calls > 0 {
                paid.push((*at, place, calls, *used));
            }
        }
    }
    paid.sort_unstable();
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut open: Option<(usize, u64)> = None;
    for (at, place, calls, used) in paid {
        let Some(lot) = order.get(place) else { continue };
        if let (Some(last), Some((before, charged))) = (stretches.last_mut(), open) {
            if before == place {
                last.until = at;
                last.calls = last.calls.saturating_add(calls);
                open = Some((place, used));
                continue;
            }
            if let Some(earlier) = order.get(before) {
                let next = (place < before).then(|| lot.lot.clone());
                last.passed = why_seen(earlier, charged, at, next);
            }
        }
        open = Some((place, used));
        let payer = Payer::Lot { lot: lot.lot.clone() };
        stretches.push(Stretch { from: at, until: at, payer, calls, passed: Passed::StillOpen });
    }
    if let (Some(last), Some((place, charged))) = (stretches.last_mut(), open)
        && let Some(lot) = order.get(place)
    {
        last.passed = why_seen(lot, charged, until, None);
    }
    stretches
}

/// Why a lot of which so much was charged pays no more at an instant; `next` is a lot before it in the order.
fn why_seen(lot: &SeenLot, charged: u64, at: DateTime<Utc>, next: Option<LotId>) -> Passed {
    if charged >= lot.total {
        Passed::Exhausted
    } else if lot.expires_at.is_some_and(|end| end <= at) {
        Passed::Expired
    } else {
        next.map_or(Passed::StillOpen, |than| Passed::EndsLater { than })
    }
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
