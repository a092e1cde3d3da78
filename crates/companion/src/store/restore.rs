//! Restoring a backup, so that an interruption anywhere leaves the ledger before it or the one after, and never loses
//! either.
//!
//! First the backup is examined, copied next to the ledger, brought up to this version and marked as restored; then an
//! order is written. Up to there nothing of the present ledger is touched. The next opening carries the order out, and does
//! so again from the beginning where it was interrupted: the present ledger and its log go to `backups/`, the copy takes
//! their name, the cache goes, and last the order.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{Connection, OpenFlags};

use super::backups::{self, Backup};
use super::error::StoreError;
use super::file::{self, FILES};
use super::settings::{self, Setting};
use super::{accounts, allocations, channels, guards, secret_intents};
use crate::paths::Paths;

/// Has a backup replace the ledger at the next opening. The ledger may be open, missing or damaged. Blocks.
/// Errors: [`StoreError::BackupGone`], [`StoreError::BackupDamaged`], [`StoreError::BackupNewer`], those of the disk; then
/// nothing will be restored.
pub(crate) fn order(paths: &Paths, name: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    order_in_steps(paths, name, now, &mut |_| Ok(()))
}

/// The same where no ledger could be opened. Errors: also [`StoreError::AlreadyRunning`].
pub(crate) fn order_alone(paths: &Paths, name: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let _lock = super::lock_home(paths)?;
    order(paths, name, now)
}

/// Carries out what was ordered, if anything was. The caller holds the home. Errors: those of the disk; what was begun
/// is finished at the next opening.
pub(super) fn finish(paths: &Paths) -> Result<(), StoreError> {
    finish_in_steps(paths, &mut |_| Ok(()))
}

/// What has just been done; a test ends there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Copied,
    Marked,
    Ordered,
    Moved(&'static str),
    Renamed,
    CacheGone,
    Done,
}

type Passed<'a> = &'a mut dyn FnMut(Step) -> Result<(), StoreError>;

fn order_in_steps(
    paths: &Paths,
    name: &str,
    now: DateTime<Utc>,
    passed: Passed<'_>,
) -> Result<(), StoreError> {
    let wanted = backups::list(paths)?.into_iter().find(|backup| backup.name == name);
    let backup = wanted.ok_or(StoreError::BackupGone)?;
    // An order that was not carried out yet is replaced by this one.
    file::remove_file(&paths.restore_order())?;
    sync_folder(paths.home())?;
    let copy = &paths.restored_ledger();
    file::remove(copy)?;
    let made = copy_of(paths, &backup, now, passed);
    if made.is_err() {
        file::remove(copy)?;
    }
    made?;
    write_order(paths, &backups::name_of_replaced(paths, now))?;
    passed(Step::Ordered)
}

/// Makes the copy that is to be the ledger.
fn copy_of(paths: &Paths, backup: &Backup, now: DateTime<Utc>, passed: Passed<'_>) -> Result<(), StoreError> {
    let (from, to) = (paths.backups().join(&backup.name), &paths.restored_ledger());
    let examined = file::examine_ledger(&from).and_then(|_| examine_all(&from));
    examined.map_err(of_backup)?;
    backups::vacuum_into(&from, to).map_err(of_backup)?;
    passed(Step::Copied)?;
    let mut copy = file::open_copy(to).map_err(of_backup)?;
    let marks = copy.transaction()?;
    accounts::stop_leaving(&marks)?;
    allocations::mark_unclear(&marks)?;
    channels::drop_unsent(&marks)?;
    guards::only_dry_runs(&marks)?;
    secret_intents::drop_all(&marks)?;
    let at = now.to_rfc3339_opts(SecondsFormat::Millis, true);
    settings::set(&marks, Setting::RestoredAt, at)?;
    marks.commit()?;
    copy.close().map_err(|(_, error)| error)?;
    examine_all(to)?;
    // Windows flushes only a file that may be written.
    File::options().write(true).open(to)?.sync_all()?;
    sync_folder(paths.home())?;
    passed(Step::Marked)
}

/// What is wrong with a backup is not wrong with the ledger.
fn of_backup(error: StoreError) -> StoreError {
    match error {
        StoreError::Damaged => StoreError::BackupDamaged,
        StoreError::Newer => StoreError::BackupNewer,
        error => error,
    }
}

/// Reads every page, and compares indexes with their tables.
fn examine_all(path: &Path) -> Result<(), StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let verdict: String = connection.query_row("PRAGMA integrity_check(1)", (), |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(StoreError::Damaged) }
}

/// Whole or not at all.
fn write_order(paths: &Paths, replaced: &str) -> Result<(), StoreError> {
    let order = paths.restore_order();
    let unfinished = order.with_extension("new");
    let mut written = File::create(&unfinished)?;
    written.write_all(replaced.as_bytes())?;
    written.sync_all()?;
    drop(written);
    fs::rename(unfinished, order)?;
    sync_folder(paths.home())
}

/// The name under which the present ledger is filed; `None` where nothing was ordered.
fn read_order(paths: &Paths) -> Result<Option<String>, StoreError> {
    match fs::read_to_string(paths.restore_order()) {
        Ok(name) => Ok(backups::is_of_replaced(&name).then_some(name)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn finish_in_steps(paths: &Paths, passed: Passed<'_>) -> Result<(), StoreError> {
    let Some(replaced) = read_order(paths)? else { return give_up(paths) };
    // Where the copy is gone, it is the ledger already.
    if paths.restored_ledger().exists() {
        let folder = backups::make_folder(paths)?;
        if let Err(error) = file_away(paths, &folder.join(&replaced), passed) {
            // As long as the ledger is where it was, an error need not stand in the way of every start.
            if paths.ledger().exists() {
                give_up(paths)?;
            }
            return Err(error);
        }
        // Before the other ledger takes the name.
        sync_folder(&folder)?;
        sync_folder(paths.home())?;
        fs::rename(paths.restored_ledger(), paths.ledger())?;
        sync_folder(paths.home())?;
        passed(Step::Renamed)?;
    }
    // Its figures are those of the other ledger.
    file::remove(&paths.cache())?;
    passed(Step::CacheGone)?;
    file::remove_file(&paths.restore_order())?;
    sync_folder(paths.home())?;
    tracing::info!(replaced, "the ledger was restored from a backup");
    passed(Step::Done)
}

/// Moves the present ledger with its log, as far as they are there; what an interruption moved already is not.
fn file_away(paths: &Paths, to: &Path, passed: Passed<'_>) -> Result<(), StoreError> {
    for suffix in FILES {
        let from = file::with_suffix(&paths.ledger(), suffix);
        match fs::rename(from, file::with_suffix(to, suffix)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => passed(Step::Moved(suffix))?,
        }
    }
    Ok(())
}

/// Removes what an interruption left of a copy that nobody waits for.
fn give_up(paths: &Paths) -> Result<(), StoreError> {
    file::remove_file(&paths.restore_order())?;
    file::remove_file(&paths.restore_order().with_extension("new"))?;
    file::remove(&paths.restored_ledger())
}

/// Makes names in a folder last; Windows does that by itself.
fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
