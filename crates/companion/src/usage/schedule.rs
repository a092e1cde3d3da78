//! Reads accounts by itself while the application runs. Reading only: what changes something at a platform is a
//! person's to ask for. Typed-in figures are left alone.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use billing_core::time::beijing_day;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Semaphore;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;

use crate::alerts::inbox::is_quiet;
use crate::api::{Changed, Tag, UsageSource};
use crate::channels::delivery::send_in_background;
use crate::context::{Context, JobKey};
use crate::error::Error;
use crate::guard::pace::low_soon;
use crate::infra::backoff::Backoff;
use crate::store::outlooks::{self, StoredOutlook};
use crate::store::settings::read_every;
use crate::store::{accounts, connections, syncs};
use crate::usage::due::{Plan, spread_of};
use crate::usage::state::Usage;
use crate::usage::sync::read_usage_quietly;
use crate::usage::sync_all::AT_ONCE;
use crate::usage::sync_run::Due;

/// The page that a start shows comes first.
const AFTER_START: std::time::Duration = std::time::Duration::from_secs(10);
/// How often is looked what is due. A clock that jumped, or a computer that slept, is noticed as late.
const TICK: std::time::Duration = std::time::Duration::from_mins(1);
/// After a night asleep all accounts are due at once; they come to the platform over some minutes.
const MAX_IN_A_ROUND: usize = 64;

/// Reads what is due from now on, until the application ends.
pub(crate) fn start(context: &Context, usage: &Arc<Usage>) {
    let usage = Arc::clone(usage);
    // Readings of an earlier run that were not looked at yet.
    context.look_again();
    let clock = Arc::clone(&context.setup.clock);
    let backoff = Backoff::since(clock.now(), clock);
    context.start_job(JobKey::Schedule, backoff, move |context| {
        let usage = Arc::clone(&usage);
        async move {
            let mut was_quiet = true;
            context.setup.timer.sleep(AFTER_START).await;
            loop {
                if let Err(error) = read_what_is_due(&context, &usage).await {
                    // Reported; the next round finds out whether it has passed.
                    drop(context.report(&error));
                }
                // What was held back in quiet hours is to be shown once they are over.
                let is_quiet = is_quiet(&context).await.unwrap_or(was_quiet);
                if was_quiet && !is_quiet {
                    context.changed_everywhere(&[Tag::Inbox]);
                    if let Err(error) = send_in_background(&context).await {
                        drop(context.report(&error));
                    }
                }
                was_quiet = is_quiet;
                context.setup.timer.sleep(TICK).await;
            }
        }
    });
}

async fn read_what_is_due(context: &Context, usage: &Arc<Usage>) -> Result<(), Error> {
    let mut changes = context.subscribe();
    let due = due_accounts(context).await?;
    if due.is_empty() {
        return Ok(());
    }
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let mut readings = JoinSet::new();
    let mut under_way = HashMap::new();
    for (account, connection) in due {
        let (context, usage, permits) = (context.clone(), Arc::clone(usage), Arc::clone(&permits));
        let id = account.id.clone();
        let reading = readings.spawn(async move {
            // What fails is stored with the account, and shown there.
            let _ = read_usage_quietly(&context, &usage, &account, &connection, Some(&permits)).await;
            context.changed(&account.id, &[Tag::Usage]);
        });
        under_way.insert(id, reading);
    }
    loop {
        tokio::select! {
            ended = readings.join_next() => if ended.is_none() { break },
            () = settings_change(&mut changes) => {
                let wanted = wanted(context).await?;
                for (id, reading) in under_way.extract_if(|id, _| !wanted.contains(id)) {
                    reading.abort();
                    context.changed(&id, &[Tag::Usage]);
                }
            }
        }
    }
    context.look_again();
    Ok(())
}

/// Waits until settings or accounts may have changed.
async fn settings_change(changes: &mut Receiver<Changed>) {
    loop {
        match changes.recv().await {
            Ok(heard) if !heard.tags.contains(&Tag::App) => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            // The application ends, and this job with it.
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}

/// The accounts that may be read by themselves.
async fn wanted(context: &Context) -> Result<HashSet<String>, Error> {
    let read = context.store.ledger(|db| match read_every(db)? {
        Some(_) => Ok(accounts::all(db)?.into_iter().map(|account| account.id).collect()),
        None => Ok(HashSet::new()),
    });
    Ok(read.await?)
}

/// The accounts whose reading is due, the most overdue first.
async fn due_accounts(context: &Context) -> Result<Vec<Due>, Error> {
    let read =
        context.store.ledger(|db| Ok((read_every(db)?, accounts::all(db)?, connections::all(db)?))).await?;
    let (Some(hours), accounts, mut connections) = read else { return Ok(Vec::new()) };
    let (synced, outlooks) = context.store.cache(|db| Ok((syncs::all(db)?, outlooks::all(db)?))).await?;
    let low_soon = low_soon(context).await?;
    let mut due = Vec::new();
    for account in accounts {
        let Some(connection) = connections.remove(&account.id) else { continue };
        let can_be_asked = context.platform(account.environment).is_ok();
        if connection.source == UsageSource::TypedIn || !can_be_asked {
            continue;
        }
        let now = context.now(account.environment);
        let plan = Plan {
            sync: synced.get(&account.id),
            cover_days: outlooks.get(&account.id).and_then(|outlook| cover_days(outlook, now)),
            low_in: low_soon.get(&account.id).copied(),
            every: TimeDelta::hours(i64::from(hours)),
            spread: spread_of(&account.id),
            now,
        };
        let at = plan.due();
        if at <= now {
            due.push((at, account, connection));
        }
    }
    due.sort_by_key(|(at, ..)| *at);
    due.truncate(MAX_IN_A_ROUND);
    Ok(due.into_iter().map(|(_, account, connection)| (account, connection)).collect())
}

/// Whole days until an account is likely to run out.
fn cover_days(outlook: &StoredOutlook, now: DateTime<Utc>) -> Option<u32> {
    let day = outlook.found.as_ref()?.likely?;
    let days = day.signed_duration_since(beijing_day(now)).num_days();
    Some(u32::try_from(days).unwrap_or(0))
}
