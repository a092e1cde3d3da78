//! The next twelve months, one plan next to another: what the shop does by its advice, by another pack, or by nothing at
//! all, at its own volume or at one it imagines.

use billing_core::Tariff;
use billing_core::forecast::{Campaign, Effect, Forecast, risk};
use billing_core::plan::PlanPack;
use billing_core::recommend::{self, Advice, Choice, Comparison, Reason};
use billing_core::stock::RunOut;
use billing_core::time::beijing_day;
use chrono::{Days, NaiveDate};

use crate::accounts::situation::advises_no_more;
use crate::api::{
    AdviceReason, CampaignWish, Day, ErrorCode, Money, Origin, PlanAdvice, PlanRank, PlanView,
    PlannedPurchase, PlansView, Reading, RiskLevel, RunOutRisk, RunOutView, WhatIf,
};
use crate::context::Context;
use crate::error::Error;
use crate::forecast::advice::{Start, bought_packs, compare_year, drawback_view};
use crate::forecast::outlook::{Imagined, SHOWN_DAYS_MAX};
use crate::forecast::stock::{Volume, remaining_now};
use crate::infra::blocking::run_blocking;
use crate::snapshot::AccountSnapshot;
use crate::usage::history::Past;

/// Plans besides the one that buys nothing: more than a person compares helps nobody.
const PLANS_SHOWN: usize = 5;
/// Purchases of a plan that are listed one by one.
const SCHEDULE_SHOWN: usize = 12;

/// Compares plans for the next twelve months. Errors: `no_usage_yet` before usage is known, `figures_invalid` for
/// what cannot be planned.
pub(crate) async fn compare_plans(
    context: &Context,
    account: &str,
    what_if: WhatIf,
) -> Result<PlansView, Error> {
    let (known, past) = context.snapshot_and_past(account).await?;
    // Milliseconds, or a second for odd volumes: not on the runtime's own threads.
    run_blocking(move || plans_view(&known, &past, &what_if)).await?
}

/// What is asked, and what the answers are measured against.
struct Question<'a> {
    tariff: &'a Tariff,
    today: NaiveDate,
    start: Start,
    /// The days that are planned, of which the chance of running out is estimated.
    year: Forecast,
    max_purchases: Option<u64>,
}

impl<'a> Question<'a> {
    fn of(known: &'a AccountSnapshot, past: &Past, what_if: &WhatIf) -> Result<Self, Error> {
        let today = beijing_day(known.now);
        let imagined = Imagined {
            volume: what_if.monthly_calls.map(Volume::guessed).transpose()?,
            campaign: what_if.campaign.as_ref().map(|wish| campaign(wish, today)).transpose()?,
        };
        let start = Start::of(known, past, &imagined)?;
        let mut year = start.forecast.clone();
        year.days.truncate(recommend::HORIZON_DAYS);
        year.cumulative.truncate(recommend::HORIZON_DAYS);
        let max_purchases = what_if.max_purchases.map(u64::from);
        Ok(Self { tariff: &known.tariff, today, start, year, max_purchases })
    }

    /// The comparison, and the packs it is about.
    fn compared(&self) -> Result<(Comparison, Vec<PlanPack>), Error> {
        compare_year(&self.start, self.tariff, self.today, self.max_purchases)
    }
}

/// A campaign within the year that is planned.
fn campaign(wish: &CampaignWish, today: NaiveDate) -> Result<Campaign, Error> {
    let invalid = || Error::refused(ErrorCode::FiguresInvalid);
    let day = wish.day.day().ok_or_else(invalid)?;
    let possible = (today..=last_day(today)).contains(&day);
    possible.then_some(Campaign { day, effect: Effect::Extra(wish.extra_calls) }).ok_or_else(invalid)
}

/// The last of the days that are planned.
fn last_day(today: NaiveDate) -> NaiveDate {
    let days = u64::try_from(recommend::HORIZON_DAYS).unwrap_or(u64::MAX).saturating_sub(1);
    day_after(today, days)
}

fn day_after(today: NaiveDate, days: u64) -> NaiveDate {
    today.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

fn plans_view(known: &AccountSnapshot, past: &Past, what_if: &WhatIf) -> Result<PlansView, Error> {
    let question = Question::of(known, past, what_if)?;
    let start = &question.start;
    let (comparison, packs) = question.compared()?;
    let view = |choice: &Choice, rank| plan_view(&question, &packs, choice, rank);
    let too_old = advises_no_more(known);
    let mut plans = vec![view(&comparison.nothing, PlanRank::Nothing)];
    if let Some(best) = comparison.plans.first() {
        let ranked = ranked(&comparison.plans, &packs);
        plans.extend(shown(&ranked).map(|(choice, rank)| PlanView {
            drawback: (rank != PlanRank::Best).then(|| drawback_view(choice.drawback(best))),
            // Nothing is advised from figures of long ago.
            ..view(choice, if too_old { PlanRank::Other } else { rank })
        }));
    }
    let remaining = remaining_now(known).unwrap_or_default();
    Ok(PlansView {
        monthly_calls: start.monthly.calls,
        monthly_is_estimate: start.monthly.is_estimate,
        remaining: Reading::new(
            remaining,
            if known.is_typed_in() { Origin::TypedIn } else { Origin::Derived },
            start.read_at,
        ),
        run_out: run_out_view(comparison.run_out, start),
        advice: if too_old { PlanAdvice::TooOld } else { advice_view(&comparison, &question) },
        plans,
        first_day: Day(question.today),
        last_day: Day(last_day(question.today)),
    })
}

fn run_out_view(found: RunOut, start: &Start) -> RunOutView {
    RunOutView {
        earliest: found.earliest.map(Day),
        likely: found.likely.map(Day),
        latest: found.latest.map(Day),
        by_expiry: start.ends_by_expiry(),
        method: start.method,
        known_days: start.known_days,
    }
}

/// Where each plan stands: the neighbours of the best plan's pack are those of the same validity.
fn ranked<'a>(plans: &'a [Choice], packs: &[PlanPack]) -> Vec<(&'a Choice, PlanRank)> {
    let pack_of = |choice: &Choice| packs.iter().find(|pack| Some(&pack.id) == choice.first.as_ref());
    let best = plans.first().and_then(pack_of);
    let alike = packs.iter().filter(|pack| best.is_some_and(|best| best.days == pack.days));
    let calls = best.map(|best| best.calls);
    let smaller = alike.clone().filter(|pack| Some(pack.calls) < calls).max_by_key(|pack| pack.calls);
    let bigger = alike.filter(|pack| Some(pack.calls) > calls).min_by_key(|pack| pack.calls);
    let is = |choice: &Choice, pack: Option<&PlanPack>| {
        pack.is_some() && pack_of(choice).map(|one| &one.id) == pack.map(|one| &one.id)
    };
    let runner_up = plans.first().and_then(|best| plans.iter().position(|other| !other.has_packs_of(best)));
    plans
        .iter()
        .enumerate()
        .map(|(position, choice)| {
            let rank = match position {
                0 => PlanRank::Best,
                _ if Some(position) == runner_up => PlanRank::RunnerUp,
                _ if is(choice, smaller) => PlanRank::Smaller,
                _ if is(choice, bigger) => PlanRank::Bigger,
                _ => PlanRank::Other,
            };
            (choice, rank)
        })
        .collect()
}

/// The plans that are shown: those with a name of their own, then the next best, in their order.
fn shown<'a>(ranked: &'a [(&'a Choice, PlanRank)]) -> impl Iterator<Item = (&'a Choice, PlanRank)> {
    let named = ranked.iter().filter(|(_, rank)| *rank != PlanRank::Other).count();
    let mut others = PLANS_SHOWN.saturating_sub(named);
    ranked.iter().copied().filter(move |(_, rank)| {
        let free = others > 0;
        if *rank == PlanRank::Other {
            others = others.saturating_sub(1);
        }
        free || *rank != PlanRank::Other
    })
}

fn plan_view(question: &Question<'_>, packs: &[PlanPack], choice: &Choice, rank: PlanRank) -> PlanView {
    let start = &question.start;
    let schedule = choice.purchases.iter().take(SCHEDULE_SHOWN).map(|bought| {
        let day = day_after(start.first_day(), u64::try_from(bought.day).unwrap_or(u64::MAX));
        PlannedPurchase { day: Day(day.max(question.today)), pack: bought.pack.clone() }
    });
    let found = risk(&question.year, &start.lots, packs, &choice.purchases);
    let risk = RunOutRisk {
        level: match found.at_most_percent {
            ..=5 => RiskLevel::Small,
            100.. => RiskLevel::Certain,
            _ => RiskLevel::Some,
        },
        at_most_percent: found.at_most_percent,
        from: found.from.map(Day),
    };
    PlanView {
        first: choice.first.clone(),
        cost: Money(choice.money),
        wasted: choice.wasted,
        left: choice.left_at_end,
        purchases: u32::try_from(choice.purchases.len()).unwrap_or(u32::MAX),
        packs: bought_packs(choice.packs()),
        schedule: schedule.collect(),
        risk: Some(risk),
        rank,
        drawback: None,
    }
}

fn advice_view(comparison: &Comparison, question: &Question<'_>) -> PlanAdvice {
    let (first, today) = (question.start.first_day(), question.today);
    match &comparison.advice {
        Advice::BuyNothing { look_again, lasts_until } => {
            let later = comparison.plans.first().and_then(|best| best.purchases.first());
            PlanAdvice::BuyNothing {
                look_again: Day(*look_again),
                lasts_until: lasts_until.map(Day),
                idle_days: later.and_then(|bought| u32::try_from(bought.day).ok()),
                later: later.map(|bought| bought.pack.clone()),
            }
        }
        Advice::Buy(buy) => PlanAdvice::Buy {
            pack: buy.pack.clone(),
            needed_on: Day(buy.needed_on.max(today)),
            lasts_until: (buy.lasts_days < SHOWN_DAYS_MAX)
                .then(|| Day(day_after(first, u64::try_from(buy.lasts_days).unwrap_or(u64::MAX)))),
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
        Reason::MostLeft => AdviceReason::MostLeft,
        Reason::OnceIsEnough => AdviceReason::OnceIsEnough,
    }
}
