//! The next twelve months, one plan beside another: what the shop does by its advice, by another pack, or by nothing at
//! all, at its own volume or at one it imagines.

use std::collections::BTreeSet;

use billing_core::forecast::{self, Campaign, Effect, Forecast, ForecastInput, History, risk};
use billing_core::plan::PlanPack;
use billing_core::recommend::{
    self, Advice, Choice, Comparison, Peak, Reason, RecommendInput, RemainingLot, RunOut, compare,
};
use billing_core::time::{beijing_day, beijing_text, parse_day};
use billing_core::{Calls, Tariff, Yuan};
use chrono::{Days, NaiveDate};

use crate::companion::Companion;
use crate::error::Error;
use crate::services::advice::{Volume, ask_planner, remaining_lots};
use crate::services::usage::Known;
use crate::store::StoreError;
use crate::views::{
    AdviceReason, CampaignWish, Drawback, ErrorCode, ForecastMethod, Origin, PlanAdvice, PlanPlace, PlanView,
    PlannedPurchase, PlansView, Reading, RiskLevel, RunOutRisk, RunOutView, UsageSource, WhatIf,
};

/// Plans beside the one that buys nothing: more than a person compares helps nobody.
const PLANS_SHOWN: usize = 5;
/// Purchases of a plan that are told one by one.
const SCHEDULE_SHOWN: usize = 12;

impl Companion {
    /// Compares plans for the next twelve months. Errors: `no_usage_yet` before usage is known, `figures_invalid` for
    /// what cannot be planned.
    pub async fn compare_plans(&self, account: &str, what_if: WhatIf) -> Result<PlansView, Error> {
        let known = self.known(account).await?;
        // Milliseconds, or a second for odd volumes: not on the runtime's own threads.
        let work = tokio::task::spawn_blocking(move || plans_view(&known, &what_if));
        work.await.map_err(|stopped| Error::from(StoreError::Unexpected(stopped.to_string())))?
    }
}

/// What is asked, and what the answers are measured against.
struct Question<'a> {
    tariff: &'a Tariff,
    today: NaiveDate,
    volume: Volume,
    lots: Vec<RemainingLot>,
    peak: Option<(NaiveDate, u32)>,
    max_purchases: Option<u64>,
}

impl<'a> Question<'a> {
    fn of(known: &'a Known, what_if: &WhatIf) -> Result<Self, Error> {
        let today = beijing_day(known.now);
        let volume = match what_if.monthly_calls {
            Some(calls) => Some(Volume::guessed(calls)?),
            None => Volume::known(known),
        };
        let no_usage = || Error::refused(ErrorCode::NoUsageYet);
        let (lots, _) = remaining_lots(known).ok_or_else(no_usage)?;
        Ok(Self {
            tariff: &known.tariff,
            today,
            volume: volume.ok_or_else(no_usage)?,
            lots,
            peak: what_if.campaign.as_ref().map(|wish| peak(wish, today)).transpose()?,
            max_purchases: what_if.max_purchases.map(u64::from),
        })
    }

    /// The comparison, and the packs it is about.
    fn compared(&self) -> Result<(Comparison, Vec<PlanPack>), Error> {
        let peak =
            self.peak.and_then(|(day, calls)| Some(Peak { day, calls: Calls::new(calls.into()).ok()? }));
        ask_planner(self.volume, self.tariff, self.today, |packs| {
            let input = RecommendInput {
                usage: self.volume.usage,
                peaks: peak.into_iter().collect(),
                lots: self.lots.clone(),
                packs,
                bother: Yuan::ZERO,
                max_purchases: self.max_purchases,
                horizon_days: recommend::HORIZON_DAYS,
                today: self.today,
            };
            Ok((compare(&input)?, input.packs))
        })
    }

    /// The band of usage that the chance of running out is read from; nothing where the volume leaves what can be
    /// forecast.
    fn forecast(&self) -> Option<Forecast> {
        let campaign = self.peak.map(|(day, extra)| Campaign { day, effect: Effect::Extra(extra) });
        let input = ForecastInput {
            history: History::none(self.today),
            monthly_average: Some(self.volume.usage),
            horizon: recommend::HORIZON_DAYS,
            closed: BTreeSet::new(),
            campaigns: campaign.into_iter().collect(),
        };
        forecast::forecast(&input).ok()
    }
}

/// A campaign within the year that is planned.
fn peak(wish: &CampaignWish, today: NaiveDate) -> Result<(NaiveDate, u32), Error> {
    let invalid = || Error::refused(ErrorCode::FiguresInvalid);
    let day = parse_day(&wish.day).map_err(|_| invalid())?;
    let possible = (today..=last_day(today)).contains(&day);
    possible.then_some((day, wish.extra_calls)).ok_or_else(invalid)
}

/// The last of the days that are planned.
fn last_day(today: NaiveDate) -> NaiveDate {
    let days = u64::try_from(recommend::HORIZON_DAYS).unwrap_or(u64::MAX).saturating_sub(1);
    day_after(today, days)
}

fn day_after(today: NaiveDate, days: u64) -> NaiveDate {
    today.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

fn plans_view(known: &Known, what_if: &WhatIf) -> Result<PlansView, Error> {
    let question = Question::of(known, what_if)?;
    let (comparison, packs) = question.compared()?;
    let forecast = question.forecast();
    let view = |choice: &Choice, place| plan_view(&question, &packs, forecast.as_ref(), choice, place);
    let mut plans = vec![view(&comparison.nothing, PlanPlace::Nothing)];
    if let Some(best) = comparison.plans.first() {
        let places = places(&comparison.plans, &packs);
        plans.extend(shown(&places).map(|(choice, place)| PlanView {
            drawback: (place != PlanPlace::Best).then(|| drawback(choice, best)),
            ..view(choice, place)
        }));
    }
    let typed = known.facts.connection.as_ref().is_some_and(|one| one.source == UsageSource::TypedIn);
    let read_at = remaining_lots(known).map_or(known.now, |(_, read_at)| read_at);
    let remaining = question.lots.iter().map(|lot| lot.remaining.get()).sum();
    Ok(PlansView {
        monthly_calls: question.volume.calls().get(),
        monthly_is_estimate: question.volume.is_estimate,
        remaining: Reading::new(
            remaining,
            if typed { Origin::TypedIn } else { Origin::Derived },
            beijing_text(read_at),
        ),
        run_out: run_out_view(comparison.run_out),
        advice: advice_view(&comparison, question.today),
        plans,
        first_day: question.today.to_string(),
        last_day: last_day(question.today).to_string(),
    })
}

fn run_out_view(found: RunOut) -> RunOutView {
    let text = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    RunOutView {
        earliest: text(found.earliest),
        likely: text(found.likely),
        latest: text(found.latest),
        // What is imagined is a volume a month, not days that were seen.
        method: ForecastMethod::MonthlyAverage,
        known_days: 0,
    }
}

/// Where each plan stands: the neighbours of the best plan's pack are those of the same validity.
fn places<'a>(plans: &'a [Choice], packs: &[PlanPack]) -> Vec<(&'a Choice, PlanPlace)> {
    let pack_of = |choice: &Choice| packs.iter().find(|pack| Some(&pack.id) == choice.first.as_ref());
    let best = plans.first().and_then(pack_of);
    let alike = packs.iter().filter(|pack| best.is_some_and(|best| best.days == pack.days));
    let calls = best.map(|best| best.calls);
    let smaller = alike.clone().filter(|pack| Some(pack.calls) < calls).max_by_key(|pack| pack.calls);
    let bigger = alike.filter(|pack| Some(pack.calls) > calls).min_by_key(|pack| pack.calls);
    let is = |choice: &Choice, pack: Option<&PlanPack>| {
        pack.is_some() && pack_of(choice).map(|one| &one.id) == pack.map(|one| &one.id)
    };
    let mut runner_up_found = false;
    plans
        .iter()
        .enumerate()
        .map(|(rank, choice)| {
            let place = match rank {
                0 => PlanPlace::Best,
                _ if is(choice, smaller) => PlanPlace::Smaller,
                _ if is(choice, bigger) => PlanPlace::Bigger,
                _ if !runner_up_found => {
                    runner_up_found = true;
                    PlanPlace::RunnerUp
                }
                _ => PlanPlace::Other,
            };
            (choice, place)
        })
        .collect()
}

/// The plans that are shown: those with a name of their own, then the next best, in their order.
fn shown<'a>(places: &'a [(&'a Choice, PlanPlace)]) -> impl Iterator<Item = (&'a Choice, PlanPlace)> {
    let named = places.iter().filter(|(_, place)| *place != PlanPlace::Other).count();
    let mut others = PLANS_SHOWN.saturating_sub(named);
    places.iter().copied().filter(move |(_, place)| {
        let free = others > 0;
        if *place == PlanPlace::Other {
            others = others.saturating_sub(1);
        }
        free || *place != PlanPlace::Other
    })
}

/// What is worse than with the best plan, in the order in which plans are ranked.
fn drawback(choice: &Choice, best: &Choice) -> Drawback {
    let yuan = choice.cost.checked_sub(best.cost).unwrap_or_default();
    let times = choice.purchases.len().saturating_sub(best.purchases.len());
    let calls = choice.wasted.saturating_sub(best.wasted);
    match (yuan, times, calls) {
        (yuan, _, _) if yuan > Yuan::ZERO => Drawback::CostsMore { yuan: yuan.to_string() },
        (_, times, _) if times > 0 => {
            Drawback::MoreErrands { times: u32::try_from(times).unwrap_or(u32::MAX) }
        }
        (_, _, calls) if calls > 0 => Drawback::MoreWaste { calls },
        _ => Drawback::Nothing,
    }
}

fn plan_view(
    question: &Question<'_>,
    packs: &[PlanPack],
    forecast: Option<&Forecast>,
    choice: &Choice,
    place: PlanPlace,
) -> PlanView {
    let schedule = choice.purchases.iter().take(SCHEDULE_SHOWN).map(|bought| PlannedPurchase {
        day: day_after(question.today, u64::try_from(bought.day).unwrap_or(u64::MAX)).to_string(),
        pack: bought.pack.clone(),
    });
    PlanView {
        first: choice.first.clone(),
        cost: choice.money.to_string(),
        wasted: choice.wasted,
        left: choice.left_at_end,
        purchases: u32::try_from(choice.purchases.len()).unwrap_or(u32::MAX),
        schedule: schedule.collect(),
        risk: forecast.map(|forecast| {
            let found = risk(forecast, &question.lots, packs, &choice.purchases);
            RunOutRisk {
                level: match found.at_most_percent {
                    ..=5 => RiskLevel::Small,
                    100.. => RiskLevel::Certain,
                    _ => RiskLevel::Some,
                },
                at_most_percent: found.at_most_percent,
                from: found.from.map(|day| day.to_string()),
            }
        }),
        place,
        drawback: None,
    }
}

fn advice_view(comparison: &Comparison, today: NaiveDate) -> PlanAdvice {
    match &comparison.advice {
        Advice::BuyNothing { look_again, lasts_until } => {
            let later = comparison.plans.first().and_then(|best| best.purchases.first());
            PlanAdvice::BuyNothing {
                look_again: look_again.to_string(),
                lasts_until: lasts_until.map(|day| day.to_string()),
                idle_days: later.and_then(|bought| u32::try_from(bought.day).ok()),
                later: later.map(|bought| bought.pack.clone()),
            }
        }
        Advice::Buy(buy) => PlanAdvice::Buy {
            pack: buy.pack.clone(),
            needed_on: buy.needed_on.to_string(),
            lasts_until: (buy.lasts_days < recommend::RUN_OUT_DAYS_MAX)
                .then(|| day_after(today, u64::try_from(buy.lasts_days).unwrap_or(u64::MAX)).to_string()),
            reasons: buy.reasons.iter().map(|reason| reason_view(*reason)).collect(),
        },
        Advice::Cannot => PlanAdvice::Cannot,
    }
}

const fn reason_view(reason: Reason) -> AdviceReason {
    match reason {
        Reason::NothingLeft => AdviceReason::NothingLeft,
        Reason::RunsOutSoon => AdviceReason::RunsOutSoon,
        Reason::Cheapest => AdviceReason::Cheapest,
        Reason::FewestPurchases => AdviceReason::FewestPurchases,
        Reason::LeastWaste => AdviceReason::LeastWaste,
        Reason::OnceIsEnough => AdviceReason::OnceIsEnough,
    }
}
