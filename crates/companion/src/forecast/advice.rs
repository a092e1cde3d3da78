//! What we would do as the shop. `billing-core` decides.

use billing_core::forecast::{self, Forecast};
use billing_core::plan::{PlanError, PlanPack};
use billing_core::recommend::{self, Choice, Comparison, RecommendInput};
use billing_core::stock::{EndedBy, RemainingLot};
use billing_core::time::beijing_day;
use billing_core::{Tariff, Yuan};
use chrono::{DateTime, NaiveDate, Utc};

use crate::api::{
    Advice, BoughtPacks, Day, Drawback, ErrorCode, ForecastMethod, Money, MonthlyVolume, PackYear, RunnerUp,
};
use crate::error::Error;
use crate::forecast::outlook::{Imagined, Outlook, SHOWN_DAYS_MAX, ahead_if};
use crate::forecast::stock::{Volume, packs_on, plan_pack, remaining_from};
use crate::snapshot::{AccountSnapshot, read_at};
use crate::usage::history::Past;

/// Where advice starts: the days ahead as they are forecast, from the day of the last reading on, and what was left on it.
/// Dates of running out start from the same ([`Outlook`]), so advice and dates agree.
pub(crate) struct Start {
    pub(crate) forecast: Forecast,
    pub(crate) method: ForecastMethod,
    pub(crate) known_days: u32,
    pub(crate) lots: Vec<RemainingLot>,
    pub(crate) read_at: DateTime<Utc>,
    pub(crate) monthly: MonthlyVolume,
    /// The day on which advice is given.
    today: NaiveDate,
    /// What a purchase is worth to the shop.
    errand_price: Yuan,
}

impl Start {
    /// Errors: `no_usage_yet` before usage is known, `figures_invalid` for a volume that cannot be forecast.
    pub(crate) fn of(known: &AccountSnapshot, past: &Past, imagined: &Imagined) -> Result<Self, Error> {
        let no_usage = || Error::refused(ErrorCode::NoUsageYet);
        let read_at = read_at(known).ok_or_else(no_usage)?;
        let lots = remaining_from(known, read_at).ok_or_else(no_usage)?;
        let volume = imagined.volume.or_else(|| Volume::known(known));
        let ahead = ahead_if(known, past, SHOWN_DAYS_MAX, imagined);
        let ahead = ahead.ok_or_else(|| match volume {
            Some(_) => Error::refused(ErrorCode::FiguresInvalid),
            None => no_usage(),
        })?;
        let forecast = ahead.fitted.forecast();
        Ok(Self {
            monthly: ahead.monthly(&forecast),
            forecast,
            method: ahead.method,
            known_days: ahead.known_days,
            lots,
            read_at,
            today: beijing_day(known.now),
            errand_price: known.errand_price,
        })
    }

    /// Day 0.
    pub(crate) fn first_day(&self) -> NaiveDate {
        beijing_day(self.read_at)
    }

    /// Whether the last lot ends before its calls are used, if nothing is bought.
    pub(crate) fn ends_by_expiry(&self) -> bool {
        let ends = forecast::likely_course(&self.forecast, &self.lots).ends;
        ends.is_some_and(|(_, by)| by == EndedBy::Expiry)
    }

    /// The question for the billing core, about some packs.
    pub(crate) fn question(&self, packs: Vec<PlanPack>, max_purchases: Option<u64>) -> RecommendInput {
        RecommendInput {
            likely: self.forecast.likely_days(),
            run_out: forecast::run_out(&self.forecast, &self.lots),
            lots: self.lots.clone(),
            packs,
            bother: self.errand_price,
            max_purchases,
            horizon_days: recommend::HORIZON_DAYS,
            first_day: self.first_day(),
            today: self.today,
        }
    }
}

/// Asks about the whole price list; where that has no answer, about the packs large enough to be a plan for anybody.
pub(crate) fn ask_planner<T>(
    monthly: MonthlyVolume,
    tariff: &Tariff,
    today: NaiveDate,
    ask: impl Fn(Vec<PlanPack>) -> Result<T, PlanError>,
) -> Result<T, Error> {
    let packs = packs_on(tariff, today);
    let year = monthly.calls.saturating_mul(12);
    let all = packs.iter().map(|pack| plan_pack(pack)).collect();
    let answer = ask(all).or_else(|_| {
        // Thousands of the smallest packs are no plan for anybody: look among those of which a thousand last a year.
        let large = packs.iter().filter(|pack| pack.calls.get() >= year / 1_000);
        ask(large.map(|pack| plan_pack(pack)).collect())
    });
    answer.map_err(|_| Error::refused(ErrorCode::FiguresInvalid))
}

/// "Buy nothing yet", where the dates of running out say so already.
pub(crate) fn nothing_yet(known: &AccountSnapshot, outlook: &Outlook) -> Option<Advice> {
    advice_view(recommend::nothing_yet(outlook.dates()?, beijing_day(known.now))?)
}

/// What we would do as the shop.
pub(crate) fn advise(start: &Start, tariff: &Tariff, now: DateTime<Utc>) -> Result<Advice, Error> {
    let advice = ask_planner(start.monthly, tariff, beijing_day(now), |packs| {
        recommend::recommend(&start.question(packs, None))
    });
    advice_view(advice?).ok_or_else(|| Error::refused(ErrorCode::FiguresInvalid))
}

/// Every way to go on for a year, and the packs that were compared. All figures of a year come from here.
pub(crate) fn compare_year(
    start: &Start,
    tariff: &Tariff,
    today: NaiveDate,
    max_purchases: Option<u64>,
) -> Result<(Comparison, Vec<PlanPack>), Error> {
    ask_planner(start.monthly, tariff, today, |packs| {
        let input = start.question(packs, max_purchases);
        Ok((recommend::compare(&input)?, input.packs))
    })
}

/// The year of one choice.
pub(crate) fn year_view(choice: &Choice) -> PackYear {
    PackYear {
        cost: Money(choice.money),
        wasted: choice.wasted,
        left: choice.left_at_end,
        purchases: u32::try_from(choice.purchases.len()).unwrap_or(u32::MAX),
        packs: bought_packs(choice.packs()),
    }
}

pub(crate) fn bought_packs(packs: Vec<(&str, usize)>) -> Vec<BoughtPacks> {
    let view = |(pack, times): (&str, usize)| BoughtPacks {
        pack: pack.to_owned(),
        times: u32::try_from(times).unwrap_or(u32::MAX),
    };
    packs.into_iter().map(view).collect()
}

pub(crate) fn drawback_view(drawback: recommend::Drawback) -> Drawback {
    match drawback {
        recommend::Drawback::CostsMore(yuan) => Drawback::CostsMore { yuan: Money(yuan) },
        recommend::Drawback::MoreErrands(times) => {
            Drawback::MoreErrands { times: u32::try_from(times).unwrap_or(u32::MAX) }
        }
        recommend::Drawback::MoreWaste(calls) => Drawback::MoreWaste { calls },
        recommend::Drawback::LessLeft(calls) => Drawback::LessLeft { calls },
        recommend::Drawback::Nothing => Drawback::Nothing,
    }
}

pub(crate) fn advice_view(advice: recommend::Advice) -> Option<Advice> {
    match advice {
        recommend::Advice::BuyNothing { look_again, lasts_until } => {
            Some(Advice::BuyNothing { look_again: Day(look_again), lasts_until: lasts_until.map(Day) })
        }
        recommend::Advice::Buy(buy) => Some(Advice::Buy {
            year_cost: Money(buy.money),
            year_wasted: buy.wasted,
            year_purchases: u32::try_from(buy.purchases.len()).unwrap_or(u32::MAX),
            packs: bought_packs(recommend::packs_of(&buy.purchases)),
            runner_up: buy
                .runner_up
                .map(|other| RunnerUp { pack: other.pack, drawback: drawback_view(other.drawback) }),
            pack: buy.pack,
        }),
        recommend::Advice::Cannot => None,
    }
}
