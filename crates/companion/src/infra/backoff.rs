//! Background work that is repeated until it comes to an end.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use billing_core::time::parse_instant;
use chrono::{DateTime, Utc};

use crate::app::Companion;
use crate::error::Error;
use crate::views::Retry;

/// Soon at first, since paying or switching takes a minute; then rarer, since a transfer takes days.
const FIRST: Duration = Duration::from_secs(3);
const RAREST: Duration = Duration::from_mins(1);
/// What only the shop can mend is left alone for a while: a keyring that stays locked asks the person each time, and a
/// platform that refuses goes on refusing.
const REST: Duration = Duration::from_mins(10);
/// Longest wait a platform can impose: its daily limits end at midnight.
const LONGEST: Duration = Duration::from_hours(25);

/// The waits between tries, with jitter.
#[derive(Debug)]
pub(crate) struct Repeats(ExponentialBackoff);

impl Repeats {
    pub(crate) fn new() -> Self {
        let waits = ExponentialBuilder::new()
            .with_jitter()
            .with_factor(1.5)
            .with_min_delay(FIRST)
            .with_max_delay(RAREST)
            .without_max_times();
        Self(waits.build())
    }

    /// How long to wait before the next try, after one that failed with `error` or only found nothing yet. `now` on the
    /// clock of the account's environment.
    pub(crate) fn wait(&mut self, error: Option<&Error>, now: DateTime<Utc>) -> Duration {
        let wait = self.0.next().unwrap_or(RAREST);
        let Some(error) = error else { return wait };
        match error.retry() {
            _ if error.is_of_keyring() => REST,
            Retry::Never => REST,
            Retry::Now => wait,
            Retry::Later(at) => {
                let left = parse_instant(&at).ok().map(|at| at.signed_duration_since(now));
                left.and_then(|left| left.to_std().ok()).unwrap_or_default().clamp(wait, LONGEST)
            }
        }
    }
}

impl Companion {
    /// Waits before work for an account is tried again.
    pub(crate) async fn wait_to_repeat(&self, repeats: &mut Repeats, account: &str, error: Option<&Error>) {
        // Without the account there is nothing to repeat soon; its own clock matters for its platform's limits only.
        let environment = self.account(account).await.map(|account| account.environment);
        let now = environment.map_or_else(|_| self.shared.setup.clock.now(), |one| self.now(one));
        let wait = repeats.wait(error, now);
        self.shared.setup.timer.sleep(wait).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::ClientError;
    use crate::secrets::SecretError;

    fn now() -> DateTime<Utc> {
        parse_instant("2023-08-28T23:00:00+08:00").unwrap()
    }

    #[test]
    fn waits_grow_to_the_rarest() {
        let mut repeats = Repeats::new();
        let waits: Vec<_> = (0..20).map(|_| repeats.wait(None, now())).collect();
        assert!(waits[0] >= FIRST && waits[0] < FIRST * 2, "{:?}", waits[0]);
        assert!(waits[19] >= RAREST && waits[19] <= RAREST * 2, "{:?}", waits[19]);
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
        let wait = |error: &Error| Repeats::new().wait(Some(error), now());
        assert!(wait(&passing) < FIRST * 2);
        assert_eq!(wait(&lasting), REST);
        assert_eq!(wait(&Error::from(SecretError::Locked)), REST);
        assert_eq!(wait(&limited(3_600)), Duration::from_hours(1));
        assert!(wait(&limited(1)) >= FIRST);
        assert_eq!(Repeats::new().wait(Some(&limited(86_400)), now() - LONGEST), LONGEST);
    }
}
