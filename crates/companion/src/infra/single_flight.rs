//! The same work for the same account is done once, however many ask for it at the same time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

/// Work under way, by account.
#[derive(Debug)]
pub(crate) struct SingleFlight<T> {
    under_way: Mutex<HashMap<String, Arc<OnceCell<T>>>>,
}

impl<T> Default for SingleFlight<T> {
    fn default() -> Self {
        Self { under_way: Mutex::default() }
    }
}

impl<T: Clone> SingleFlight<T> {
    /// Joins the work under way for `account`, or starts it. When the caller that does the work goes away, the next
    /// one that waits takes it over.
    pub(crate) async fn run<F: Future<Output = T>>(&self, account: &str, work: impl FnOnce() -> F) -> T {
        let cell = {
            let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(under_way.entry(account.to_owned()).or_default())
        };
        let leaving = Leaving { flights: self, account, cell: Arc::clone(&cell) };
        let outcome = cell.get_or_init(work).await.clone();
        drop(leaving);
        outcome
    }

    /// Somebody is at it now.
    pub(crate) fn is_under_way(&self, account: &str) -> bool {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).contains_key(account)
    }
}

/// Takes the flight off the list when it has landed, or when the last one who waited for it has gone.
struct Leaving<'a, T> {
    flights: &'a SingleFlight<T>,
    account: &'a str,
    cell: Arc<OnceCell<T>>,
}

impl<T> Drop for Leaving<'_, T> {
    fn drop(&mut self) {
        let mut under_way = self.flights.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let is_this = under_way.get(self.account).is_some_and(|cell| Arc::ptr_eq(cell, &self.cell));
        // Two references are the list's and this one's own; `run` holds a third while it waits.
        if is_this && (self.cell.initialized() || Arc::strong_count(&self.cell) <= 3) {
            under_way.remove(self.account);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::SingleFlight;

    #[tokio::test]
    async fn many_callers_share_one_flight_and_the_next_starts_another() {
        let flights = SingleFlight::<u32>::default();
        let started = AtomicU32::new(0);
        let work = || async {
            tokio::task::yield_now().await;
            started.fetch_add(1, Ordering::SeqCst) + 1
        };
        let outcomes = tokio::join!(flights.run("a", work), flights.run("a", work), flights.run("b", work));
        assert_eq!((outcomes.0, started.load(Ordering::SeqCst)), (outcomes.1, 2));
        assert!(!flights.is_under_way("a"));
        assert_eq!(flights.run("a", work).await, 3);
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_leaves_nothing_locked() {
        let flights = SingleFlight::<u32>::default();
        let stuck = flights.run("a", std::future::pending);
        assert!(tokio::time::timeout(std::time::Duration::from_millis(5), stuck).await.is_err());
        assert!(!flights.is_under_way("a"));
    }
}
