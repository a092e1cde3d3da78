//! Copies of the ledger: made in the background, listed, and restored. Listing and restoring work on the files, since the
//! ledger may be what cannot be opened.

use billing_core::time::beijing_day;

use crate::api::{BackupView, Instant, Tag};
use crate::context::{Context, JobKey};
use crate::error::Error;
use crate::infra::backoff::Backoff;
use crate::infra::blocking::run_blocking;
use crate::infra::jobs::Attempt;
use crate::paths::Paths;
use crate::ports::{Clock as _, SystemClock};
use crate::store::backups::{self, Backup};
use crate::store::restore;

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

/// What can be restored, newest first.
pub(crate) async fn get_backups(paths: Paths) -> Result<Vec<BackupView>, Error> {
    let found = run_blocking(move || backups::list(&paths)).await??;
    let view = |one: Backup| BackupView {
        name: one.name,
        kind: one.kind,
        made_at: Instant(one.made_at),
        bytes: one.bytes,
    };
    Ok(found.into_iter().map(view).collect())
}

/// Has a backup replace the ledger when the application starts again; `running`: this process has the ledger open.
/// Errors: `backup_gone`, `backup_damaged`, `backup_newer`, `already_running`, `disk_…`; then nothing is replaced.
pub(crate) async fn order_restore(paths: Paths, name: String, running: bool) -> Result<(), Error> {
    let order = if running { restore::order } else { restore::order_alone };
    Ok(run_blocking(move || order(&paths, &name, SystemClock.now())).await??)
}

async fn back_up(context: &Context) -> Result<(), Error> {
    let (paths, today) = (context.setup.paths.clone(), beijing_day(context.setup.clock.now()));
    let examined = context.store.examined();
    let made = run_blocking(move || examined().and_then(|()| backups::of_day(&paths, today))).await??;
    if made {
        context.changed_everywhere(&[Tag::Backups]);
    }
    Ok(())
}
