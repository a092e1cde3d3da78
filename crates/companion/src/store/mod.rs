//! Two SQLite files in the home directory. `rusqlite` is used nowhere else.
//!
//! `ledger.db` holds what was acknowledged: accounts, answers, connections, purchases, orders, changes of mode; and past
//! readings, which nobody could be asked for again. Every commit reaches the disk before it returns (WAL,
//! `synchronous=FULL`). A ledger that is damaged or was written by a newer version is refused and not touched: its head is
//! read when it is opened, its pages before anything is written.
//! Once a day, and before it is migrated, the ledger is copied to `backups/` ([`backups`]), from where it can be restored
//! ([`restore`]).
//! `cache.db` holds the last readings; it can be thrown away, and is when it is damaged.

pub(crate) mod accounts;
pub(crate) mod allocations;
pub(crate) mod answers;
pub(crate) mod backups;
pub(crate) mod channels;
pub(crate) mod connections;
pub(crate) mod guards;
pub(crate) mod history;
pub(crate) mod inbox;
pub(crate) mod member_cards;
pub(crate) mod mode_changes;
pub(crate) mod orders;
pub(crate) mod outlooks;
pub(crate) mod parting;
pub(crate) mod price_lists;
pub(crate) mod purchases;
pub(crate) mod readings;
pub(crate) mod reminders;
pub(crate) mod restore;
pub(crate) mod secret_intents;
pub(crate) mod secret_owners;
pub(crate) mod settings;
pub(crate) mod sign_ups;
pub(crate) mod syncs;

mod columns;
mod error;
mod file;

pub use error::StoreError;
use file::Examination;

/// One transaction on the ledger or the cache; only the tables' own files look inside.
pub(crate) type Db<'a> = rusqlite::Transaction<'a>;

use std::fs::{DirBuilder, File, TryLockError};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use crate::paths::Paths;
use crate::ports::{Disk, SystemDisk};

/// How often and how far apart an instance looks whether the one before it has ended: ten seconds.
const ENDING_LOOKS: u32 = 100;
const ENDING_LOOK: Duration = Duration::from_millis(100);

/// The open home directory. Dropping it frees the directory for another instance.
pub(crate) struct Store {
    ledger: Arc<Mutex<Connection>>,
    cache: Arc<Mutex<Connection>>,
    examination: Examination,
    disk: Arc<dyn Disk>,
    /// `None` where the home is only read: it may belong to another instance.
    _lock: Option<File>,
}

impl Store {
    /// [`Self::open_on`] this computer's disk.
    #[cfg(test)]
    pub(crate) fn open(paths: &Paths) -> Result<Self, StoreError> {
        Self::open_on(paths, Arc::new(SystemDisk))
    }

    /// Opens or makes both files on a disk, and holds the directory against a second instance.
    pub(crate) fn open_on(paths: &Paths, disk: Arc<dyn Disk>) -> Result<Self, StoreError> {
        make_home(paths.home())?;
        let lock = match lock_home(paths) {
            // The instance that ordered a backup to be restored is ending.
            Err(StoreError::AlreadyRunning) if paths.restore_order().exists() => wait_for_home(paths)?,
            lock => lock?,
        };
        restore::finish(paths)?;
        let ledger = file::open_ledger(paths)?;
        let cache = file::open_cache(&paths.cache())?;
        Ok(Self {
            ledger: Arc::new(Mutex::new(ledger)),
            cache: Arc::new(Mutex::new(cache)),
            examination: Examination::begin(paths.ledger()),
            disk,
            _lock: Some(lock),
        })
    }

    /// Opens both files of a home that may be in use, to read: nothing is made, migrated or written. What would be
    /// written to the cache goes to a copy in memory. Errors: also [`StoreError::Missing`].
    pub(crate) fn open_to_read(paths: &Paths) -> Result<Self, StoreError> {
        Ok(Self {
            ledger: Arc::new(Mutex::new(file::open_ledger_to_read(&paths.ledger())?)),
            cache: Arc::new(Mutex::new(file::open_cache_copy(&paths.cache())?)),
            examination: Examination::begin(paths.ledger()),
            disk: Arc::new(SystemDisk),
            _lock: None,
        })
    }

    /// Whether the home is free. Errors: [`StoreError::AlreadyRunning`].
    pub(crate) fn examine_lock(paths: &Paths) -> Result<(), StoreError> {
        if paths.lock().exists() { lock_home(paths).map(drop) } else { Ok(()) }
    }

    /// Whether the ledger is sound, or there never was one. Errors: [`StoreError::Damaged`], [`StoreError::Missing`],
    /// [`StoreError::Newer`].
    pub(crate) fn examine_ledger(paths: &Paths) -> Result<(), StoreError> {
        leaving_no_log(paths, || file::examine_ledger_of(paths))
    }

    /// Whether the ledger can be brought up to this version.
    pub(crate) fn examine_migrations(paths: &Paths) -> Result<(), StoreError> {
        leaving_no_log(paths, || match file::open_ledger_to_read(&paths.ledger()) {
            Err(StoreError::Missing) => file::migrated_from_nothing(),
            opened => opened.map(drop),
        })
    }

    /// Runs `act` in one transaction on the ledger, once its pages are known to be sound; readers do not wait with
    /// it. What it wrote is on disk when this returns. Errors: also [`StoreError::Damaged`].
    pub(crate) async fn write_ledger<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Db<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        in_transaction(Arc::clone(&self.ledger), Arc::clone(&self.disk), self.examined(), act).await
    }

    /// The same for acts that read, and perhaps write: what was written holds up everybody until the pages are known to be
    /// sound, so an act that is there to write is one for [`Self::write_ledger`]. Errors: also
    /// [`StoreError::Damaged`], for writers before the pages are known to be sound, and for all once they are known
    /// not to be.
    pub(crate) async fn ledger<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Db<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let verdict = self.examination.verdict();
        let examined = move |db: &Db<'_>| {
            verdict.not_failed()?;
            let before = db.total_changes();
            let value = act(db)?;
            if db.total_changes() != before {
                verdict.passed()?;
            }
            Ok(value)
        };
        in_transaction(Arc::clone(&self.ledger), Arc::clone(&self.disk), || Ok(()), examined).await
    }

    /// Empties the write-ahead logs of both files, where what was deleted would still stand.
    pub(crate) async fn empty_logs(&self) -> Result<(), StoreError> {
        let (ledger, cache) = (Arc::clone(&self.ledger), Arc::clone(&self.cache));
        let work = tokio::task::spawn_blocking(move || {
            for connection in [ledger, cache] {
                let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                connection.pragma_update_and_check(None, "wal_checkpoint", "TRUNCATE", |_| Ok(()))?;
            }
            Ok(())
        });
        work.await.map_err(|stopped| StoreError::Unexpected(stopped.to_string()))?
    }

    /// Waits until the ledger is known to be sound. Blocks. Errors: [`StoreError::Damaged`].
    pub(crate) fn examined(&self) -> impl FnOnce() -> Result<(), StoreError> + Send + 'static {
        let verdict = self.examination.verdict();
        move || verdict.passed()
    }

    /// Runs `act` in one transaction on the cache.
    pub(crate) async fn cache<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Db<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        in_transaction(Arc::clone(&self.cache), Arc::clone(&self.disk), || Ok(()), act).await
    }
}

/// Holds the home against another instance while the answer lives. Errors: [`StoreError::AlreadyRunning`].
fn lock_home(paths: &Paths) -> Result<File, StoreError> {
    let lock = File::options().create(true).write(true).truncate(false).open(paths.lock())?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StoreError::AlreadyRunning),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// The same, once the other instance has ended; for some seconds.
fn wait_for_home(paths: &Paths) -> Result<File, StoreError> {
    for _ in 0..ENDING_LOOKS {
        std::thread::sleep(ENDING_LOOK);
        match lock_home(paths) {
            Err(StoreError::AlreadyRunning) => {}
            lock => return lock,
        }
    }
    Err(StoreError::AlreadyRunning)
}

/// Makes the home directory, for this person alone; one that is there already stays as it is.
fn make_home(home: &Path) -> Result<(), StoreError> {
    let mut folder = DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    Ok(folder.create(home)?)
}

/// Looks at a ledger. SQLite makes an empty log for who only reads, and leaves it there
/// (<https://sqlite.org/wal.html>, "Read-Only Databases"); it goes where nobody else has the home.
fn leaving_no_log<T>(paths: &Paths, look: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    let has_log = || file::has_log(&paths.ledger());
    let was_there = has_log();
    let found = look();
    if !was_there && has_log() {
        let _lock = lock_home(paths)?;
        file::remove_empty_log(&paths.ledger())?;
    }
    found
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

/// Runs `first`, which may wait, and then `act` with the connection for itself. A blocking thread does the work, so a commit that waits for the disk never holds up the runtime; and a caller
/// that goes away does not stop a commit half-way.
async fn in_transaction<T: Send + 'static>(
    connection: Arc<Mutex<Connection>>,
    disk: Arc<dyn Disk>,
    first: impl FnOnce() -> Result<(), StoreError> + Send + 'static,
    act: impl FnOnce(&Db<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let work = tokio::task::spawn_blocking(move || {
        first()?;
        let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
        // Deferred: a read takes no write lock, and this connection is the file's only one.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
        let before = transaction.total_changes();
        let value = act(&transaction)?;
        let wrote = transaction.total_changes() != before;
        if wrote {
            disk.before_commit()?;
        }
        transaction.commit()?;
        if wrote {
            disk.after_commit()?;
        }
        Ok(value)
    });
    work.await.map_err(|stopped| StoreError::Unexpected(stopped.to_string()))?
}

#[cfg(test)]
mod tests;
