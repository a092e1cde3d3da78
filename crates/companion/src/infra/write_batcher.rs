//! Batches writes that wait for the same disk.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// A queue in front of a commit: one commit at a time, each of all that has gathered during the one before.
#[derive(Debug)]
pub(crate) struct WriteBatcher<T, O> {
    queue: Arc<Mutex<Queue<T, O>>>,
}

#[derive(Debug)]
struct Queue<T, O> {
    /// What is to be written, and who waits for it.
    waiting: Vec<(T, oneshot::Sender<O>)>,
    /// Somebody commits, and goes on until nothing waits any more.
    committing: bool,
}

impl<T, O> Default for WriteBatcher<T, O> {
    fn default() -> Self {
        Self { queue: Arc::new(Mutex::new(Queue { waiting: Vec::new(), committing: false })) }
    }
}

impl<T: Send + 'static, O: Clone + Send + 'static> WriteBatcher<T, O> {
    /// Writes `item` with whatever else waits; `commit` may be called for others' items too. A caller that goes away does
    /// not stop a commit half-way. `None` when the runtime is going down, or when a commit panicked.
    pub(crate) async fn write<F>(
        &self,
        item: T,
        commit: impl Fn(Vec<T>) -> F + Send + Sync + 'static,
    ) -> Option<O>
    where
        F: Future<Output = O> + Send,
    {
        let (done, outcome) = oneshot::channel();
        let nobody_commits = {
            let mut queue = locked(&self.queue);
            queue.waiting.push((item, done));
            !std::mem::replace(&mut queue.committing, true)
        };
        if nobody_commits {
            let mut turn = Turn { queue: Arc::clone(&self.queue), over: false };
            tokio::spawn(async move {
                while let Some((items, callers)) = turn.next_batch() {
                    let outcome = commit(items).await;
                    for caller in callers {
                        // A receiver that is gone needs no answer.
                        let _ = caller.send(outcome.clone());
                    }
                }
            });
        }
        outcome.await.ok()
    }
}

/// The right to commit. However it ends, the next caller can have it, and nobody waits for what will not come.
struct Turn<T, O> {
    queue: Arc<Mutex<Queue<T, O>>>,
    over: bool,
}

impl<T, O> Turn<T, O> {
    /// All that waits; when nothing does, the turn is over.
    fn next_batch(&mut self) -> Option<(Vec<T>, Vec<oneshot::Sender<O>>)> {
        let mut queue = locked(&self.queue);
        self.over = queue.waiting.is_empty();
        queue.committing = !self.over;
        queue.committing.then(|| std::mem::take(&mut queue.waiting).into_iter().unzip())
    }
}

impl<T, O> Drop for Turn<T, O> {
    fn drop(&mut self) {
        // It ends in the middle only when a commit panicked, or when the runtime goes down.
        if !self.over {
            let mut queue = locked(&self.queue);
            queue.waiting.clear();
            queue.committing = false;
        }
    }
}

fn locked<Q>(queue: &Mutex<Q>) -> MutexGuard<'_, Q> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{WriteBatcher, locked};
    use std::sync::{Arc, Mutex};

    #[tokio::test]
    async fn what_gathers_during_a_commit_goes_with_the_next() {
        let together = Arc::new(WriteBatcher::<u32, u32>::default());
        let commits: Arc<Mutex<Vec<Vec<u32>>>> = Arc::default();
        let (open, gate) = tokio::sync::watch::channel(false);
        let write = |item: u32| {
            let (together, commits, gate) = (Arc::clone(&together), Arc::clone(&commits), gate.clone());
            tokio::spawn(async move {
                let commit = move |items: Vec<u32>| {
                    let (commits, mut gate) = (Arc::clone(&commits), gate.clone());
                    async move {
                        gate.wait_for(|open| *open).await.unwrap();
                        let sum = items.iter().sum();
                        commits.lock().unwrap().push(items);
                        sum
                    }
                };
                together.write(item, commit).await.unwrap()
            })
        };
        let waiting = || locked(&together.queue).waiting.len();
        let first = write(1);
        while !locked(&together.queue).committing || waiting() > 0 {
            tokio::task::yield_now().await;
        }
        let others: Vec<_> = (2..=9).map(write).collect();
        while waiting() < 8 {
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

    #[tokio::test]
    async fn a_commit_that_panics_holds_up_nobody() {
        let together = WriteBatcher::<bool, ()>::default();
        let commit = |items: Vec<bool>| async move { assert!(items.iter().all(|good| *good), "a bad item") };
        assert_eq!(together.write(false, commit).await, None);
        assert_eq!(together.write(true, commit).await, Some(()));
    }
}
