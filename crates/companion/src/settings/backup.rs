//! Copies of the ledger, made in the background.

use billing_core::time::beijing_day;

use crate::context::{Context, JobKey};
use crate::error::Error;
use crate::infra::backoff::Backoff;
use crate::infra::blocking::run_blocking;
use crate::infra::jobs::Attempt;
use crate::store::backups;

/// Copies the ledger in the background once it is known to be sound, unless that was done today.
pub(crate) fn start(context: &Context) {
    let clock = std::sync::Arc::clone(&context.setup.clock);
    let backoff = Backoff::since(clock.now(), clock);
    context.start_job(JobKey::Backup, backoff, |context| async move {
        match back_up(&context).await {
            Ok(()) => Attempt::Done,
            Err(error) => Attempt::Again(Some(error)),
        }
    });
}

/// Copies that know more than the ledger does give way to one that does not: after a removal.
pub(crate) async fn replace(context: &Context) -> Result<(), Error> {
    let paths = context.setup.paths.clone();
    run_blocking(move || backups::remove_all(&paths)).await??;
    back_up(context).await
}

async fn back_up(context: &Context) -> Result<(), Error> {
    let (paths, today) = (context.setup.paths.clone(), beijing_day(context.setup.clock.now()));
    let examined = context.store.examined();
    Ok(run_blocking(move || examined().and_then(|()| backups::of_day(&paths, today))).await??)
}
