//! What every request works on: the store, practice time, the fault switches and the counters.

use crate::agenda;
use crate::api::meter::Meter;
use crate::clock::{PracticeClock, TooFarAhead};
use crate::console::password::Hashing;
use crate::faults::Faults;
use crate::ids;
use crate::page_key::PageKey;
use crate::store::Store;
use crate::store::billing::Accounts;
use crate::store::error::{StoreError, Stored, invalid_row};
use crate::store::numbers::set_number;
use crate::variants::Variants;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// Name of the stored offset of practice time.
pub(crate) const CLOCK_OFFSET: &str = "clock_offset_seconds";

pub(crate) struct Platform {
    /// Gone once the platform has stopped, so that connections that linger cannot hold the file.
    store: Arc<Mutex<Option<Store>>>,
    pub(crate) clock: PracticeClock,
    pub(crate) faults: Arc<Faults>,
    pub(crate) port: u16,
    admin_token_hash: String,
    /// What a page has to be asked with; none where anybody may.
    pub(crate) page_key: Option<PageKey>,
    /// Whether customers come to any shop by themselves.
    has_traffic: AtomicBool,
    pub(crate) meter: Meter,
    pub(crate) variants: Variants,
    pub(crate) hashing: Hashing,
    /// Rung when events wait to be pushed, or practice time was moved.
    pub(crate) news: Arc<Notify>,
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
    pub(crate) fn new(
        store: Store,
        clock: PracticeClock,
        port: u16,
        admin_token: &str,
        faults: Faults,
        has_traffic: bool,
        page_key: Option<PageKey>,
    ) -> Self {
        Self {
            store: Arc::new(Mutex::new(Some(store))),
            clock,
            faults: Arc::new(faults),
            port,
            admin_token_hash: ids::digest_hex(admin_token),
            page_key,
            has_traffic: AtomicBool::new(has_traffic),
            meter: Meter::default(),
            variants: Variants::default(),
            hashing: Hashing::default(),
            news: Arc::default(),
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
        self.locked(move |store, now| {
            store.write(|connection, accounts| {
                let answer = write(connection, accounts, now)?;
                agenda::after_write(connection, accounts)?;
                Ok(answer)
            })
        })
        .await
    }

    async fn locked<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store, DateTime<Utc>) -> Stored<T> + Send + 'static,
    ) -> Stored<T> {
        let store = Arc::clone(&self.store);
        let (clock, news) = (self.clock.clone(), Arc::clone(&self.news));
        let done = tokio::task::spawn_blocking(move || {
            let mut store = store.lock().unwrap_or_else(PoisonError::into_inner);
            // Read under the lock, so that events are in the order of their times.
            let now = clock.now();
            let store = store.as_mut().ok_or(StoreError::Stopped)?;
            if store.is_due(now)? {
                store.write(|connection, accounts| agenda::carry_out(connection, accounts, now))?;
            }
            let done = work(store, now);
            if store.take_announced() {
                news.notify_one();
            }
            done
        });
        done.await.unwrap_or(Err(StoreError::Stopped)).inspect_err(|error| tracing::error!(%error, "store"))
    }

    /// Closes the database. What is being written is finished first.
    pub(crate) fn close(&self) {
        *self.store.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Moves practice time forward, in one transaction with what happens meanwhile. The new offset is stored before it is
    /// shown.
    pub(crate) async fn pass(
        &self,
        step: Duration,
        meanwhile: impl FnOnce(&Connection, &mut Accounts, DateTime<Utc>) -> Stored<()> + Send + 'static,
    ) -> Result<(), NotMoved> {
        let clock = self.clock.clone();
        self.locked(move |store, now| {
            let offset = match clock.offset_after(step) {
                Ok(offset) => offset,
                Err(too_far) => return Ok(Err(NotMoved::TooFar(too_far))),
            };
            store.write(|connection, accounts| {
                meanwhile(connection, accounts, now + TimeDelta::from_std(step).map_err(invalid_row)?)?;
                agenda::after_write(connection, accounts)?;
                set_number(connection, CLOCK_OFFSET, offset)
            })?;
            // Still under the lock: no event may be recorded at an instant that is over.
            clock.set_offset(offset);
            Ok(Ok(()))
        })
        .await?
    }

    /// Whether customers come to any shop by themselves.
    pub(crate) fn has_traffic(&self) -> bool {
        self.has_traffic.load(Ordering::Acquire)
    }

    pub(crate) fn set_has_traffic(&self, any: bool) {
        self.has_traffic.store(any, Ordering::Release);
    }
}
