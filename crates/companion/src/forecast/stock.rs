//! What is left, and at which pace it is used.

use billing_core::forecast::MonthlyUsage;
use billing_core::plan::PlanPack;
use billing_core::stock::RemainingLot;
use billing_core::time::beijing_day;
use billing_core::{Calls, Capability, Pack, Tariff};
use chrono::{DateTime, NaiveDate, Utc};

use crate::api::{ErrorCode, LotState, MonthlyVolume};
use crate::error::Error;
use crate::snapshot::AccountSnapshot;
use crate::store::readings::{Lot, UsageFigures};

/// How many calls a month, and where the number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Volume {
    pub(crate) usage: MonthlyUsage,
    /// Not a plain reading: WeChat's "50 or fewer", or a guess.
    pub(crate) is_estimate: bool,
}

impl Volume {
    /// A number of calls the shop named.
    pub(crate) fn guessed(calls: u64) -> Result<Self, Error> {
        let calls = Calls::new(calls).map_err(|_| Error::refused(ErrorCode::FiguresInvalid))?;
        Ok(Self { usage: MonthlyUsage::About(calls), is_estimate: true })
    }

    /// WeChat's average, else what the shop guessed when it chose the way.
    pub(crate) fn known(known: &AccountSnapshot) -> Option<Self> {
        let average = known.figures.as_ref().and_then(|figures| figures.average);
        let chosen = known.answers.way.map(|(_, calls)| calls);
        match (average, chosen) {
            (Some((calls, true)), _) => {
                Some(Self { usage: MonthlyUsage::AtMost(Calls::new(calls).ok()?), is_estimate: true })
            }
            (Some((calls, false)), _) => {
                Some(Self { usage: MonthlyUsage::About(Calls::new(calls).ok()?), is_estimate: false })
            }
            (None, Some(calls)) => Self::guessed(calls).ok(),
            (None, None) => None,
        }
    }

    /// The same as it is shown.
    pub(crate) fn monthly(self) -> MonthlyVolume {
        MonthlyVolume { calls: self.calls().get(), is_estimate: self.is_estimate }
    }

    pub(crate) fn calls(self) -> Calls {
        match self.usage {
            MonthlyUsage::About(calls) | MonthlyUsage::AtMost(calls) => calls,
        }
    }
}

/// Calls that can be used now, as read or typed in: the one figure of what is left.
pub(crate) fn remaining_now(known: &AccountSnapshot) -> Option<u64> {
    let connection = known.connection.as_ref()?;
    let typed = connection.typed.map(|typed| typed.remaining);
    typed.or_else(|| known.figures.as_ref().map(UsageFigures::remaining))
}

/// What can still be used, in the order of consumption; days count from `from` on.
pub(crate) fn remaining_from(known: &AccountSnapshot, from: DateTime<Utc>) -> Option<Vec<RemainingLot>> {
    let connection = known.connection.as_ref()?;
    if let Some(typed) = connection.typed {
        return Some(vec![RemainingLot { remaining: Calls::new(typed.remaining).ok()?, usable_days: None }]);
    }
    known.figures.as_ref()?;
    Some(open_lots(known).map(|lot| remaining_lot(lot, from)).collect())
}

/// What can still be used of one lot; days count from `from` on.
pub(crate) fn remaining_lot(lot: &Lot, from: DateTime<Utc>) -> RemainingLot {
    RemainingLot {
        // A lot is at most what Calls can hold: the client reads no larger figure.
        remaining: Calls::new(lot.remaining()).unwrap_or(Calls::MAX),
        usable_days: lot.expires_at.map(|end| days_until(from, end)),
    }
}

/// The lots that can or will be used, in the order in which they are consumed.
pub(crate) fn open_lots(known: &AccountSnapshot) -> impl Iterator<Item = &Lot> {
    let lots = known.lots();
    lots.iter().filter(|lot| lot.state != LotState::Spent)
}

/// Days on which something that ends at `end` is usable, today included. A last day that is not whole does not count:
/// the cautious side.
fn days_until(now: DateTime<Utc>, end: DateTime<Utc>) -> u32 {
    let days = beijing_day(end).signed_duration_since(beijing_day(now)).num_days();
    u32::try_from(days.max(0)).unwrap_or(u32::MAX)
}

/// The price list of a day, for the capability the application is about.
pub(crate) fn packs_on(tariff: &Tariff, day: NaiveDate) -> Vec<&Pack> {
    tariff.packs(Capability::Quick, day)
}

pub(crate) fn plan_pack(pack: &Pack) -> PlanPack {
    PlanPack { id: pack.id.clone(), calls: pack.calls, days: pack.days, price: pack.price }
}
