//! What an account shows at an instant: what is usable, its lots in the order in which they are consumed, the sums.

use super::{Account, Totals};
use crate::lot::{Lot, LotId, LotNumber, LotView, Source, Status, TRIAL};
use crate::{Calls, CallsTotal};
use chrono::{DateTime, Utc};

impl Account {
    /// Calls that can be charged at an instant from the last event on: of the trial and of lots in effect.
    pub fn usable(&self, at: DateTime<Utc>) -> CallsTotal {
        let of_lots = if self.now.is_some_and(|now| at <= now) {
            self.usable_calls
        } else {
            let in_effect = self.lots.iter().filter(|lot| lot.status(at) == Status::InEffect);
            in_effect.map(Lot::unused).sum()
        };
        of_lots.checked_add(self.trial_left()).unwrap_or(self.granted)
    }

    pub(super) fn trial_left(&self) -> Calls {
        self.terms.trial.saturating_sub(self.trial_used)
    }

    /// One lot as it stands at an instant from the last event on.
    pub fn lot(&self, lot: LotNumber, at: DateTime<Utc>) -> Option<LotView> {
        if lot == LotNumber::TRIAL {
            return self.trial_view();
        }
        let at = self.now.map_or(at, |now| at.max(now));
        self.dated(lot).map(|lot| lot.view(at))
    }

    /// The name of a lot of this account; nothing for a number of another one.
    pub fn lot_name(&self, lot: LotNumber) -> Option<&str> {
        if lot == LotNumber::TRIAL {
            return Some(TRIAL);
        }
        self.dated(lot).map(|lot| lot.id.as_str())
    }

    /// All lots as they stand at an instant from the last event on: first those with calls left, in effect or not yet,
    /// in the order of consumption; then the others by id.
    pub fn lots(&self, at: DateTime<Utc>) -> Vec<LotView> {
        let at = self.now.map_or(at, |now| at.max(now));
        let (mut live, mut spent): (Vec<_>, Vec<_>) =
            self.lots.iter().map(|lot| lot.view(at)).partition(|view| view.status != Status::NoLonger);
        live.sort_by(|a, b| {
            (a.expires_at, a.effective_at, &a.lot).cmp(&(b.expires_at, b.effective_at, &b.lot))
        });
        spent.sort_by(|a, b| a.lot.cmp(&b.lot));
        if let Some(trial) = self.trial_view() {
            if trial.status == Status::NoLonger {
                let place = spent.partition_point(|view| view.lot < trial.lot);
                spent.insert(place, trial);
            } else {
                live.insert(0, trial);
            }
        }
        live.append(&mut spent);
        live
    }

    /// The trial as a lot. Listed even when untouched, unless it never had calls.
    fn trial_view(&self) -> Option<LotView> {
        let remaining = self.trial_left();
        (!self.terms.trial.is_zero()).then(|| LotView {
            lot: LotId::trial(),
            source: Source::Trial,
            status: if remaining.is_zero() { Status::NoLonger } else { Status::InEffect },
            total: self.terms.trial,
            used: self.trial_used,
            remaining,
            expired: Calls::ZERO,
            refunded: Calls::ZERO,
            effective_at: None,
            expires_at: None,
        })
    }

    /// Sums at an instant from the last event on.
    pub fn totals(&self, at: DateTime<Utc>) -> Totals {
        let lots = self.lots(at);
        Totals {
            granted: lots.iter().map(|lot| lot.total).sum(),
            used: lots.iter().map(|lot| lot.used).sum(),
            remaining: lots.iter().map(|lot| lot.remaining).sum(),
            expired: lots.iter().map(|lot| lot.expired).sum(),
            refunded: lots.iter().map(|lot| lot.refunded).sum(),
            blocked: self.blocked,
            paid: self.paid,
            returned: self.returned,
        }
    }
}
