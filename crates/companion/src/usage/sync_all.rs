//! All accounts at once: a bounded number at the platform at a time, those that waited longest first.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::api::{Retry, SyncAllView, Tag, UsageSource};
use crate::context::{Context, JobKey};
use crate::error::Error;
use crate::infra::backoff::Backoff;
use crate::infra::jobs::Attempt;
use crate::store::syncs::{self, Sync};
use crate::store::{accounts, connections};
use crate::usage::state::Usage;
use crate::usage::sync::read_usage_quietly;
use crate::usage::sync_run::{Due, SyncRun};

/// Readings at the platform at once. Its answers are waited for, not worked for, and it is no more polite to have more.
pub(super) const AT_ONCE: usize = 8;
/// Accounts in hand at once. Those whose reading waits for the disk leave their permit at the platform to others, and go
/// to the disk together. So many that the platform is never left waiting: with 64, one flush of the ledger took longer
/// than the platform needs for the rest.
const IN_HAND: usize = 512;
/// How often the pages hear of progress.
const TELL_EVERY: Duration = Duration::from_millis(300);

/// Reads the usage of every account again, and resolves when that is done; a second caller joins the first. What
/// fails for one account is stored with it and does not stop the others. A platform that said when it wants to be
/// asked again is not asked before; a sync of that account alone still can, since its limit may have been
/// lifted meanwhile.
pub(crate) async fn sync_all(context: &Context, usage: &Arc<Usage>) -> Result<SyncAllView, Error> {
    let mut progress = begin_sync_all(context, usage).await?.progress.subscribe();
    let done = progress.wait_for(|view| !view.running).await;
    // The sender is in the application itself; it only goes with it.
    Ok(done.map_or_else(|_| SyncAllView::default(), |view| view.clone()))
}

/// How far the sync of all accounts is, or how the last one went.
pub(crate) fn get_sync_all(usage: &Arc<Usage>) -> SyncAllView {
    let run = usage.run.lock().unwrap_or_else(PoisonError::into_inner);
    run.as_ref().map(|run| run.progress.borrow().clone()).unwrap_or_default()
}

/// Stops the sync of all accounts; what was read stays. Without one under way nothing happens.
pub(crate) fn cancel_sync_all(usage: &Arc<Usage>) {
    let run = usage.run.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(run) = run.as_ref() {
        run.cancelled.send_replace(true);
    }
}

/// The sync under way, or a new one.
async fn begin_sync_all(context: &Context, usage: &Arc<Usage>) -> Result<Arc<SyncRun>, Error> {
    let (due, held_back) = due_accounts(context).await?;
    let mut slot = usage.run.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(run) = slot.as_ref().filter(|run| run.progress.borrow().running) {
        return Ok(Arc::clone(run));
    }
    let view = SyncAllView { running: true, total: due.len(), held_back, ..SyncAllView::default() };
    let run = Arc::new(SyncRun {
        progress: watch::Sender::new(view),
        cancelled: watch::Sender::new(false),
        queue: Mutex::new(VecDeque::from(due)),
    });
    *slot = Some(Arc::clone(&run));
    drop(slot);
    let now = context.setup.clock.now();
    let backoff = Backoff::since(now, Arc::clone(&context.setup.clock));
    let usage = Arc::clone(usage);
    context.start_job(JobKey::SyncAll, backoff, move |context| {
        let usage = Arc::clone(&usage);
        async move {
            let run = usage.run.lock().unwrap_or_else(PoisonError::into_inner).clone();
            match run {
                Some(run) => run_sync_all(&context, &usage, &run).await,
                None => Attempt::Done,
            }
        }
    });
    Ok(run)
}

/// Accounts to read, those that waited longest first, and how many are left alone for now.
async fn due_accounts(context: &Context) -> Result<(Vec<Due>, usize), Error> {
    let read = context.store.ledger(|db| Ok((accounts::all(db)?, connections::all(db)?)));
    let (accounts, mut connections) = read.await?;
    let mut synced = context.store.cache(|db| syncs::all(db)).await?;
    let mut due = Vec::new();
    let mut held_back = 0;
    for account in accounts {
        let Some(connection) = connections.remove(&account.id) else { continue };
        let can_be_asked = context.platform(account.environment).is_ok();
        if connection.source == UsageSource::TypedIn || !can_be_asked {
            continue;
        }
        let sync = synced.remove(&account.id);
        if sync.as_ref().is_some_and(|sync| is_held_back(sync, context.now(account.environment))) {
            held_back += 1;
            continue;
        }
        due.push((sync.map(|sync| sync.last_tried), account, connection));
    }
    due.sort_by_key(|(last_tried, ..)| *last_tried);
    Ok((due.into_iter().map(|(_, account, connection)| (account, connection)).collect(), held_back))
}

async fn run_sync_all(context: &Context, usage: &Arc<Usage>, run: &Arc<SyncRun>) -> Attempt {
    if !run.progress.borrow().running {
        return Attempt::Done;
    }
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let mut workers = JoinSet::new();
    for _ in 0..IN_HAND {
        let (context, usage, run) = (context.clone(), Arc::clone(usage), Arc::clone(run));
        let permits = Arc::clone(&permits);
        workers.spawn(async move {
            let next = || run.queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            while let Some((account, connection)) = next() {
                let outcome =
                    read_usage_quietly(&context, &usage, &account, &connection, Some(&permits)).await;
                run.progress.send_modify(|view| {
                    view.done += 1;
                    view.failed += usize::from(outcome.is_err());
                });
            }
        });
    }
    let mut cancelled = run.cancelled.subscribe();
    let mut stop = std::pin::pin!(async move {
        let _ = cancelled.wait_for(|cancelled| *cancelled).await;
    });
    loop {
        tokio::select! {
            ended = workers.join_next() => match ended {
                None => break,
                // One account is at fault; the others go on, and the count stays true.
                Some(Err(stopped)) if stopped.is_panic() => run.progress.send_modify(|view| {
                    view.done += 1;
                    view.failed += 1;
                }),
                Some(_) => {}
            },
            () = &mut stop => {
                workers.shutdown().await;
                break;
            }
            () = context.setup.timer.sleep(TELL_EVERY) => {
                context.changed_everywhere(&[Tag::Usage, Tag::Sync]);
            }
        }
    }
    let was_cancelled = *run.cancelled.borrow();
    run.progress.send_modify(|view| {
        view.running = false;
        view.cancelled = was_cancelled;
    });
    context.changed_everywhere(&[Tag::Usage, Tag::Sync]);
    context.look_again();
    Attempt::Done
}

/// The platform said when it wants to be asked again, and that is not yet.
fn is_held_back(sync: &Sync, now: DateTime<Utc>) -> bool {
    match sync.error.as_ref().map(|error| &error.retry) {
        Some(Retry::Later(at)) => now < at.0,
        _ => false,
    }
}
