//! What an account has left: which of it serves the days ahead, what ends unused, and when nothing is left
//! (`docs/billing-rules.md` §4, `docs/billing-rules.md` §5, `docs/billing-rules.md` §10).

use crate::Calls;
use crate::plan::{self, PlanLot};
use chrono::NaiveDate;
use serde::Serialize;

/// A lot that can still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemainingLot {
    /// Calls left.
    pub remaining: Calls,
    /// Days on which it is still usable, today included; `None` for the trial, which has no known end.
    pub usable_days: Option<u32>,
}

/// When the account runs out, if nothing is bought: the first day with a call that nothing can serve. `None`: not within
/// the days that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RunOut {
    /// If more is used than likely.
    pub earliest: Option<NaiveDate>,
    /// The middle.
    pub likely: Option<NaiveDate>,
    /// If less is used than likely.
    pub latest: Option<NaiveDate>,
}

/// What brings the account to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// The last calls are used.
    Use,
    /// The last lot ends with calls left.
    Expiry,
}

/// How the lots of an account go on for some days, if nothing is bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The first day with a call that nothing can serve, and what brought it about.
    pub ends: Option<(usize, EndedBy)>,
    /// For each lot, its calls that end unused; `None` for the trial and for a lot that outlives the days.
    pub wasted: Vec<Option<u64>>,
}

/// Returns how the lots go on under `daily` calls, from today on.
pub fn course(daily: &[u64], lots: &[RemainingLot]) -> Course {
    let rest = after_trial(daily.to_vec(), lots);
    let dated = dated_lots(lots);
    let unused = plan::unused_of_lots(&rest, &dated);
    let last = dated.iter().zip(&unused).filter(|(lot, _)| !lot.calls.is_zero() && lot.usable_days > 0);
    let ended_by = match last.max_by_key(|(lot, _)| lot.usable_days) {
        Some((lot, unused)) if *unused > 0 && !is_outlived_by_trial(lot, daily, &rest) => EndedBy::Expiry,
        Some(_) | None => EndedBy::Use,
    };
    let horizon = u64::try_from(daily.len()).unwrap_or(u64::MAX);
    let mut each = dated.iter().zip(unused).map(|(lot, calls)| (lot.usable_days <= horizon).then_some(calls));
    Course {
        ends: plan::first_unserved_day(&rest, &dated).map(|day| (day, ended_by)),
        wasted: lots.iter().map(|lot| lot.usable_days.and_then(|_| each.next().flatten())).collect(),
    }
}

/// Whether the trial still serves calls when a lot has ended. `rest`: what the trial leaves of the `daily` calls.
fn is_outlived_by_trial(lot: &PlanLot, daily: &[u64], rest: &[u64]) -> bool {
    let days_before = usize::try_from(lot.usable_days).unwrap_or(usize::MAX);
    daily.iter().zip(rest).skip(days_before).any(|(calls, rest)| rest < calls)
}

/// Returns how many more calls would end unused, were a pack of `calls` and `days` bought today.
///
/// It ages while the trial and lots that end earlier are used first, and lots that end later age while it is used.
pub fn wasted_if_bought_now(daily: &[u64], lots: &[RemainingLot], calls: Calls, days: u32) -> u64 {
    let wasted = |lots: &[RemainingLot]| {
        course(daily, lots).wasted.into_iter().flatten().fold(0_u64, u64::saturating_add)
    };
    let pack = RemainingLot { remaining: calls, usable_days: Some(days) };
    wasted(&[lots, &[pack]].concat()).saturating_sub(wasted(lots))
}

/// Returns what is left of the days' calls once the trial has served the first of them: it is used before any dated lot
/// **W**, although it ends after all of them, and they age meanwhile.
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
