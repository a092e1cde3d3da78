//! Looks at every reading once, whether or not a page is open, and raises what it crossed.

use std::sync::Arc;

use billing_core::Calls;
use billing_core::alert::{Alert, Observation, Thresholds};
use billing_core::situation::Situation;
use billing_core::time::beijing_day;
use chrono::NaiveDate;

use crate::accounts::situation::situation;
use crate::alerts::raise::{Raiser, announce};
use crate::alerts::standing::observation;
use crate::context::{Context, JobKey};
use crate::error::Error;
use crate::forecast::outlook::{Outlook, basis, outlook};
use crate::infra::backoff::Backoff;
use crate::infra::jobs::Attempt;
use crate::snapshot::AccountSnapshot;
use crate::store::accounts;
use crate::store::inbox::{self, AlertState};
use crate::store::settings::warn_days;

/// Days before the end of a lot in which every call that will expire is worth an alert.
const WASTE_DAYS: u32 = 30;

/// Looks in the background at the readings that were not looked at yet. One run at a time: who asks meanwhile gets another
/// run after it.
pub(crate) fn observe_in_background(context: &Context) {
    let clock = Arc::clone(&context.setup.clock);
    let backoff = Backoff::since(clock.now(), clock);
    context.start_job(JobKey::Alerts, backoff, |context| async move {
        if let Err(error) = observe_all(&context).await {
            // Not repeated: the next reading looks again, and what it finds is raised then.
            drop(context.report(&error));
        }
        Attempt::Done
    });
}

async fn observe_all(context: &Context) -> Result<(), Error> {
    let observed = context.store.ledger(|db| inbox::observed(db)).await?;
    let mut has_raised = false;
    for known in context.snapshots().await? {
        // Not the time of the reading: a clock that was set can show the same one twice.
        let Some(basis) = basis(&known).filter(|basis| observed.get(&known.account.id) != Some(basis)) else {
            continue;
        };
        if known.account.archived_at.is_some() || known.is_free() {
            continue;
        }
        match observe(context, &known, basis).await {
            Ok(raised) => has_raised |= raised,
            Err(error) => drop(context.report(&error)),
        }
    }
    if has_raised {
        announce(context).await?;
    }
    Ok(())
}

/// Looks at a reading, and returns whether an alert was raised. State, alerts and the messages about them reach the disk
/// together, so that nothing is raised twice and nothing is lost.
async fn observe(context: &Context, known: &AccountSnapshot, basis: String) -> Result<bool, Error> {
    let outlook = outlook(context, known).await?;
    // Nothing is used while members type their numbers. What was crossed is raised once they authorise again.
    if matches!(situation(known, &outlook), Situation::Manual | Situation::DryManual) {
        return Ok(false);
    }
    let Some(seen) = observation(known, known.lots(), &outlook) else { return Ok(false) };
    let likely = outlook.dates().and_then(|dates| dates.likely);
    let days = likely.map(|day| day.signed_duration_since(beijing_day(known.now)).num_days().max(0));
    // What has run out does not run out soon.
    let days = days.filter(|_| !seen.remaining.is_zero()).and_then(|days| u32::try_from(days).ok());
    let seen = Observation { runs_out_in_days: days, ..seen };
    let seen = without_small_waste(seen);
    let usage = usage_lately(context, known, &outlook).await?;
    let tariff = Arc::clone(&known.tariff);
    let (id, now) = (known.account.id.clone(), known.now);
    let raiser = Raiser::of(context);
    let write = context.store.ledger(move |db| {
        // It may have been removed since.
        if accounts::find(db, &id)?.is_none() {
            return Ok(false);
        }
        let thresholds = Thresholds {
            percent_left: tariff.alerts.percent_left.value.clone(),
            days_before_end: tariff.alerts.days_before_end.value.clone(),
            runs_out_within_days: warn_days(db)?,
        };
        let (mut state, mut alerts) = crossed(inbox::state(db, &id)?, &thresholds, &seen);
        if let Some((day, calls, expected)) = usage {
            alerts.extend(state.observe_usage(day, calls, expected));
        }
        inbox::save_state(db, &id, &basis, &state)?;
        raiser.raise(db, &id, &alerts, now)
    });
    Ok(write.await?)
}

/// The day of the reading, the calls used lately, and those that a day like it hardly ever exceeds; `None` where one of them
/// is not known.
async fn usage_lately(
    context: &Context,
    known: &AccountSnapshot,
    outlook: &Outlook,
) -> Result<Option<(NaiveDate, u64, u64)>, Error> {
    let Some(expected) = outlook.hardly_exceeded() else { return Ok(None) };
    let past = context.past(&known.account.id).await?;
    Ok(past.latest_use().map(|(day, calls)| (day, calls, expected)))
}

/// Leaves out what will expire of lots that end much later, unless it is half of them: nearly every pack for a year ends
/// with some calls left, and nobody wants to hear so on the day of the purchase (`docs/billing-rules.md` §9).
fn without_small_waste(mut seen: Observation) -> Observation {
    for lot in &mut seen.lots {
        let is_half = lot.will_expire.get().saturating_mul(2) >= lot.remaining.get();
        if lot.ends_in_days > WASTE_DAYS && !is_half {
            lot.will_expire = Calls::ZERO;
        }
    }
    seen
}

/// What a reading has crossed, and what was raised with it so far. The first reading of an account is on screen anyway, and
/// says nothing new.
pub(super) fn crossed(
    stored: Option<AlertState>,
    thresholds: &Thresholds,
    seen: &Observation,
) -> (AlertState, Vec<Alert>) {
    let is_first = stored.is_none();
    let mut state = stored.unwrap_or_default();
    let alerts = state.observe(thresholds, seen);
    (state, if is_first { Vec::new() } else { alerts })
}

#[cfg(test)]
mod tests {
    use billing_core::CallsTotal;
    use billing_core::alert::ObservedLot;

    use super::*;

    #[test]
    fn what_will_expire_far_ahead_is_said_when_it_is_half_of_a_lot() {
        let calls = |count| Calls::new(count).unwrap();
        for (ends_in_days, will_expire, expected) in
            [(365, 499, 0), (365, 500, 500), (31, 499, 0), (30, 1, 1), (0, 1_000, 1_000)]
        {
            let lots = vec![ObservedLot {
                lot: "2027-04-08".to_owned(),
                ends_in_days,
                remaining: calls(1_000),
                will_expire: calls(will_expire),
            }];
            let total = CallsTotal::default();
            let seen = Observation { total, remaining: total, lots, runs_out_in_days: None };
            let left = without_small_waste(seen).lots[0].will_expire;
            assert_eq!(left, calls(expected), "{ends_in_days} {will_expire}");
        }
    }
}
