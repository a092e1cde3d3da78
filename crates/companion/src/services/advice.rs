//! From figures to advice: what is left, at which pace it is used, what we would do. `billing-core` decides.

use billing_core::plan::{PlanError, PlanPack};
use billing_core::recommend::{self, MonthlyUsage, RecommendInput, RemainingLot};
use billing_core::time::beijing_day;
use billing_core::{Calls, Capability, Pack, Tariff, Yuan};
use chrono::{DateTime, NaiveDate, Utc};

use crate::error::Error;
use crate::services::outlook::read_at;
use crate::services::usage::Known;
use crate::store::readings::Lot;
use crate::views::{Advice, ErrorCode, LotState, RunnerUp};

/// How many calls a month, and where the number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Volume {
    pub(super) usage: MonthlyUsage,
    /// Not a plain reading: WeChat's "50 or fewer", or a guess.
    pub(super) is_estimate: bool,
}

impl Volume {
    /// A number of calls the shop named.
    pub(super) fn guessed(calls: u64) -> Result<Self, Error> {
        let calls = Calls::new(calls).map_err(|_| Error::refused(ErrorCode::FiguresInvalid))?;
        Ok(Self { usage: MonthlyUsage::About(calls), is_estimate: true })
    }

    /// WeChat's average, else what the shop guessed when it chose the way.
    pub(super) fn known(known: &Known) -> Option<Self> {
        let average = known.figures.as_ref().and_then(|figures| figures.average);
        let chosen = known.facts.answers.way.map(|(_, calls)| calls);
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

    pub(super) fn calls(self) -> Calls {
        match self.usage {
            MonthlyUsage::About(calls) | MonthlyUsage::AtMost(calls) => calls,
        }
    }
}

/// What can still be used, and when that was read.
pub(super) fn remaining_lots(known: &Known) -> Option<(Vec<RemainingLot>, DateTime<Utc>)> {
    Some((remaining_from(known, known.now)?, read_at(known)?))
}

/// What can still be used, in the order of consumption; days count from `from` on.
pub(super) fn remaining_from(known: &Known, from: DateTime<Utc>) -> Option<Vec<RemainingLot>> {
    let connection = known.facts.connection.as_ref()?;
    if let Some(typed) = connection.typed {
        return Some(vec![RemainingLot { remaining: Calls::new(typed.remaining).ok()?, usable_days: None }]);
    }
    known.figures.as_ref()?;
    Some(open_lots(known).map(|lot| remaining_lot(lot, from)).collect())
}

/// What can still be used of one lot; days count from `from` on.
pub(super) fn remaining_lot(lot: &Lot, from: DateTime<Utc>) -> RemainingLot {
    RemainingLot {
        // A lot is at most what Calls can hold: the client reads no larger figure.
        remaining: Calls::new(lot.remaining()).unwrap_or(Calls::MAX),
        usable_days: lot.expires_at.map(|end| days_until(from, end)),
    }
}

/// The lots that can or will be used, in the order in which they are consumed.
pub(super) fn open_lots(known: &Known) -> impl Iterator<Item = &Lot> {
    let lots = known.figures.as_ref().map(|figures| figures.lots.as_slice()).unwrap_or_default();
    lots.iter().filter(|lot| lot.state != LotState::Spent)
}

/// Days on which something that ends at `end` is usable, today included. A last day that is not whole does not count:
/// the cautious side.
fn days_until(now: DateTime<Utc>, end: DateTime<Utc>) -> u32 {
    let days = beijing_day(end).signed_duration_since(beijing_day(now)).num_days();
    u32::try_from(days.max(0)).unwrap_or(u32::MAX)
}

/// The price list of a day, for the capability the application is about.
pub(super) fn packs_on(tariff: &Tariff, day: NaiveDate) -> Vec<&Pack> {
    tariff.packs(Capability::Quick, day)
}

pub(super) fn plan_pack(pack: &Pack) -> PlanPack {
    PlanPack { id: pack.id.clone(), calls: pack.calls, days: pack.days, price: pack.price }
}

/// Asks about the whole price list; where that has no answer, about the packs large enough to be a plan for anybody.
pub(super) fn ask_planner<T>(
    volume: Volume,
    tariff: &Tariff,
    today: NaiveDate,
    ask: impl Fn(Vec<PlanPack>) -> Result<T, PlanError>,
) -> Result<T, Error> {
    let packs = packs_on(tariff, today);
    let year = volume.calls().get().saturating_mul(12);
    let all = packs.iter().map(|pack| plan_pack(pack)).collect();
    let answer = ask(all).or_else(|_| {
        // Thousands of the smallest packs are no plan for anybody: look among those of which a thousand last a year.
        let large = packs.iter().filter(|pack| pack.calls.get() >= year / 1_000);
        ask(large.map(|pack| plan_pack(pack)).collect())
    });
    answer.map_err(|_| Error::refused(ErrorCode::FiguresInvalid))
}

/// What we would do in the shop's place.
pub(super) fn advise(
    lots: &[RemainingLot],
    volume: Volume,
    tariff: &Tariff,
    now: DateTime<Utc>,
) -> Result<Advice, Error> {
    let today = beijing_day(now);
    let advice = ask_planner(volume, tariff, today, |packs| {
        recommend::recommend(&RecommendInput {
            usage: volume.usage,
            peaks: Vec::new(),
            lots: lots.to_vec(),
            packs,
            bother: Yuan::ZERO,
            max_purchases: None,
            horizon_days: recommend::HORIZON_DAYS,
            today,
        })
    });
    match advice? {
        recommend::Advice::BuyNothing { look_again, lasts_until } => Ok(Advice::BuyNothing {
            look_again: look_again.to_string(),
            lasts_until: lasts_until.map(|day| day.to_string()),
        }),
        recommend::Advice::Buy(buy) => Ok(Advice::Buy {
            pack: buy.pack,
            year_cost: buy.money.to_string(),
            year_wasted: buy.wasted,
            year_purchases: u32::try_from(buy.purchases.len()).unwrap_or(u32::MAX),
            runner_up: buy
                .runner_up
                .map(|other| RunnerUp { pack: other.pack, costs_more: other.costs_more.to_string() }),
        }),
        recommend::Advice::Cannot => Err(Error::refused(ErrorCode::FiguresInvalid)),
    }
}
