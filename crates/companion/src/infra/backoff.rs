//! Delays between the attempts of background work: short at first, rarer by the hour, and with an end.

use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use chrono::{DateTime, TimeDelta, Utc};

use crate::api::Retry;
use crate::error::Error;
use crate::ports::Clock;

/// Paying or switching takes a minute.
pub(super) const FIRST: Duration = Duration::from_secs(3);
const MAX_DELAY: Duration = Duration::from_mins(1);
/// The pause after an error that only the shop can mend: a keyring that stays locked asks the person each time, and a
/// platform that refuses goes on refusing.
const PAUSE: Duration = Duration::from_mins(10);
/// Longest delay a platform can ask for: its daily limits end at midnight.
const MAX_ASKED: Duration = Duration::from_hours(25);
/// A company's transfer takes days: after the first hour once an hour is enough, after the first day once a day.
const MINUTELY_FOR: Duration = Duration::from_hours(1);
const HOURLY_FOR: Duration = Duration::from_hours(24);
/// After two weeks nobody is expected to pay any more. Only a start of the application, or the shop, asks again.
pub(crate) const GIVEN_UP_AFTER: Duration = Duration::from_hours(14 * 24);

/// The delays of one job.
#[derive(Debug)]
pub(crate) struct Backoff {
    growing: ExponentialBackoff,
    clock: Arc<dyn Clock>,
    /// How long the work has been wanted. Counted on from the start of the job in waits, not by the clock, which in
    /// practice jumps.
    age: Duration,
    first: Option<Duration>,
    ends_after: Duration,
}

impl Backoff {
    /// Delays for work that is wanted since `since`, on the clock of its environment.
    pub(crate) fn since(since: DateTime<Utc>, clock: Arc<dyn Clock>) -> Self {
        let growing = ExponentialBuilder::new()
            .with_jitter()
            .with_factor(1.5)
            .with_min_delay(FIRST)
            .with_max_delay(MAX_DELAY)
            .without_max_times();
        // A clock that was set back makes nothing younger than new.
        let age = clock.now().signed_duration_since(since).to_std().unwrap_or_default();
        Self { growing: growing.build(), clock, age, first: None, ends_after: GIVEN_UP_AFTER }
    }

    /// The same with a short delay before the first attempt.
    pub(crate) fn after_a_moment(self) -> Self {
        Self { first: Some(FIRST), ..self }
    }

    /// The same after an attempt that failed with `error` and was not the job's own.
    pub(crate) fn after_error(mut self, error: &Error) -> Self {
        self.first = Some(self.delay(Some(error)).unwrap_or_default());
        self
    }

    /// The same with a last attempt at this age.
    pub(crate) fn ending_after(self, age: TimeDelta) -> Self {
        Self { ends_after: age.to_std().unwrap_or_default(), ..self }
    }

    /// Returns the delay before the first attempt, if there is one.
    pub(super) fn first_delay(&self) -> Option<Duration> {
        self.first
    }

    /// Returns the delay before the next attempt, after one that failed with `error` or found nothing yet; `None` when
    /// there is to be no further attempt.
    pub(super) fn delay(&mut self, error: Option<&Error>) -> Option<Duration> {
        let left = self.ends_after.checked_sub(self.age).filter(|left| !left.is_zero())?;
        let growing = self.growing.next().unwrap_or(MAX_DELAY);
        let regular = if self.age < MINUTELY_FOR {
            growing
        } else if self.age < HOURLY_FOR {
            Duration::from_hours(1)
        } else {
            Duration::from_hours(24)
        };
        let delay = error.map_or(regular, |error| self.after(error, regular)).min(left);
        self.age = self.age.saturating_add(delay);
        Some(delay)
    }

    fn after(&self, error: &Error, regular: Duration) -> Duration {
        match error.retry() {
            _ if error.is_of_keyring() => regular.max(PAUSE),
            Retry::Never => regular.max(PAUSE),
            Retry::Now => regular,
            Retry::Later(at) => {
                let left = at.0.signed_duration_since(self.clock.now()).to_std().unwrap_or_default();
                left.clamp(regular, MAX_ASKED.max(regular))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::ClientError;
    use crate::secrets::SecretError;
    use billing_core::time::parse_instant;

    #[derive(Debug)]
    struct Fixed(DateTime<Utc>);

    impl Clock for Fixed {
        fn now(&self) -> DateTime<Utc> {
            self.0
        }
    }

    fn now() -> DateTime<Utc> {
        parse_instant("2023-08-28T23:00:00+08:00").unwrap()
    }

    fn backoff(age: TimeDelta) -> Backoff {
        Backoff::since(now() - age, Arc::new(Fixed(now())))
    }

    #[test]
    fn delays_grow_to_a_minute_an_hour_a_day_and_come_to_an_end() {
        let mut backoff = backoff(TimeDelta::zero());
        let delays: Vec<_> = std::iter::from_fn(|| backoff.delay(None)).collect();
        assert!(delays[0] >= FIRST && delays[0] < FIRST * 2, "{:?}", delays[0]);
        let between =
            |from: Duration, to: Duration| delays.iter().filter(|delay| (from..to).contains(*delay)).count();
        let (hour, day) = (Duration::from_hours(1), Duration::from_hours(24));
        assert!((30..=70).contains(&between(Duration::ZERO, hour)), "{}", between(Duration::ZERO, hour));
        assert!((22..=25).contains(&between(hour, day)));
        assert!((11..=13).contains(&between(day, day * 2)));
        // The last attempt is at the end itself, so its delay may be shorter.
        let all_but_last = delays.split_last().unwrap().1;
        assert!(all_but_last.is_sorted_by(|one, next| *one <= *next + MAX_DELAY), "no way back to often");
        assert_eq!(delays.iter().sum::<Duration>(), GIVEN_UP_AFTER);
    }

    #[test]
    fn work_that_is_old_at_the_start_is_not_asked_about_as_if_it_were_new() {
        let delay = |age| backoff(age).delay(None);
        assert_eq!(delay(TimeDelta::hours(2)), Some(Duration::from_hours(1)));
        assert_eq!(delay(TimeDelta::days(3)), Some(Duration::from_hours(24)));
        assert_eq!(delay(TimeDelta::days(14)), None);
        assert!(delay(-TimeDelta::days(400)).unwrap() < FIRST * 2, "the clock was set back");
    }

    #[test]
    fn an_error_says_how_long() {
        let host = || "h".to_owned();
        let passing = Error::client(ClientError::Unreachable { host: host(), sent: false }, now());
        let lasting = Error::client(ClientError::TlsFailed { host: host() }, now());
        let limited = |wait| {
            let retry_after = Some(Duration::from_secs(wait));
            Error::client(ClientError::HttpStatus { host: host(), status: 429, retry_after }, now())
        };
        let delay = |error: &Error| backoff(TimeDelta::zero()).delay(Some(error)).unwrap();
        assert!(delay(&passing) < FIRST * 2);
        assert_eq!(delay(&lasting), PAUSE);
        assert_eq!(delay(&Error::from(SecretError::Locked)), PAUSE);
        assert_eq!(delay(&limited(3_600)), Duration::from_hours(1));
        assert!(delay(&limited(1)) >= FIRST);
        let mut before = Backoff::since(now(), Arc::new(Fixed(now() - TimeDelta::hours(25))));
        assert_eq!(before.delay(Some(&limited(86_400))), Some(MAX_ASKED));
    }
}
