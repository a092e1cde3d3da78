//! Calls that were allocated and do not show in the receiver's figures yet: they count as cover from the moment they are
//! sent, so that nothing is proposed twice.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::api::{AllocationState, ConvertiblePackView, Environment, LotSource, UnderWay, UsageSource};
use crate::context::{Context, JobKey};
use crate::error::Error;
use crate::infra::jobs::Attempt;
use crate::purchasing::arrival::CLOCKS_DIFFER;
use crate::store::allocations::{self, Allocation};
use crate::store::readings::{Lot, UsageFigures};
use crate::store::{accounts, connections};
use crate::usage::state::Usage;
use crate::usage::sync::read_usage;

/// The usage interface shows what arrived some minutes later **A**. What a reading of an hour later does not show is not
/// counted on any more.
const SHOWS_WITHIN: TimeDelta = TimeDelta::hours(1);
/// Who was served a moment ago is not proposed again: the forecast has hardly seen what changed.
pub(super) const JUST_SERVED: TimeDelta = TimeDelta::hours(1);
/// Where nothing is read, what arrived counts for a day.
pub(crate) const COUNTS_FOR: TimeDelta = TimeDelta::days(1);

/// Whether an allocation arrived within the hour: its receiver is hardly meant to be served again.
pub(super) fn is_just_served(allocation: &Allocation, now: DateTime<Utc>) -> bool {
    allocation.state == AllocationState::Done
        && allocation.done_at.is_some_and(|at| now - at.min(now) < JUST_SERVED)
}

/// What one account was allocated that its figures do not show; `None` where there is no such thing. `sent` are its
/// allocations, the oldest first.
pub(crate) fn under_way(
    sent: &[&Allocation],
    figures: Option<&UsageFigures>,
    packs: &[ConvertiblePackView],
    now: DateTime<Utc>,
) -> Option<UnderWay> {
    let waiting = unseen(sent, figures, now);
    let calls = waiting.iter().map(|one| packs.iter().find(|pack| pack.sku == one.sku_id)?.calls);
    (!waiting.is_empty()).then(|| UnderWay {
        allocations: u32::try_from(waiting.len()).unwrap_or(u32::MAX),
        calls: calls.sum(),
    })
}

/// Allocations of which the figures show no lot: one lot is one allocation.
fn unseen<'a>(
    sent: &[&'a Allocation],
    figures: Option<&UsageFigures>,
    now: DateTime<Utc>,
) -> Vec<&'a Allocation> {
    let mut lots: Vec<&Lot> = figures.map(|figures| figures.lots.iter().collect()).unwrap_or_default();
    lots.retain(|lot| matches!(lot.source, LotSource::Allocated | LotSource::Other));
    let read_at = figures.map(|figures| figures.read_at);
    let mut waiting = Vec::new();
    for allocation in sent {
        let asked_at = allocation.asked_at.min(now);
        let lot = lots.iter().position(|lot| lot.effective_at + CLOCKS_DIFFER >= asked_at);
        let counts = match allocation.state {
            AllocationState::Open | AllocationState::Accepted => true,
            AllocationState::Done => allocation.done_at.is_some_and(|at| {
                let at = at.min(now);
                now - at < COUNTS_FOR && read_at.is_none_or(|read_at| read_at < at + SHOWS_WITHIN)
            }),
            AllocationState::Cancelling | AllocationState::Cancelled | AllocationState::Failed => false,
        };
        // A lot of an allocation that is over belongs to it all the same.
        let is_over = !counts && allocation.state != AllocationState::Done;
        match lot {
            Some(index) if !is_over => {
                lots.remove(index);
            }
            _ if counts => waiting.push(*allocation),
            _ => {}
        }
    }
    waiting
}

/// Reads the account that got an allocation again, until its figures show the calls.
pub(super) async fn read_receiver(
    context: &Context,
    usage: &Arc<Usage>,
    allocation: &Allocation,
    environment: Environment,
) -> Result<(), Error> {
    let app_id = allocation.receiver_app_id.clone();
    let read = context.store.ledger(|db| Ok((accounts::all(db)?, connections::all(db)?)));
    let (accounts, connections) = read.await?;
    let is_receiver = |account: &accounts::Account| {
        let connection = connections.get(&account.id);
        account.environment == environment
            && connection.is_some_and(|one| {
                one.app_id.as_deref() == Some(&app_id) && one.source != UsageSource::TypedIn
            })
    };
    for account in accounts.into_iter().filter(is_receiver) {
        let backoff = context.backoff(environment, context.now(environment));
        let (id, app_id, usage) = (account.id.clone(), app_id.clone(), Arc::clone(usage));
        context.start_job(JobKey::AllocatedTo(account.id), backoff, move |context| {
            let (id, app_id, usage) = (id.clone(), app_id.clone(), Arc::clone(&usage));
            async move {
                match read_until_seen(&context, &usage, &id, &app_id).await {
                    Ok(true) => Attempt::Done,
                    Ok(false) => Attempt::Again(None),
                    Err(error) => Attempt::Again(Some(error)),
                }
            }
        });
    }
    Ok(())
}

async fn read_until_seen(
    context: &Context,
    usage: &Arc<Usage>,
    account: &str,
    app_id: &str,
) -> Result<bool, Error> {
    let Ok(account) = context.account(account).await else { return Ok(true) };
    let Some(connection) = context.snapshot(&account.id).await?.connection else { return Ok(true) };
    read_usage(context, usage, &account, &connection).await?;
    let now = context.now(account.environment);
    let figures = context.snapshot(&account.id).await?.figures;
    let sent = context.store.ledger(move |db| allocations::recent(db, now - COUNTS_FOR)).await?;
    let mut sent: Vec<&Allocation> = sent.iter().collect();
    sent.retain(|one| one.receiver_app_id == app_id);
    Ok(unseen(&sent, figures.as_ref(), now).iter().all(|one| one.state != AllocationState::Done))
}

#[cfg(test)]
mod tests {
    use billing_core::time::parse_instant;

    use super::*;
    use crate::api::LotState;

    fn now() -> DateTime<Utc> {
        parse_instant("2026-11-20T10:00:00+08:00").unwrap()
    }

    fn allocation(state: AllocationState, minutes_ago: i64) -> Allocation {
        let at = now() - TimeDelta::minutes(minutes_ago);
        Allocation {
            id: String::new(),
            provider: String::new(),
            order_id: "DD1".to_owned(),
            sku_id: "250".to_owned(),
            receiver_app_id: "wx".to_owned(),
            state,
            attempts: 1,
            asked_at: at,
            cancel_asked_at: None,
            code: None,
            batch: None,
            done_at: (state == AllocationState::Done).then_some(at),
        }
    }

    fn figures(lots: usize, read_minutes_ago: i64) -> UsageFigures {
        let lot = |index| Lot {
            id: format!("{index}"),
            source: LotSource::Allocated,
            state: LotState::InEffect,
            total: 250,
            used: 0,
            effective_at: now() - TimeDelta::minutes(5),
            expires_at: None,
        };
        UsageFigures {
            account: "a".to_owned(),
            read_at: now() - TimeDelta::minutes(read_minutes_ago),
            used: 0,
            total: 0,
            average: None,
            lots: (0..lots).map(lot).collect(),
        }
    }

    #[test]
    fn what_was_sent_counts_until_the_figures_show_it() {
        use AllocationState as S;
        type Row<'a> = (&'a [(S, i64)], Option<(usize, i64)>, Option<(u32, u64)>);
        let packs =
            [ConvertiblePackView { sku: "250".to_owned(), name: None, calls: Some(250), days: Some(90) }];
        // Allocations by state and age in minutes; lots and age of the reading; what is counted.
        let table: [Row<'_>; 10] = [
            (&[], None, None),
            (&[(S::Open, 1)], None, Some((1, 250))),
            (&[(S::Open, 1), (S::Accepted, 1)], Some((0, 0)), Some((2, 500))),
            (&[(S::Accepted, 1), (S::Accepted, 1)], Some((1, 0)), Some((1, 250))),
            (&[(S::Done, 2)], Some((0, 30)), Some((1, 250))),
            (&[(S::Done, 2)], Some((0, 0)), Some((1, 250))),
            (&[(S::Done, 2), (S::Done, 2)], Some((2, 0)), None),
            (&[(S::Done, 90)], Some((0, 0)), None),
            (&[(S::Done, 60 * 25)], None, None),
            (&[(S::Failed, 1), (S::Cancelled, 1), (S::Cancelling, 1)], Some((0, 0)), None),
        ];
        for (index, (sent, read, counted)) in table.into_iter().enumerate() {
            let sent: Vec<_> = sent.iter().map(|(state, ago)| allocation(*state, *ago)).collect();
            let sent: Vec<_> = sent.iter().collect();
            let figures = read.map(|(lots, ago)| figures(lots, ago));
            let found = under_way(&sent, figures.as_ref(), &packs, now());
            let counted = counted.map(|(allocations, calls)| UnderWay { allocations, calls: Some(calls) });
            assert_eq!(found, counted, "row {index}");
        }
        let unknown = under_way(&[&allocation(S::Open, 1)], None, &[], now());
        assert_eq!(unknown, Some(UnderWay { allocations: 1, calls: None }), "unknown is not zero");
    }
}
