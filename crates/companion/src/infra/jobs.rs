//! Background work by key: one job a key, repeated with a backoff until it is done, ended at shutdown.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};

use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::backoff::{Backoff, FIRST};
use crate::api::ErrorCode;
use crate::error::Error;
use crate::ports::Timer;

/// What one attempt came to.
#[derive(Debug)]
pub(crate) enum Attempt {
    /// The work is done, or nobody wants it any more.
    Done,
    /// Nothing yet, or an error that may pass.
    Again(Option<Error>),
}

/// Jobs under way, by key.
#[derive(Debug)]
pub(crate) struct Jobs<K> {
    state: Arc<Mutex<State<K>>>,
    /// Hears of every job that ends.
    ended: Arc<Notify>,
    timer: Arc<dyn Timer>,
}

#[derive(Debug)]
struct State<K> {
    running: HashMap<K, Arc<Job>>,
    tasks: JoinSet<()>,
}

#[derive(Debug, Default)]
struct Job {
    /// Somebody asked for the same work while it was under way: an attempt that began before does not count for them.
    asked: AtomicBool,
    wake: Notify,
}

impl<K: Clone + Eq + Hash + Send + Sync + 'static> Jobs<K> {
    pub(crate) fn new(timer: Arc<dyn Timer>) -> Self {
        let state = State { running: HashMap::new(), tasks: JoinSet::new() };
        Self { state: Arc::new(Mutex::new(state)), ended: Arc::default(), timer }
    }

    /// Makes attempts until one says that the work is done, or the backoff ends; `failed` hears of every error and of every
    /// panic, which is `internal`. While a job of the same key runs, that one makes its next attempt soon, and no second job
    /// begins.
    pub(crate) fn start<F, N>(
        &self,
        key: K,
        backoff: Backoff,
        failed: impl Fn(&Error) -> N + Send + Sync + 'static,
        attempt: impl Fn() -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = Attempt> + Send + 'static,
        N: Future<Output = ()> + Send + 'static,
    {
        let mut state = locked(&self.state);
        if let Some(job) = state.running.get(&key) {
            job.asked.store(true, Ordering::Release);
            job.wake.notify_one();
            return;
        }
        let job = Arc::new(Job::default());
        state.running.insert(key.clone(), Arc::clone(&job));
        while state.tasks.try_join_next().is_some() {}
        let (all, timer) = (Arc::clone(&self.state), Arc::clone(&self.timer));
        let ended = Arc::clone(&self.ended);
        state.tasks.spawn(async move {
            let is_over = || {
                let mut state = locked(&all);
                let over = !job.asked.swap(false, Ordering::AcqRel);
                if over {
                    state.running.remove(&key);
                }
                over
            };
            run(&job, timer.as_ref(), backoff, (attempt, failed), is_over).await;
            ended.notify_waiters();
        });
    }

    /// Returns when no job of this key is under way.
    pub(crate) async fn wait_for(&self, key: &K) {
        loop {
            let mut ended = std::pin::pin!(self.ended.notified());
            ended.as_mut().enable();
            if !self.is_running(key) {
                return;
            }
            ended.await;
        }
    }

    /// Whether a job of this key is under way.
    pub(crate) fn is_running(&self, key: &K) -> bool {
        locked(&self.state).running.contains_key(key)
    }

    /// Ends all jobs where they stand.
    pub(crate) fn abort_all(&self) {
        locked(&self.state).tasks.abort_all();
    }

    /// Ends all jobs where they stand, and returns when they have ended.
    pub(crate) async fn shut_down(&self) {
        let mut tasks = std::mem::take(&mut locked(&self.state).tasks);
        tasks.shutdown().await;
    }
}

async fn run<F, N>(
    job: &Job,
    timer: &dyn Timer,
    mut backoff: Backoff,
    (attempt, failed): (impl Fn() -> F, impl Fn(&Error) -> N),
    is_over: impl Fn() -> bool,
) where
    F: Future<Output = Attempt> + Send + 'static,
    N: Future<Output = ()> + Send,
{
    if let Some(delay) = backoff.first_delay() {
        tokio::select! {
            () = timer.sleep(delay) => {}
            () = job.wake.notified() => {}
        }
    }
    loop {
        // Whoever asked before an attempt is served by it.
        job.asked.store(false, Ordering::Release);
        let error = match caught(attempt()).await {
            Attempt::Done => {
                if is_over() {
                    return;
                }
                continue;
            }
            Attempt::Again(error) => error,
        };
        if let Some(error) = &error {
            failed(error).await;
        }
        let Some(delay) = backoff.delay(error.as_ref()) else {
            if is_over() {
                return;
            }
            continue;
        };
        // However often somebody presses, a platform is asked once in a while.
        let soonest = timer.sleep(FIRST.min(delay));
        tokio::select! {
            () = timer.sleep(delay) => {}
            () = job.wake.notified() => soonest.await,
        }
    }
}

/// Runs one attempt in a task of its own: a panic ends the attempt, not the job, and is an error like any other.
async fn caught(attempt: impl Future<Output = Attempt> + Send + 'static) -> Attempt {
    // Dropped with the job, it ends the attempt too.
    let mut task = JoinSet::new();
    task.spawn(attempt);
    match task.join_next().await {
        Some(Ok(outcome)) => outcome,
        Some(Err(stopped)) if stopped.is_panic() => Attempt::Again(Some(Error::refused(ErrorCode::Internal))),
        _ => Attempt::Done,
    }
}

fn locked<S>(state: &Mutex<S>) -> MutexGuard<'_, S> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Logs from now on where a panic happens. Its message is left out: it may quote what somebody typed.
pub fn log_panics() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let location = info.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(%location, "panicked");
            before(info);
        }));
    });
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::atomic::AtomicUsize;

    use chrono::{DateTime, TimeDelta};
    use tokio::sync::watch;

    use super::*;
    use crate::ports::Clock as _;
    use crate::ports::test_time::Time;

    fn jobs() -> (Jobs<&'static str>, Time) {
        let time = Time::at(DateTime::UNIX_EPOCH);
        (Jobs::new(Arc::new(time.clone())), time)
    }

    fn backoff(time: &Time) -> Backoff {
        Backoff::since(time.now(), Arc::new(time.clone()))
    }

    /// Lets everything run that can run without time passing.
    async fn settled() {
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
    }

    /// Attempts that are counted and come to what `outcome` says of their number.
    fn counted<T: Fn(usize) -> Attempt + Clone + Send + Sync + 'static>(
        outcome: T,
    ) -> (Arc<AtomicUsize>, impl Fn() -> Pin<Box<dyn Future<Output = Attempt> + Send>> + Send + Sync) {
        let count = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&count);
        let attempt = move || {
            let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
            let outcome = outcome.clone();
            Box::pin(async move { outcome(number) }) as Pin<Box<dyn Future<Output = Attempt> + Send>>
        };
        (count, attempt)
    }

    #[tokio::test]
    async fn ten_starts_of_one_key_are_one_job() {
        let (jobs, time) = jobs();
        let (count, attempt) = counted(|_| Attempt::Again(None));
        let attempt = Arc::new(attempt);
        for _ in 0..10 {
            let attempt = Arc::clone(&attempt);
            jobs.start("a", backoff(&time), |_| async {}, move || attempt());
        }
        settled().await;
        assert_eq!(count.load(Ordering::SeqCst), 1);
        // The nine others are served by one attempt more, a moment later.
        time.pass(TimeDelta::seconds(3));
        settled().await;
        assert_eq!(count.load(Ordering::SeqCst), 2);
        assert!(jobs.is_running(&"a") && !jobs.is_running(&"b"));
    }

    #[tokio::test]
    async fn a_job_that_is_done_makes_room_for_the_next() {
        let (jobs, time) = jobs();
        let (count, attempt) = counted(|_| Attempt::Done);
        let attempt = Arc::new(attempt);
        for expected in 1..=3 {
            let attempt = Arc::clone(&attempt);
            jobs.start("a", backoff(&time), |_| async {}, move || attempt());
            settled().await;
            assert!(!jobs.is_running(&"a"));
            assert_eq!(count.load(Ordering::SeqCst), expected);
        }
    }

    #[tokio::test]
    async fn a_question_during_the_last_attempt_gets_an_attempt_of_its_own() {
        let (jobs, time) = jobs();
        let (open, gate) = watch::channel(false);
        let count = Arc::new(AtomicUsize::new(0));
        let attempt = {
            let count = Arc::clone(&count);
            move || {
                let (count, mut gate) = (Arc::clone(&count), gate.clone());
                async move {
                    count.fetch_add(1, Ordering::SeqCst);
                    gate.wait_for(|open| *open).await.unwrap();
                    Attempt::Done
                }
            }
        };
        jobs.start("a", backoff(&time), |_| async {}, attempt.clone());
        settled().await;
        jobs.start("a", backoff(&time), |_| async {}, attempt);
        open.send(true).unwrap();
        settled().await;
        assert_eq!((count.load(Ordering::SeqCst), jobs.is_running(&"a")), (2, false));
    }

    #[tokio::test]
    async fn a_panic_ends_an_attempt_and_not_the_job() {
        let (jobs, time) = jobs();
        let (count, attempt) = counted(|number| {
            assert!(number > 1, "the first attempt panics");
            Attempt::Done
        });
        let attempt = Arc::new(attempt);
        // The panic is in the attempt's own task.
        let heard = Arc::new(Mutex::new(Vec::new()));
        let failed = {
            let heard = Arc::clone(&heard);
            move |error: &Error| {
                heard.lock().unwrap().push(error.code());
                async {}
            }
        };
        jobs.start("a", backoff(&time), failed, move || {
            let attempt = Arc::clone(&attempt);
            async move { attempt().await }
        });
        settled().await;
        assert_eq!((count.load(Ordering::SeqCst), jobs.is_running(&"a")), (1, true));
        assert_eq!(*heard.lock().unwrap(), [ErrorCode::Internal]);
        time.pass(TimeDelta::minutes(10));
        settled().await;
        assert_eq!((count.load(Ordering::SeqCst), jobs.is_running(&"a")), (2, false));
    }

    #[tokio::test]
    async fn a_job_ends_with_its_backoff_and_at_shutdown() {
        let (jobs, time) = jobs();
        let (count, attempt) = counted(|_| Attempt::Again(None));
        let attempt = Arc::new(attempt);
        let again = Arc::clone(&attempt);
        let old = Backoff::since(time.now() - TimeDelta::days(15), Arc::new(time.clone()));
        jobs.start("old", old, |_| async {}, move || again());
        settled().await;
        assert_eq!((count.load(Ordering::SeqCst), jobs.is_running(&"old")), (1, false));
        jobs.start("new", backoff(&time), |_| async {}, move || attempt());
        settled().await;
        jobs.shut_down().await;
        time.pass(TimeDelta::days(1));
        settled().await;
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }
}
