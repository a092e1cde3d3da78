//! What the shop should do now: buy nothing yet and look again on a date, or buy this pack.
//!
//! Works from a forecast, or from WeChat's recent monthly average alone, so every date is an **estimate** and comes as a
//! band: the forecast's own, or **A** usage a third higher, as given, a third lower. The purchases themselves are exact for
//! the likely usage ([`crate::plan`]). All arithmetic is in whole numbers.

mod compare;
mod packs;
mod usage;

pub use compare::{Choice, Comparison, compare};
pub use packs::{BreakEven, Dominated, break_even, dominated};
pub use usage::{MonthlyUsage, Peak, Usage};

use crate::forecast;
use crate::plan::{self, Plan, PlanError, PlanInput, PlanLot, PlanPack, Planner, Purchases};
use crate::{Calls, InputError, Yuan};
use chrono::{Days as CalendarDays, NaiveDate};
use serde::Serialize;
use usage::{Pace, with_peaks};

/// Nothing needs to be bought while what the account has lasts longer than this many days **A**: two weeks leave time
/// for a company transfer and a weekend.
pub const LEAD_DAYS: usize = 14;
/// A date to look again lies at most this far ahead **A**: an average half a year old says little.
pub const LOOK_AGAIN_DAYS_MAX: usize = 182;
/// How far ahead dates of running out are looked for.
pub const RUN_OUT_DAYS_MAX: usize = plan::DAYS_MAX;
/// The horizon of a recommendation unless the shop says otherwise.
pub const HORIZON_DAYS: usize = 365;

/// What the account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemainingLot {
    /// Calls left.
    pub remaining: Calls,
    /// Days on which it is still usable, today included; nothing for the trial, which has no known end.
    pub usable_days: Option<u32>,
}

/// The facts a recommendation rests on.
#[derive(Debug, Clone)]
pub struct RecommendInput {
    /// How much is used.
    pub usage: Usage,
    /// What comes on top of a monthly usage, at every pace as given; a forecast knows of its campaigns.
    pub peaks: Vec<Peak>,
    /// What the account has.
    pub lots: Vec<RemainingLot>,
    /// What can be bought.
    pub packs: Vec<PlanPack>,
    /// What the bother of one purchase is worth to the shop.
    pub bother: Yuan,
    /// At most so many purchases within the horizon.
    pub max_purchases: Option<u64>,
    /// For how many days to plan, normally [`HORIZON_DAYS`].
    pub horizon_days: usize,
    /// Day 0.
    pub today: NaiveDate,
}

/// When the account runs out, if nothing is bought: the first day with a call that nothing can serve. How far the three
/// are apart is a matter of whoever works them out: [`run_out`] here, [`crate::forecast::run_out`] with more knowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RunOut {
    /// If more is used than likely.
    pub earliest: Option<NaiveDate>,
    /// The middle.
    pub likely: Option<NaiveDate>,
    /// If less is used than likely.
    pub latest: Option<NaiveDate>,
}

/// The advice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "advice", rename_all = "snake_case")]
pub enum Advice {
    /// Buy nothing yet: what the account has lasts, and a pack bought now only ages.
    BuyNothing {
        /// When to look again.
        look_again: NaiveDate,
        /// When it runs out at the usage as given; nothing means not within ten years.
        lasts_until: Option<NaiveDate>,
    },
    /// Buy this pack.
    Buy(Buy),
    /// No purchases within the limit serve the usage, or there are no packs.
    Cannot,
}

/// What to buy, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Buy {
    /// The pack to buy first.
    pub pack: String,
    /// On which day it is needed: today, or within [`LEAD_DAYS`].
    pub needed_on: NaiveDate,
    /// Money plus bother over the horizon.
    pub cost: Yuan,
    /// Money alone.
    pub money: Yuan,
    /// Calls of packs and lots that end unused within the horizon.
    pub wasted: u64,
    /// Every purchase of the plan, the first one among them.
    pub purchases: Vec<plan::Purchase>,
    /// Days from today for which the account lasts with these purchases and nothing more, at the likely usage; all the
    /// days that were reckoned with, [`RUN_OUT_DAYS_MAX`] or the forecast's, where it lasts longer.
    pub lasts_days: usize,
    /// The best plan that starts with another pack.
    pub runner_up: Option<RunnerUp>,
    /// What purchases that overlap could save at the very most over the horizon, see [`plan::least_cost`]: 0 where no way of
    /// buying is cheaper. Nothing if it is not known.
    pub gap: Option<Yuan>,
    /// Why this one.
    pub reasons: Vec<Reason>,
}

/// The second-best first pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunnerUp {
    /// The pack.
    pub pack: String,
    /// What its plan costs more over the horizon; 0 when it only means more errands or more waste.
    pub costs_more: Yuan,
    /// Purchases of its plan.
    pub purchases: usize,
    /// Calls its plan wastes.
    pub wasted: u64,
}

/// Why a pack is advised. Closed, so that every language has a text for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing usable is left today.
    NothingLeft,
    /// What is left ends within [`LEAD_DAYS`].
    RunsOutSoon,
    /// No other first pack leads to a plan as cheap.
    Cheapest,
    /// Others cost the same, but mean more purchases.
    FewestPurchases,
    /// Others cost the same with as many purchases, but waste more.
    LeastWaste,
    /// One purchase covers the horizon.
    OnceIsEnough,
}

/// What the shop should do.
pub fn recommend(input: &RecommendInput) -> Result<Advice, PlanError> {
    if let Some(nothing) = nothing_yet(run_out_of(input), input.today) {
        return Ok(nothing);
    }
    let problem = problem(input)?;
    let planner = Planner::new(&problem)?;
    let Plan::Optimal(best) = planner.best()? else { return Ok(Advice::Cannot) };
    let others = compare::others(input, &planner, &best)?;
    advice(input, &problem, &best, &others)
}

/// The advice to buy nothing, where what the account has lasts longer than the lead; nothing where plans have to be
/// compared. For whoever knows the dates of running out already.
pub fn nothing_yet(run_out: RunOut, today: NaiveDate) -> Option<Advice> {
    let soon = day_after(today, LEAD_DAYS);
    run_out.earliest.is_none_or(|earliest| earliest > soon).then(|| {
        let lead = CalendarDays::new(u64::try_from(LEAD_DAYS).unwrap_or(u64::MAX));
        let latest = day_after(today, LOOK_AGAIN_DAYS_MAX);
        let look_again =
            run_out.earliest.and_then(|day| day.checked_sub_days(lead)).map_or(latest, |day| day.min(latest));
        Advice::BuyNothing { look_again, lasts_until: run_out.likely }
    })
}

/// The advice once the lead is reached: the best plan's first purchase, if it has one.
fn advice(
    input: &RecommendInput,
    problem: &PlanInput,
    best: &Purchases,
    others: &[Choice],
) -> Result<Advice, PlanError> {
    let Some(first) = best.purchases.first() else {
        // The band's early end is within the lead, the usage as given lasts the horizon.
        let latest = day_after(input.today, LEAD_DAYS);
        return Ok(Advice::BuyNothing { look_again: latest, lasts_until: run_out_of(input).likely });
    };
    let runner_up = others.first().and_then(|other| runner_up(other, best));
    let bound = plan::least_cost(problem)?;
    Ok(Advice::Buy(Buy {
        pack: first.pack.clone(),
        needed_on: day_after(input.today, first.day),
        cost: best.cost,
        money: best.money,
        wasted: best.wasted,
        lasts_days: lasts_days(input, best),
        gap: bound.and_then(|bound| best.cost.checked_sub(bound)),
        reasons: reasons(input, first, best, runner_up.as_ref()),
        runner_up,
        purchases: best.purchases.clone(),
    }))
}

/// When the account runs out, if nothing is bought: at a third more usage, at the usage as given and at a third less.
/// Where only an upper end is known, the likely date is that of the upper end, the cautious side, and there is no
/// latest. Nothing means: not within ten years.
pub fn run_out(lots: &[RemainingLot], usage: MonthlyUsage, today: NaiveDate) -> RunOut {
    run_out_with(lots, usage, &[], today)
}

fn run_out_of(input: &RecommendInput) -> RunOut {
    match &input.usage {
        Usage::Monthly(usage) => run_out_with(&input.lots, *usage, &input.peaks, input.today),
        Usage::Forecast(forecast) => forecast::run_out(forecast, &input.lots),
    }
}

fn run_out_with(lots: &[RemainingLot], usage: MonthlyUsage, peaks: &[Peak], today: NaiveDate) -> RunOut {
    let dated = dated_lots(lots);
    let at = |pace| {
        let daily = with_peaks(usage.daily(pace, RUN_OUT_DAYS_MAX), peaks, today);
        plan::first_unserved_day(&after_trial(daily, lots), &dated)
    };
    let date = |day: Option<usize>| day.map(|day| day_after(today, day));
    RunOut { earliest: date(at(Pace::High)), likely: date(at(Pace::Given)), latest: date(at(Pace::Low)) }
}

/// Calls on each day ahead at the likely usage, once the trial has served the first of them; no more days than are
/// forecast.
fn expected_daily(input: &RecommendInput, days: usize) -> Vec<u64> {
    let daily = match &input.usage {
        Usage::Monthly(usage) => with_peaks(usage.daily(Pace::Given, days), &input.peaks, input.today),
        Usage::Forecast(forecast) => {
            let mut daily = forecast.likely_days();
            daily.truncate(days);
            daily
        }
    };
    after_trial(daily, &input.lots)
}

/// Refused where the horizon or a day's calls leave what can be planned.
fn problem(input: &RecommendInput) -> Result<PlanInput, PlanError> {
    if input.horizon_days > plan::DAYS_MAX {
        let why = format_args!("more than {} days", plan::DAYS_MAX);
        return Err(InputError::new("horizon_days", why).into());
    }
    let daily = expected_daily(input, input.horizon_days);
    if daily.len() < input.horizon_days {
        return Err(InputError::new("horizon_days", "more than are forecast").into());
    }
    let can_be_planned =
        |calls: u64| u32::try_from(calls).ok().filter(|calls| *calls <= plan::CALLS_A_DAY_MAX);
    let daily_demand: Option<Vec<u32>> = daily.into_iter().map(can_be_planned).collect();
    let daily_demand = daily_demand.ok_or_else(|| {
        InputError::new("usage", format_args!("more than {} calls on a day", plan::CALLS_A_DAY_MAX))
    })?;
    Ok(PlanInput {
        daily_demand,
        lots: dated_lots(&input.lots),
        packs: input.packs.clone(),
        bother: input.bother,
        max_purchases: input.max_purchases,
    })
}

/// What is left of the days' calls once the trial has served the first of them: it is used before any dated lot **W**,
/// although it ends after all of them, and they age meanwhile.
pub(crate) fn after_trial(mut daily: Vec<u64>, lots: &[RemainingLot]) -> Vec<u64> {
    let undated = lots.iter().filter(|lot| lot.usable_days.is_none());
    let mut trial = undated.fold(0_u64, |sum, lot| sum.saturating_add(lot.remaining.get()));
    for calls in &mut daily {
        let served = trial.min(*calls);
        trial = trial.saturating_sub(served);
        *calls = calls.saturating_sub(served);
    }
    daily
}

pub(crate) fn dated_lots(lots: &[RemainingLot]) -> Vec<PlanLot> {
    lots.iter()
        .filter_map(|lot| Some(PlanLot { calls: lot.remaining, usable_days: lot.usable_days?.into() }))
        .collect()
}

fn day_after(today: NaiveDate, days: usize) -> NaiveDate {
    let days = CalendarDays::new(u64::try_from(days).unwrap_or(u64::MAX));
    today.checked_add_days(days).unwrap_or(NaiveDate::MAX)
}

/// What the next best choice means beside the best plan.
fn runner_up(other: &Choice, best: &Purchases) -> Option<RunnerUp> {
    Some(RunnerUp {
        pack: other.first.clone()?,
        costs_more: other.cost.checked_sub(best.cost).unwrap_or_default(),
        purchases: other.purchases.len(),
        wasted: other.wasted,
    })
}

fn reasons(
    input: &RecommendInput,
    first: &plan::Purchase,
    best: &Purchases,
    runner_up: Option<&RunnerUp>,
) -> Vec<Reason> {
    let nothing_left = input.lots.iter().all(|lot| lot.remaining.is_zero() || lot.usable_days == Some(0));
    let mut reasons =
        vec![if nothing_left || first.day == 0 { Reason::NothingLeft } else { Reason::RunsOutSoon }];
    match runner_up {
        Some(other) if other.costs_more > Yuan::ZERO => reasons.push(Reason::Cheapest),
        Some(other) if other.purchases > best.purchases.len() => reasons.push(Reason::FewestPurchases),
        Some(other) if other.wasted > best.wasted => reasons.push(Reason::LeastWaste),
        Some(_) => {}
        None => reasons.push(Reason::Cheapest),
    }
    if best.purchases.len() == 1 {
        reasons.push(Reason::OnceIsEnough);
    }
    reasons
}

/// Days for which the account lasts with the plan's purchases and nothing more, at the likely usage.
fn lasts_days(input: &RecommendInput, best: &Purchases) -> usize {
    let daily = expected_daily(input, RUN_OUT_DAYS_MAX);
    let lots = dated_lots(&input.lots);
    plan::first_unserved_day_after(&daily, &lots, &input.packs, &best.purchases).unwrap_or(daily.len())
}
