//! What the shop should do now: buy nothing yet and look again on a date, or buy this pack.
//!
//! Works from a forecast, so every date is an **estimate** and comes as a band. The purchases themselves are exact for the
//! likely usage ([`crate::plan`]). All arithmetic is in whole numbers. The rules are in docs/billing-rules.md §10.

mod compare;
mod packs;

pub use compare::{Choice, Comparison, Drawback, compare, packs_of};
pub use packs::{BreakEven, Dominated, break_even, dominated, is_far_beyond};

use crate::plan::{self, PlanError, PlanInput, PlanPack, Purchases};
use crate::stock::{RemainingLot, RunOut, after_trial, dated_lots};
use crate::{InputError, Yuan};
use chrono::{Days as CalendarDays, NaiveDate};
use serde::Serialize;

/// Nothing needs to be bought while what the account has lasts longer than this many days **A**: two weeks leave time
/// for a company transfer and a weekend.
pub const LEAD_DAYS: usize = 14;
/// A date to look again lies at most this far ahead **A**: an average half a year old says little.
pub const LOOK_AGAIN_DAYS_MAX: usize = 182;
/// How far ahead dates of running out are looked for.
pub const RUN_OUT_DAYS_MAX: usize = plan::DAYS_MAX;
/// The horizon of a recommendation unless the shop says otherwise.
pub const HORIZON_DAYS: usize = 365;
/// What one purchase is worth to a shop that has not said so, in cents **A**: a quarter of an hour of somebody's time.
pub const BOTHER_FEN: u64 = 500;

/// The facts a recommendation rests on.
#[derive(Debug, Clone)]
pub struct RecommendInput {
    /// The likely calls of each day ahead, from `first_day` on, as far as they are known: at least for the horizon. What is
    /// left after the horizon has value as far as they use it.
    pub likely: Vec<u64>,
    /// When the account runs out, if nothing is bought, from the same forecast.
    pub run_out: RunOut,
    /// What the account had on day 0.
    pub lots: Vec<RemainingLot>,
    /// What can be bought.
    pub packs: Vec<PlanPack>,
    /// What the bother of one purchase is worth to the shop.
    pub bother: Yuan,
    /// At most so many purchases within the horizon.
    pub max_purchases: Option<u64>,
    /// For how many days to plan, normally [`HORIZON_DAYS`].
    pub horizon_days: usize,
    /// Day 0: the day of the last reading.
    pub first_day: NaiveDate,
    /// The day on which the advice is given: day 0, or a few days later.
    pub today: NaiveDate,
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

/// The next best choice with other packs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunnerUp {
    /// The pack it buys first.
    pub pack: String,
    /// What is worse about it.
    pub drawback: Drawback,
}

/// Why a pack is advised. Closed, so that every language has a text for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing usable is left.
    NothingLeft,
    /// What is left ends within [`LEAD_DAYS`].
    RunsOutSoon,
    /// No choice costs less money, and the next best one costs more.
    Cheapest,
    /// What costs less or as much means more purchases, which are worth what it saves.
    FewestPurchases,
    /// The next best choice costs no more with as many purchases, but wastes more.
    LeastWaste,
    /// What costs less or as much leaves less to use after the horizon.
    MostLeft,
    /// One purchase covers the horizon.
    OnceIsEnough,
}

/// Returns what the shop should do.
pub fn recommend(input: &RecommendInput) -> Result<Advice, PlanError> {
    match nothing_yet(input.run_out, input.today) {
        Some(nothing) => Ok(nothing),
        None => Ok(compare(input)?.advice),
    }
}

/// Returns whether an account may run out before a pack that is paid for today is there. A date that is likely to be far
/// away is not soon, however little is known.
pub fn is_soon(run_out: RunOut, today: NaiveDate) -> bool {
    run_out.earliest.is_some_and(|earliest| earliest <= day_after(today, LEAD_DAYS))
        && run_out.likely.is_some_and(|likely| likely <= day_after(today, LOOK_AGAIN_DAYS_MAX))
}

/// The advice to buy nothing, where what the account has lasts longer than the lead; nothing where plans have to be
/// compared. For whoever knows the dates of running out already.
pub fn nothing_yet(run_out: RunOut, today: NaiveDate) -> Option<Advice> {
    (!is_soon(run_out, today)).then(|| {
        let lead = CalendarDays::new(u64::try_from(LEAD_DAYS).unwrap_or(u64::MAX));
        let latest = day_after(today, LOOK_AGAIN_DAYS_MAX);
        let in_time = run_out.earliest.and_then(|day| day.checked_sub_days(lead));
        let look_again = match in_time {
            // Never today: who looks today has looked.
            Some(day) if day <= today => day_after(today, LEAD_DAYS),
            Some(day) => day.min(latest),
            None => latest,
        };
        Advice::BuyNothing { look_again, lasts_until: run_out.likely }
    })
}

/// Returns the advice once the lead is reached: the first purchase of the best choice, if there is one.
fn advice(
    input: &RecommendInput,
    problem: &PlanInput,
    cheapest: &Purchases,
    choices: &[Choice],
) -> Result<Advice, PlanError> {
    let first = choices.first().and_then(|best| Some((best, best.purchases.first()?)));
    let Some((best, first)) = first else {
        // The band's early end is within the lead, the usage as given lasts the horizon.
        let latest = day_after(input.today, LEAD_DAYS);
        return Ok(Advice::BuyNothing { look_again: latest, lasts_until: input.run_out.likely });
    };
    // The same packs in another order are no other choice.
    let other = choices.iter().find(|other| !other.has_packs_of(best));
    let bound = plan::least_cost(problem)?;
    Ok(Advice::Buy(Buy {
        pack: first.pack.clone(),
        needed_on: day_after(input.first_day, first.day).max(input.today),
        cost: best.cost,
        money: best.money,
        wasted: best.wasted,
        lasts_days: lasts_days(input, &best.purchases),
        gap: bound.and_then(|bound| cheapest.cost.checked_sub(bound)),
        reasons: reasons(input, choices, other),
        runner_up: other
            .and_then(|other| Some(RunnerUp { pack: other.first.clone()?, drawback: other.drawback(best) })),
        purchases: best.purchases.clone(),
    }))
}

/// Returns the calls of each day ahead at the likely usage, once the trial has served the first of them.
fn expected_daily(input: &RecommendInput, days: usize) -> Vec<u64> {
    let daily = input.likely.iter().take(days).copied().collect();
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
        InputError::new("likely", format_args!("more than {} calls on a day", plan::CALLS_A_DAY_MAX))
    })?;
    Ok(PlanInput {
        daily_demand,
        lots: dated_lots(&input.lots),
        packs: input.packs.clone(),
        bother: input.bother,
        max_purchases: input.max_purchases,
    })
}

fn day_after(today: NaiveDate, days: usize) -> NaiveDate {
    let days = CalendarDays::new(u64::try_from(days).unwrap_or(u64::MAX));
    today.checked_add_days(days).unwrap_or(NaiveDate::MAX)
}

fn reasons(input: &RecommendInput, choices: &[Choice], other: Option<&Choice>) -> Vec<Reason> {
    let Some(best) = choices.first() else { return Vec::new() };
    // Where something costs less it has to be said why it is not advised.
    let cheaper = choices.iter().filter(|other| other.money < best.money).min_by_key(|other| other.cost);
    let nothing_left = input.lots.iter().all(|lot| lot.remaining.is_zero() || lot.usable_days == Some(0));
    let mut reasons = vec![if nothing_left { Reason::NothingLeft } else { Reason::RunsOutSoon }];
    match cheaper.or(other).map(|other| other.drawback(best)) {
        Some(Drawback::CostsMore(_)) | None => reasons.push(Reason::Cheapest),
        Some(Drawback::MoreErrands(_)) => reasons.push(Reason::FewestPurchases),
        Some(Drawback::MoreWaste(_)) => reasons.push(Reason::LeastWaste),
        Some(Drawback::LessLeft(_)) => reasons.push(Reason::MostLeft),
        Some(Drawback::Nothing) => {}
    }
    if best.purchases.len() == 1 {
        reasons.push(Reason::OnceIsEnough);
    }
    reasons
}

/// Returns the days for which the account lasts with these purchases and nothing more, at the likely usage.
fn lasts_days(input: &RecommendInput, purchases: &[plan::Purchase]) -> usize {
    let daily = expected_daily(input, RUN_OUT_DAYS_MAX);
    let lots = dated_lots(&input.lots);
    plan::first_unserved_day_after(&daily, &lots, &input.packs, purchases).unwrap_or(daily.len())
}
