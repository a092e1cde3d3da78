//! From figures to an outlook: when the quota runs out, what will be wasted, what we would do. `billing-core` decides.

use billing_core::plan::PlanPack;
use billing_core::recommend::{self, MonthlyUsage, RecommendInput, RemainingLot};
use billing_core::time::{beijing_day, beijing_text};
use billing_core::{Calls, Capability, Pack, Tariff, Yuan, waste};
use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::error::Error;
use crate::services::usage::Known;
use crate::store::readings::Lot;
use crate::views::{Advice, ErrorCode, LotState, Origin, Reading, RunOutView, RunnerUp};

/// A run-out further away than this is shown as "not within two years".
const SHOWN_DAYS_MAX: u64 = 730;

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

/// What can be said about the days ahead.
pub(super) struct Outlook {
    run_out: Option<Reading<RunOutView>>,
    wasted: Vec<(String, u64)>,
}

impl Outlook {
    pub(super) fn of(known: &Known) -> Self {
        let Some(volume) = Volume::known(known) else { return Self { run_out: None, wasted: Vec::new() } };
        let Some((lots, read_at)) = remaining_lots(known) else {
            return Self { run_out: None, wasted: Vec::new() };
        };
        let today = beijing_day(known.now);
        let found = recommend::run_out(&lots, volume.usage, today);
        let last = today.checked_add_days(Days::new(SHOWN_DAYS_MAX));
        let shown = |day: Option<NaiveDate>| {
            day.filter(|day| last.is_none_or(|last| *day <= last)).map(|day| day.to_string())
        };
        let view = RunOutView {
            earliest: shown(found.earliest),
            likely: shown(found.likely),
            latest: shown(found.latest),
        };
        let unused = waste::expiring_unused(&lots, volume.usage);
        let wasted = open_lots(known).map(|lot| lot.id.clone()).zip(unused);
        Self {
            run_out: Some(Reading::new(view, Origin::Estimated, beijing_text(read_at))),
            wasted: wasted.filter_map(|(id, calls)| Some((id, calls?.get()))).collect(),
        }
    }

    pub(super) fn run_out(&self) -> Option<Reading<RunOutView>> {
        self.run_out.clone()
    }

    /// Calls of a lot that will expire unused at the present pace.
    pub(super) fn wasted(&self, lot: &str) -> Option<u64> {
        self.wasted.iter().find(|(id, _)| id == lot).map(|(_, calls)| *calls)
    }
}

/// What can still be used, and when that was read.
pub(super) fn remaining_lots(known: &Known) -> Option<(Vec<RemainingLot>, DateTime<Utc>)> {
    let connection = known.facts.connection.as_ref()?;
    if let Some(typed) = connection.typed {
        let lot = RemainingLot { remaining: Calls::new(typed.remaining).ok()?, usable_days: None };
        return Some((vec![lot], connection.connected_at));
    }
    let figures = known.figures.as_ref()?;
    let lots = open_lots(known).map(|lot| RemainingLot {
        // A lot is at most what Calls can hold: the client reads no larger figure.
        remaining: Calls::new(lot.remaining()).unwrap_or(Calls::MAX),
        usable_days: lot.expires_at.map(|end| days_until(known.now, end)),
    });
    Some((lots.collect(), figures.read_at))
}

/// The lots that can or will be used, in the order in which they are consumed.
fn open_lots(known: &Known) -> impl Iterator<Item = &Lot> {
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
pub(super) fn packs_on(day: NaiveDate) -> Vec<&'static Pack> {
    Tariff::embedded().packs(Capability::Quick, day)
}

pub(super) fn plan_pack(pack: &Pack) -> PlanPack {
    PlanPack { id: pack.id.clone(), calls: pack.calls, days: pack.days, price: pack.price }
}

/// What we would do in the shop's place.
pub(super) fn advise(lots: Vec<RemainingLot>, volume: Volume, now: DateTime<Utc>) -> Result<Advice, Error> {
    let today = beijing_day(now);
    let packs = packs_on(today);
    let year = volume.calls().get().saturating_mul(12);
    let input = |packs: &[&Pack]| RecommendInput {
        usage: volume.usage,
        lots: lots.clone(),
        packs: packs.iter().map(|pack| plan_pack(pack)).collect(),
        bother: Yuan::ZERO,
        max_purchases: None,
        horizon_days: recommend::HORIZON_DAYS,
        today,
    };
    let advice = recommend::recommend(&input(&packs)).or_else(|_| {
        // Thousands of the smallest packs are no plan for anybody: look among those of which a thousand last a year.
        let large: Vec<_> = packs.iter().copied().filter(|pack| pack.calls.get() >= year / 1_000).collect();
        recommend::recommend(&input(&large))
    });
    match advice.map_err(|_| Error::refused(ErrorCode::FiguresInvalid))? {
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
