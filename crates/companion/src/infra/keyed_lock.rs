//! Locks by key, which go away when nobody holds them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::OwnedMutexGuard;

/// The locks that somebody holds or waits for.
#[derive(Debug, Default)]
pub(crate) struct KeyedLocks(Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>);

impl KeyedLocks {
    /// Waits until nobody else holds `key`, and holds it until the guard is dropped.
    pub(crate) async fn lock(&self, key: &str) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            locks.retain(|_, lock| lock.strong_count() > 0);
            let lock = locks.get(key).and_then(Weak::upgrade).unwrap_or_default();
            locks.insert(key.to_owned(), Arc::downgrade(&lock));
            lock
        };
        lock.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(locks: &KeyedLocks) -> usize {
        let locks = locks.0.lock().unwrap();
        locks.values().filter(|lock| lock.strong_count() > 0).count()
    }

    #[tokio::test]
    async fn one_key_is_held_once_and_other_keys_are_free() {
        let locks = KeyedLocks::default();
        let held = locks.lock("a").await;
        let mut second = Box::pin(locks.lock("a"));
        assert!(futures_poll(&mut second).await.is_none());
        let other = locks.lock("b").await;
        drop(held);
        assert!(futures_poll(&mut second).await.is_some());
        drop(other);
    }

    #[tokio::test]
    async fn a_lock_goes_away_when_nobody_holds_it() {
        let locks = KeyedLocks::default();
        for key in 0..1_000 {
            drop(locks.lock(&key.to_string()).await);
        }
        let held = locks.lock("held").await;
        assert_eq!((count(&locks), locks.0.lock().unwrap().len()), (1, 1));
        drop(held);
        assert_eq!(count(&locks), 0);
    }

    /// The outcome if there is one already.
    async fn futures_poll<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
                std::task::Poll::Ready(output) => Some(output),
                std::task::Poll::Pending => None,
            })
        })
        .await
    }
}
