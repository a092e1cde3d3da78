//! What we would do in the shop's place. `billing-core` decides.

use billing_core::forecast::{self, Forecast};
use billing_core::plan::{PlanError, PlanPack};
use billing_core::recommend::{self, Choice, Comparison, RecommendInput};
use billing_core::stock::{EndedBy, RemainingLot};
use billing_core::time::beijing_day;
use billing_core::{Calls, Tariff, Yuan};
use chrono::{DateTime, NaiveDate, Utc};

use crate::api::{Advice, BoughtPacks, Day, Drawback, ErrorCode, ForecastMethod, Money, PackYear, RunnerUp};
use crate::error::Error;
use crate::forecast::outlook::{Ahead, Imagined, Outlook, SHOWN_DAYS_MAX, ahead_if};
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
    /// Calls a month, and whether that is more than a plain reading.
    pub(crate) monthly: Calls,
    pub(crate) is_estimate: bool,
}

impl Start {
    /// Errors: `no_usage_yet` before usage is known, `figures_invalid` for a volume that cannot be forecast.
    pub(crate) fn of(known: &AccountSnapshot, past: &Past, imagined: &Imagined) -> Result<Self, Error> {
        let no_usage = || Error::refused(ErrorCode::NoUsageYet);
        let read_at = read_at(known).ok_or_else(no_usage)?;
        let lots = remaining_from(known, read_at).ok_or_else(no_usage)?;
        let volume = imagined.volume.or_else(|| Volume::known(known));
        let ahead = ahead_if(known, past, SHOWN_DAYS_MAX, imagined);
        let Ahead { fitted, method, known_days } = ahead.ok_or_else(|| match volume {
            Some(_) => Error::refused(ErrorCode::FiguresInvalid),
            None => no_usage(),
        })?;
        let forecast = fitted.forecast();
        let seen = matches!(method, ForecastMethod::FewDays | ForecastMethod::WeekdayLevel);
        // WeChat's "50 or fewer" is no volume; nor is its average where days were seen.
        let stated = volume.filter(|_| !seen && method != ForecastMethod::MonthlyAtMost);
        Ok(Self {
            monthly: stated.map_or_else(|| a_month(&forecast), Volume::calls),
            is_estimate: !seen && stated.is_none_or(|volume| volume.is_estimate),
            forecast,
            method,
            known_days,
            lots,
            read_at,
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
            bother: Yuan::from_fen(recommend::BOTHER_FEN),
            max_purchases,
            horizon_days: recommend::HORIZON_DAYS,
            today: self.first_day(),
        }
    }
}

/// The likely calls of an average month of the year ahead.
fn a_month(forecast: &Forecast) -> Calls {
    let year: u64 = forecast.likely_days().iter().take(recommend::HORIZON_DAYS).sum();
    Calls::new(year.saturating_add(6) / 12).unwrap_or(Calls::MAX)
}

/// Asks about the whole price list; where that has no answer, about the packs large enough to be a plan for anybody.
pub(crate) fn ask_planner<T>(
    monthly: Calls,
    tariff: &Tariff,
    today: NaiveDate,
    ask: impl Fn(Vec<PlanPack>) -> Result<T, PlanError>,
) -> Result<T, Error> {
    let packs = packs_on(tariff, today);
    let year = monthly.get().saturating_mul(12);
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
    let from = beijing_day(read_at(known)?);
    advice_view(recommend::nothing_yet(outlook.dates()?, from)?, known.now)
}

/// What we would do in the shop's place.
pub(crate) fn advise(start: &Start, tariff: &Tariff, now: DateTime<Utc>) -> Result<Advice, Error> {
    let advice = ask_planner(start.monthly, tariff, beijing_day(now), |packs| {
        recommend::recommend(&start.question(packs, None))
    });
    advice_view(advice?, now).ok_or_else(|| Error::refused(ErrorCode::FiguresInvalid))
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

/// A day of advice that rests on an old reading may have passed meanwhile: then it is today.
pub(crate) fn not_before_today(day: NaiveDate, now: DateTime<Utc>) -> Day {
    Day(day.max(beijing_day(now)))
}

pub(crate) fn advice_view(advice: recommend::Advice, now: DateTime<Utc>) -> Option<Advice> {
    match advice {
        recommend::Advice::BuyNothing { look_again, lasts_until } => Some(Advice::BuyNothing {
            look_again: not_before_today(look_again, now),
            lasts_until: lasts_until.map(Day),
        }),
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
