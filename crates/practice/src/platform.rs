//! What every request works on: the store, practice time, the fault switches and the counters.

use crate::clock::{PracticeClock, TooFarAhead};
use crate::faults::Faults;
use crate::ids;
use crate::store::billing::Accounts;
use crate::store::{Store, StoreError, Stored, set_number};
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use std::sync::{Arc, Mutex, PoisonError};

/// Name of the stored offset of practice time.
pub(crate) const CLOCK_OFFSET: &str = "clock_offset_seconds";

pub(crate) struct Platform {
    /// Gone once the platform has stopped, so that connections that linger cannot hold the file.
    store: Arc<Mutex<Option<Store>>>,
    pub(crate) clock: PracticeClock,
    pub(crate) faults: Faults,
    pub(crate) port: u16,
    admin_token_hash: String,
    /// Calls of `/cgi-bin/stable_token` in this minute and on this day, for its limits.
    pub(crate) token_rate: crate::api::token::Rate,
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform").field("port", &self.port).finish_non_exhaustive()
    }
}

/// Why practice time was not moved.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotMoved {
    #[error(transparent)]
    TooFar(#[from] TooFarAhead),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Platform {
    pub(crate) fn new(store: Store, clock: PracticeClock, port: u16, admin_token: &str) -> Self {
        Self {
            store: Arc::new(Mutex::new(Some(store))),
            clock,
            faults: Faults::default(),
            port,
            admin_token_hash: ids::digest_hex(admin_token),
            token_rate: crate::api::token::Rate::default(),
        }
    }

    pub(crate) fn is_admin(&self, token: &str) -> bool {
        ids::matches(token, &self.admin_token_hash)
    }

    /// Reads, at one instant of practice time.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection, &Accounts, DateTime<Utc>) -> Stored<T> + Send + 'static,
    ) -> Stored<T> {
        self.locked(move |store, now| store.read(|connection, accounts| read(connection, accounts, now)))
            .await
    }

    /// Writes, at one instant of practice time. What was written is on the disk when this returns.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Connection, &mut Accounts, DateTime<Utc>) -> Stored<T> + Send + 'static,
    ) -> Stored<T> {
        self.locked(move |store, now| store.write(|connection, accounts| write(connection, accounts, now)))
            .await
    }

    async fn locked<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store, DateTime<Utc>) -> Stored<T> + Send + 'static,
    ) -> Stored<T> {
        let store = Arc::clone(&self.store);
        let clock = self.clock.clone();
        let done = tokio::task::spawn_blocking(move || {
            let mut store = store.lock().unwrap_or_else(PoisonError::into_inner);
            // Read under the lock, so that events are in the order of their times.
            let now = clock.now();
            store.as_mut().ok_or(StoreError::Stopped).and_then(|store| work(store, now))
        });
        done.await.unwrap_or(Err(StoreError::Stopped)).inspect_err(|error| tracing::error!(%error, "store"))
    }

    /// Closes the database. What is being written is finished first.
    pub(crate) fn close(&self) {
        *self.store.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Moves practice time forward. The new offset is stored before it is shown.
    pub(crate) async fn advance(&self, step: std::time::Duration) -> Result<DateTime<Utc>, NotMoved> {
        let clock = self.clock.clone();
        let moved = self
            .write(move |connection, _, _| match clock.offset_after(step) {
                Ok(offset) => set_number(connection, CLOCK_OFFSET, offset).map(|()| Ok(offset)),
                Err(too_far) => Ok(Err(too_far)),
            })
            .await??;
        self.clock.set_offset(moved);
        Ok(self.clock.now())
    }
}
