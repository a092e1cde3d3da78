//! How often each account called each interface, and how often it may: 45009 for the day, 45011 for the minute **W**.
//!
//! Counters live as long as the process: WeChat's own may be off by a percent **W**, and a restart of practice is a day
//! of its own.

use super::error::{Answer, ApiError};
use crate::assumed::{CALLS_A_DAY, CALLS_A_MINUTE, PLAIN_TOKENS_A_DAY};
use billing_core::time::beijing_day;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Calls of one interface by one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    pub(crate) day: u64,
    pub(crate) minute: u64,
}

impl Limits {
    fn usual(path: &str) -> Self {
        match path {
            // The only interface whose limits are written down **W**.
            "/cgi-bin/stable_token" => Self { day: 500_000, minute: 10_000 },
            "/cgi-bin/token" => Self { day: PLAIN_TOKENS_A_DAY, minute: CALLS_A_MINUTE },
            _ => Self { day: CALLS_A_DAY, minute: CALLS_A_MINUTE },
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Spent {
    day: (NaiveDate, u64),
    minute: (i64, u64),
}

#[derive(Debug, Default)]
struct Counters {
    /// Other limits than the usual ones, set by an administrator.
    set: HashMap<&'static str, Limits>,
    spent: HashMap<(String, &'static str), Spent>,
}

/// The counters of all accounts.
#[derive(Debug, Default)]
pub(crate) struct Meter(Mutex<Counters>);

/// What an account has left of an interface today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) limits: Limits,
    pub(crate) used: u64,
}

impl Meter {
    fn counters(&self) -> MutexGuard<'_, Counters> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one call, unless the day or the minute is used up. Days are Beijing days.
    pub(crate) fn count(&self, app_id: &str, path: &'static str, now: DateTime<Utc>) -> Answer<()> {
        let (day, minute) = (beijing_day(now), now.timestamp() / 60);
        let mut counters = self.counters();
        let limits = counters.set.get(path).copied().unwrap_or_else(|| Limits::usual(path));
        let fresh = Spent { day: (day, 0), minute: (minute, 0) };
        let spent = counters.spent.entry((app_id.to_owned(), path)).or_insert(fresh);
        if spent.day.0 != day {
            spent.day = fresh.day;
        }
        if spent.minute.0 != minute {
            spent.minute = fresh.minute;
        }
        if spent.day.1 >= limits.day {
            return Err(ApiError::of(45_009));
        }
        if spent.minute.1 >= limits.minute {
            return Err(ApiError::of(45_011));
        }
        spent.day.1 += 1;
        spent.minute.1 += 1;
        Ok(())
    }

    pub(crate) fn read(&self, app_id: &str, path: &'static str, now: DateTime<Utc>) -> Reading {
        let counters = self.counters();
        let limits = counters.set.get(path).copied().unwrap_or_else(|| Limits::usual(path));
        let spent = counters.spent.get(&(app_id.to_owned(), path));
        let used = spent.filter(|spent| spent.day.0 == beijing_day(now)).map_or(0, |spent| spent.day.1);
        Reading { limits, used }
    }

    /// Clears an account's counters for the day: of one interface, or of all. Minutes pass by themselves.
    pub(crate) fn clear(&self, app_id: &str, only: Option<&str>) {
        for ((account, path), spent) in &mut self.counters().spent {
            if account == app_id && only.is_none_or(|only| only == *path) {
                spent.day.1 = 0;
            }
        }
    }

    /// Sets other limits for an interface, for every account.
    pub(crate) fn set(&self, path: &'static str, limits: Limits) {
        self.counters().set.insert(path, limits);
    }
}
