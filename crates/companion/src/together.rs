//! Writes that wait for the same disk go to it together.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

/// What is waiting to be written, and whoever waits for it.
type Waiting<T, O> = Vec<(T, oneshot::Sender<O>)>;

/// A queue in front of a commit: one commit at a time, each of all that has gathered during the one before.
#[derive(Debug)]
pub(crate) struct Together<T, O> {
    waiting: Arc<Mutex<Waiting<T, O>>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl<T, O> Default for Together<T, O> {
    fn default() -> Self {
        Self { waiting: Arc::default(), turn: Arc::default() }
    }
}

impl<T: Send + 'static, O: Clone + Send + 'static> Together<T, O> {
    /// Writes `item` with whatever else waits. A caller that goes away does not stop a commit half-way. `None` when the
    /// runtime is going down.
    pub(crate) async fn write<F>(
        &self,
        item: T,
        commit: impl FnOnce(Vec<T>) -> F + Send + 'static,
    ) -> Option<O>
    where
        F: Future<Output = O> + Send,
    {
        let (done, mut outcome) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push((item, done));
        let turn = Arc::clone(&self.turn).lock_owned().await;
        // Whoever had the turn before has taken it along, if there was one.
        if let Ok(outcome) = outcome.try_recv() {
            return Some(outcome);
        }
        let waiting = Arc::clone(&self.waiting);
        tokio::spawn(async move {
            let batch = std::mem::take(&mut *waiting.lock().unwrap_or_else(PoisonError::into_inner));
            let (items, callers): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
            let outcome = commit(items).await;
            for caller in callers {
                // Whoever went away does not want to know.
                let _ = caller.send(outcome.clone());
            }
            drop(turn);
        });
        outcome.await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Together;
    use std::sync::{Arc, Mutex};

    #[tokio::test]
    async fn what_gathers_during_a_commit_goes_with_the_next() {
        let together = Arc::new(Together::<u32, u32>::default());
        let commits: Arc<Mutex<Vec<Vec<u32>>>> = Arc::default();
        let (open, gate) = tokio::sync::watch::channel(false);
        let write = |item: u32| {
            let (together, commits, mut gate) = (Arc::clone(&together), Arc::clone(&commits), gate.clone());
            tokio::spawn(async move {
                let commit = move |items: Vec<u32>| async move {
                    gate.wait_for(|open| *open).await.unwrap();
                    let sum = items.iter().sum();
                    commits.lock().unwrap().push(items);
                    sum
                };
                together.write(item, commit).await.unwrap()
            })
        };
        let first = write(1);
        while !together.waiting.lock().unwrap().is_empty() || together.turn.try_lock().is_ok() {
            tokio::task::yield_now().await;
        }
        let others: Vec<_> = (2..=9).map(write).collect();
        while together.waiting.lock().unwrap().len() < 8 {
            tokio::task::yield_now().await;
        }
        // One that goes away leaves what it wanted to write.
        others[7].abort();
        open.send(true).unwrap();
        assert_eq!(first.await.unwrap(), 1);
        for other in others.into_iter().take(7) {
            assert_eq!(other.await.unwrap(), 44);
        }
        let commits = commits.lock().unwrap();
        assert_eq!(commits.iter().map(Vec::len).collect::<Vec<_>>(), [1, 8]);
    }
}
