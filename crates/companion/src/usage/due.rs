//! When an account is to be read next without anybody asking. Pure; the rules stand in `docs/billing-rules.md` §17.

use billing_core::time::{beijing_day, beijing_midnight};
use chrono::{DateTime, Days, TimeDelta, Utc};

use crate::api::{ErrorCode, Retry};
use crate::store::syncs::Sync;

/// Short cover is looked at more often.
const FEW_DAYS: u32 = 3;
const EVERY_WITH_FEW_DAYS: TimeDelta = TimeDelta::minutes(30);
const SOME_DAYS: u32 = 14;
const EVERY_WITH_SOME_DAYS: TimeDelta = TimeDelta::hours(1);
/// A guarded account is read four times on the way to its threshold at the usual pace, since busy hours are busier.
const LOOKS_UNTIL_LOW: i32 = 4;
const EVERY_WITH_GUARD: TimeDelta = TimeDelta::minutes(5);
const LAST_RETRY_WITH_GUARD: TimeDelta = TimeDelta::minutes(30);
/// From midnight on, so that accounts do not come to the platform in one second.
const AFTER_MIDNIGHT: TimeDelta = TimeDelta::minutes(1);
const MIDNIGHT_SPREAD: TimeDelta = TimeDelta::minutes(10);
/// An error that may pass is tried again soon, and then rarer.
const FIRST_RETRY: TimeDelta = TimeDelta::minutes(2);
const LAST_RETRY: TimeDelta = TimeDelta::hours(6);
/// An error that only the shop can mend, or a keyring that asks the person each time.
const FIRST_RETRY_OF_LASTING: TimeDelta = TimeDelta::hours(1);
const LAST_RETRY_OF_LASTING: TimeDelta = TimeDelta::hours(24);
/// Daily limits of a platform end at midnight.
const MAX_ASKED: TimeDelta = TimeDelta::hours(25);

/// What is known of an account when its next reading is planned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan<'a> {
    /// How the last attempt went; `None` before the first.
    pub(crate) sync: Option<&'a Sync>,
    /// Days until the account is forecast to run out.
    pub(crate) cover_days: Option<u32>,
    /// How soon a guarded account may be low; `None` where no guard watches, or that is not known.
    pub(crate) low_in: Option<TimeDelta>,
    /// The interval that the shop chose.
    pub(crate) every: TimeDelta,
    /// Keeps accounts apart: 0 to 99, always the same for an account.
    pub(crate) spread: i32,
    pub(crate) now: DateTime<Utc>,
}

impl Plan<'_> {
    /// When the next reading is due, possibly long ago.
    pub(crate) fn due(&self) -> DateTime<Utc> {
        let Some(sync) = self.sync else { return self.now };
        // The clock was set back: what was planned by it means nothing.
        if sync.last_tried > self.now {
            return self.now;
        }
        match &sync.error {
            None => self.after_success(sync.last_tried),
            Some(error) => self.after_failure(sync, error.code, &error.retry),
        }
    }

    fn after_success(&self, read_at: DateTime<Utc>) -> DateTime<Utc> {
        let every = match self.cover_days {
            Some(days) if days <= FEW_DAYS => self.every.min(EVERY_WITH_FEW_DAYS),
            Some(days) if days <= SOME_DAYS => self.every.min(EVERY_WITH_SOME_DAYS),
            _ => self.every,
        };
        let every = self.low_in.map_or(every, |low| every.min(low / LOOKS_UNTIL_LOW).max(EVERY_WITH_GUARD));
        let regular = read_at + self.spread_over(every);
        // WeChat has no daily figures: a day is the difference of two readings at midnight.
        let tomorrow = beijing_day(read_at).checked_add_days(Days::new(1)).and_then(beijing_midnight);
        let midnight = tomorrow.map(|at| at + AFTER_MIDNIGHT + MIDNIGHT_SPREAD * self.spread / 100);
        midnight.map_or(regular, |midnight| midnight.min(regular))
    }

    fn after_failure(&self, sync: &Sync, code: ErrorCode, retry: &Retry) -> DateTime<Utc> {
        let is_lasting = *retry == Retry::Never || code.is_of_keyring();
        let (first, last) = if is_lasting {
            (FIRST_RETRY_OF_LASTING, LAST_RETRY_OF_LASTING)
        } else {
            (FIRST_RETRY, LAST_RETRY)
        };
        let last = if self.low_in.is_some() && !is_lasting { LAST_RETRY_WITH_GUARD } else { last };
        let doubled = sync.failures.saturating_sub(1).min(16);
        let delay = self.spread_over((first * 2_i32.pow(doubled)).min(last));
        let regular = sync.last_tried + delay;
        match retry {
            Retry::Later(at) => at.0.min(sync.last_tried + MAX_ASKED).max(regular),
            Retry::Now | Retry::Never => regular,
        }
    }

    /// Nine to eleven tenths of an interval.
    fn spread_over(&self, interval: TimeDelta) -> TimeDelta {
        interval * 9 / 10 + interval * self.spread / 500
    }
}

/// A number from 0 to 99 that is always the same for an account.
pub(crate) fn spread_of(account: &str) -> i32 {
    let mixed = account.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    i32::try_from(mixed % 100).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use billing_core::time::parse_instant;

    use super::*;
    use crate::api::{ErrorView, Instant};

    fn at(text: &str) -> DateTime<Utc> {
        parse_instant(&format!("2026-03-{text}+08:00")).unwrap()
    }

    fn sync(last_tried: &str, failed: Option<(ErrorCode, Retry, u32)>) -> Sync {
        let failures = failed.as_ref().map_or(0, |(_, _, failures)| *failures);
        let error = failed.map(|(code, retry, _)| ErrorView {
            code,
            params: BTreeMap::new(),
            retry,
            reference: String::new(),
        });
        Sync { last_tried: at(last_tried), last_ok: None, error, failures }
    }

    fn due(sync: Option<&Sync>, cover_days: Option<u32>) -> DateTime<Utc> {
        let (every, now) = (TimeDelta::hours(3), at("20T12:00:00"));
        Plan { sync, cover_days, low_in: None, every, spread: 50, now }.due()
    }

    #[test]
    fn the_interval_is_the_shops_and_shorter_when_cover_is_short() {
        let read = sync("20T11:00:00", None);
        for (cover, expected) in [
            (None, "20T14:00:00"),
            (Some(15), "20T14:00:00"),
            (Some(14), "20T12:00:00"),
            (Some(4), "20T12:00:00"),
            (Some(3), "20T11:30:00"),
            (Some(0), "20T11:30:00"),
        ] {
            assert_eq!(due(Some(&read), cover), at(expected), "{cover:?}");
        }
        assert_eq!(due(None, None), at("20T12:00:00"), "never read");
    }

    #[test]
    fn a_guarded_account_is_read_more_often_the_nearer_it_is_to_its_threshold() {
        let read = sync("20T11:00:00", None);
        let failed = sync("20T06:00:00", Some((ErrorCode::Unreachable, Retry::Now, 590)));
        for (sync, minutes, expected) in [
            (&read, 100_000, "20T14:00:00"),
            (&read, 240, "20T12:00:00"),
            (&read, 40, "20T11:10:00"),
            (&read, 0, "20T11:05:00"),
            (&failed, 240, "20T06:30:00"),
        ] {
            let (every, now) = (TimeDelta::hours(3), at("20T12:00:00"));
            let low_in = Some(TimeDelta::minutes(minutes));
            let plan = Plan { sync: Some(sync), cover_days: None, low_in, every, spread: 50, now };
            assert_eq!(plan.due(), at(expected), "{minutes}");
        }
    }

    #[test]
    fn every_day_has_a_reading_shortly_after_midnight() {
        let late = sync("19T22:30:00", None);
        assert_eq!(due(Some(&late), None), at("20T00:06:00"));
        let after = sync("20T00:06:00", None);
        assert_eq!(due(Some(&after), None), at("20T03:06:00"));
    }

    #[test]
    fn an_error_says_how_long_until_the_next_try() {
        let after =
            |code, retry, failures| due(Some(&sync("19T10:00:00", Some((code, retry, failures)))), Some(1));
        let later = |text| Retry::Later(Instant(at(text)));
        let (passing, lasting) = (ErrorCode::Unreachable, ErrorCode::AppSecretWrong);
        for (code, retry, failures, expected) in [
            (passing, Retry::Now, 1, "19T10:02:00"),
            (passing, Retry::Now, 4, "19T10:16:00"),
            (passing, Retry::Now, 590, "19T16:00:00"),
            (lasting, Retry::Never, 1, "19T11:00:00"),
            (lasting, Retry::Never, 170, "20T10:00:00"),
            (ErrorCode::KeyringLocked, Retry::Now, 1, "19T11:00:00"),
            (ErrorCode::RateDay, later("20T00:00:00"), 1, "20T00:00:00"),
            (ErrorCode::RateDay, later("29T00:00:00"), 1, "20T11:00:00"),
            (ErrorCode::RateMinute, later("19T10:00:01"), 1, "19T10:02:00"),
        ] {
            assert_eq!(after(code, retry, failures), at(expected), "{code:?} {failures}");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_makes_a_reading_due() {
        assert_eq!(due(Some(&sync("21T10:00:00", None)), None), at("20T12:00:00"));
    }

    #[test]
    fn accounts_are_spread() {
        let spreads: std::collections::BTreeSet<i32> =
            (0..1_000).map(|number| spread_of(&format!("account-{number}"))).collect();
        assert!(spreads.len() > 90 && spreads.iter().all(|spread| (0..100).contains(spread)));
    }
}
