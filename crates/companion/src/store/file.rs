//! Opens the two files: what is refused, what is replaced.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use crate::paths::Paths;

use super::error::StoreError;
use super::{
    accounts, allocations, answers, backups, channels, connections, guards, history, inbox, member_cards,
    mode_changes, orders, outlooks, price_lists, purchases, readings, reminders, secret_intents, settings,
    sign_ups, syncs,
};

/// Marks our files among SQLite files: "vnm" and which of the two.
const LEDGER_ID: i32 = 0x766e_6d01;
const CACHE_ID: i32 = 0x766e_6d02;

/// Of a copy: a writer waits for no more than these.
const PAGES_AT_ONCE: i32 = 1_000;

/// A database is up to three files: itself, its log, and the index of that.
pub(super) const FILES: [&str; 3] = ["", "-wal", "-shm"];

/// Released migrations never change; a new one goes to the end.
const LEDGER: &[M<'static>] = &[
    M::up(settings::MIGRATION),
    M::up(accounts::MIGRATION),
    M::up(answers::MIGRATION),
    M::up(connections::MIGRATION),
    M::up(purchases::MIGRATION),
    M::up(mode_changes::MIGRATION),
    M::up(allocations::MIGRATION),
    M::up(accounts::MIGRATION_PARTING),
    M::up(price_lists::MIGRATION),
    M::up(history::MIGRATION),
    M::up(orders::MIGRATION),
    M::up(mode_changes::REASONS),
    M::up(reminders::MIGRATION),
    M::up(mode_changes::ORDER),
    M::up(allocations::BATCHES),
    M::up(settings::NO_TITLES),
    M::up(inbox::MIGRATION),
    M::up(channels::MIGRATION),
    M::up(guards::MIGRATION),
    M::up(secret_intents::MIGRATION),
    M::up(accounts::MIGRATION_KIND),
];
const CACHE: &[M<'static>] = &[
    M::up(readings::MIGRATION),
    M::up(syncs::MIGRATION),
    M::up(member_cards::MIGRATION),
    M::up(outlooks::MIGRATION),
    M::up(member_cards::SHOPS),
    M::up(sign_ups::MIGRATION),
    M::up(syncs::FAILURES),
];

/// Before a migration the whole file is examined and copied; otherwise examining it is for [`Examination`].
pub(super) fn open_ledger(paths: &Paths) -> Result<Connection, StoreError> {
    let path = &paths.ledger();
    let head = ledger_head(paths)?;
    if head == Head::ToMigrate {
        examine_pages(path)?;
        backups::before_migration(paths)?;
    }
    let connection = open(path, head, LEDGER_ID, LEDGER)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// Errors: also [`StoreError::Missing`].
fn ledger_head(paths: &Paths) -> Result<Head, StoreError> {
    let path = &paths.ledger();
    let head = examine_head(path, LEDGER_ID, LEDGER)?;
    // The ledger is made first and goes last: where something else is left, it was lost. SQLite would delete the log.
    let is_lost = head == Head::New
        && (has_bytes(&with_suffix(path, "-wal"))
            || has_bytes(&paths.cache())
            || !backups::list(paths)?.is_empty());
    if is_lost { Err(StoreError::Missing) } else { Ok(head) }
}

/// Looks at every page of the ledger, if there is one. Errors: [`StoreError::Damaged`], [`StoreError::Missing`],
/// [`StoreError::Newer`].
pub(super) fn examine_ledger_of(paths: &Paths) -> Result<(), StoreError> {
    match ledger_head(paths)? {
        Head::New => Ok(()),
        Head::ToMigrate | Head::Current => examine_pages(&paths.ledger()),
    }
}

/// Whether a new ledger could be made.
pub(super) fn migrated_from_nothing() -> Result<(), StoreError> {
    in_memory(None, LEDGER).map(drop)
}

/// Opens a copy of a ledger, brought up to this version, in one file without a log. Errors: [`StoreError::Damaged`],
/// [`StoreError::Newer`].
pub(super) fn open_copy(path: &Path) -> Result<Connection, StoreError> {
    let head = examine_ledger(path)?;
    let connection = open(path, head, LEDGER_ID, LEDGER)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "journal_mode", "DELETE")?;
    Ok(connection)
}

/// Looks at a file that should be a ledger. Errors: [`StoreError::Damaged`], also of an empty one; [`StoreError::Newer`].
pub(super) fn examine_ledger(path: &Path) -> Result<Head, StoreError> {
    match examine_head(path, LEDGER_ID, LEDGER)? {
        Head::New => Err(StoreError::Damaged),
        head => Ok(head),
    }
}

/// Opens a ledger that another instance may be writing; one of an older version is migrated in memory. Errors:
/// [`StoreError::Missing`], [`StoreError::Newer`], [`StoreError::Damaged`].
pub(super) fn open_ledger_to_read(path: &Path) -> Result<Connection, StoreError> {
    match examine_head(path, LEDGER_ID, LEDGER)? {
        Head::New => Err(StoreError::Missing),
        Head::ToMigrate => in_memory(Some(path), LEDGER),
        Head::Current => Ok(Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?),
    }
}

/// Copies a cache into memory as it stands; an empty one where it cannot be used.
pub(super) fn open_cache_copy(path: &Path) -> Result<Connection, StoreError> {
    match examine_head(path, CACHE_ID, CACHE) {
        Ok(Head::ToMigrate | Head::Current) => in_memory(Some(path), CACHE),
        Ok(Head::New) | Err(_) => in_memory(None, CACHE),
    }
}

fn in_memory(file: Option<&Path>, migrations: &'static [M<'static>]) -> Result<Connection, StoreError> {
    let mut copy = Connection::open_in_memory()?;
    if let Some(file) = file {
        let file = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Backup::new(&file, &mut copy)?.run_to_completion(PAGES_AT_ONCE, Duration::ZERO, None)?;
    }
    Migrations::from_slice(migrations).to_latest(&mut copy)?;
    Ok(copy)
}

/// Removes the files of a database, as far as they are there.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    FILES.iter().try_for_each(|suffix| remove_file(&with_suffix(path, suffix)))
}

pub(super) fn has_log(path: &Path) -> bool {
    with_suffix(path, "-wal").exists()
}

/// Removes a write-ahead log in which nothing was written, and its index.
pub(super) fn remove_empty_log(path: &Path) -> Result<(), StoreError> {
    let log = with_suffix(path, "-wal");
    if has_bytes(&log) {
        return Ok(());
    }
    remove_file(&with_suffix(path, "-shm"))?;
    remove_file(&log)
}

/// Removes a file, if it is there.
pub(super) fn remove_file(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn has_bytes(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| found.len() > 0)
}

pub(super) fn open_cache(path: &Path) -> Result<Connection, StoreError> {
    let connection = open_or_remake_cache(path)?;
    // A power failure may take the last readings with it, which the next sync brings back; it cannot damage the file.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    Ok(connection)
}

fn open_or_remake_cache(path: &Path) -> Result<Connection, StoreError> {
    let examined = || {
        let head = examine_head(path, CACHE_ID, CACHE)?;
        if head != Head::New {
            examine_pages(path)?;
        }
        Ok(head)
    };
    match examined().and_then(|head| open(path, head, CACHE_ID, CACHE)) {
        Err(StoreError::Damaged | StoreError::Newer) => {
            tracing::warn!("the cache cannot be used and is made again");
            remove(path)?;
            open(path, Head::New, CACHE_ID, CACHE)
        }
        opened => opened,
    }
}

pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// What a file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// There is no file, or it is empty.
    New,
    ToMigrate,
    Current,
}

/// Looks at an existing file without changing a byte of it: reading alone neither migrates nor checkpoints.
fn examine_head(path: &Path, id: i32, migrations: &[M<'_>]) -> Result<Head, StoreError> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_file() && found.len() > 0 => {}
        // Made, but killed before the first page was written: nothing was acknowledged yet.
        Ok(found) if found.is_file() => return Ok(Head::New),
        Ok(_) => return Err(StoreError::Damaged),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Head::New),
        Err(error) => return Err(error.into()),
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let found: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: usize =
        connection.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0))? as usize;
    let tables: u32 = connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    if found != id && (version, tables) != (0, 0) {
        return Err(StoreError::Damaged);
    }
    match version.cmp(&migrations.len()) {
        Ordering::Less => Ok(Head::ToMigrate),
        Ordering::Equal => Ok(Head::Current),
        Ordering::Greater => Err(StoreError::Newer),
    }
}

/// Keeps other people of this computer out; SQLite gives its other files the same permissions.
#[cfg(unix)]
pub(super) fn restrict(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?)
}

/// On Windows the folder's own rules do.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
pub(super) fn restrict(_: &Path) -> Result<(), StoreError> {
    Ok(())
}

/// Reads every page of a file.
pub(super) fn examine_pages(path: &Path) -> Result<(), StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let verdict: String = connection.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(StoreError::Damaged) }
}

/// Whether the pages of the ledger are sound, checked in the background: three years of a thousand accounts take longer
/// to read than a window to open. What is on screen may be read meanwhile; [`Verdict::passed`] holds up writers.
pub(super) struct Examination {
    verdict: Verdict,
    reading: Option<JoinHandle<()>>,
}

impl Examination {
    pub(super) fn begin(path: PathBuf) -> Self {
        let verdict = Verdict { path: path.into(), sound: Arc::default() };
        let examined = verdict.clone();
        let reading = std::thread::spawn(move || {
            if let Err(error) = examined.passed() {
                tracing::error!(%error, "the ledger did not pass its examination");
            }
        });
        Self { verdict, reading: Some(reading) }
    }

    pub(super) fn verdict(&self) -> Verdict {
        self.verdict.clone()
    }
}

impl Drop for Examination {
    /// The file is free when this returns.
    fn drop(&mut self) {
        if let Some(reading) = self.reading.take()
            && reading.join().is_err()
        {
            tracing::error!("the examination of the ledger stopped");
        }
    }
}

/// What an [`Examination`] finds: sound, damaged, or not known yet. Locked while the pages are read, so that a thread
/// that stops leaves nobody waiting.
#[derive(Clone)]
pub(super) struct Verdict {
    path: Arc<Path>,
    sound: Arc<Mutex<Option<bool>>>,
}

impl Verdict {
    /// Keeps the examination from its end, as a slow disk does.
    #[cfg(test)]
    pub(super) fn held_up(&self) -> std::sync::MutexGuard<'_, Option<bool>> {
        let mut sound = self.sound.lock().unwrap_or_else(PoisonError::into_inner);
        *sound = None;
        sound
    }

    /// Not known to be damaged.
    pub(super) fn not_failed(&self) -> Result<(), StoreError> {
        let sound = match self.sound.try_lock() {
            Ok(sound) => *sound,
            Err(TryLockError::Poisoned(stopped)) => *stopped.into_inner(),
            Err(TryLockError::WouldBlock) => None,
        };
        if sound == Some(false) { Err(StoreError::Damaged) } else { Ok(()) }
    }

    /// Known to be sound; waits until that is known, and looks again where the file could not be read. Errors: also why
    /// it could not, which is no verdict.
    pub(super) fn passed(&self) -> Result<(), StoreError> {
        let mut sound = self.sound.lock().unwrap_or_else(PoisonError::into_inner);
        if sound.is_none() {
            *sound = match examine_pages(&self.path) {
                Ok(()) => Some(true),
                Err(StoreError::Damaged) => Some(false),
                Err(error) => return Err(error),
            };
        }
        if *sound == Some(true) { Ok(()) } else { Err(StoreError::Damaged) }
    }
}

/// Writes nothing to a file whose head is current.
fn open(
    path: &Path,
    head: Head,
    id: i32,
    migrations: &'static [M<'static>],
) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(path)?;
    restrict(path)?;
    // What is deleted is overwritten: the name of a removed account is in no file.
    connection.pragma_update(None, "secure_delete", true)?;
    // On macOS a flush reaches the drive only by these; elsewhere they change nothing.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    if head != Head::Current {
        connection.pragma_update(None, "application_id", id)?;
    }
    Migrations::from_slice(migrations).to_latest(&mut connection)?;
    Ok(connection)
}
