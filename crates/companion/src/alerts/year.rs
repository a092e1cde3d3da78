//! Simulated years: shops whose quota comes and goes, computers that sleep, clocks that are set, platforms that fail. Each
//! reading comes when the plan says so, and what it raises is compared with a naive model.

use billing_core::alert::Thresholds;
use billing_core::time::{beijing_day, beijing_midnight, parse_instant};
use chrono::{DateTime, TimeDelta, Utc};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};

use super::watch::crossed;
use crate::api::{ErrorCode, ErrorView, Instant, Retry};
use crate::store::inbox::AlertState;
use crate::store::settings::{READ_EVERY, WARN_DAYS};
use crate::store::syncs::Sync;
use crate::usage::due::Plan;

mod naive;
mod shop;

use naive::Naive;
use shop::Shop;

const SEEDS: u64 = 20;
const SHOPS: u64 = 6;
const DAYS: i64 = 365;
const MINUTE: TimeDelta = TimeDelta::minutes(1);
const HOUR: TimeDelta = TimeDelta::hours(1);

/// A time in which a computer reads nothing, or reads in vain.
#[derive(Debug, Clone)]
struct Hindrance {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    kind: Hindered,
}

#[derive(Debug, Clone)]
enum Hindered {
    Asleep,
    Fails(ErrorCode, Retry),
}

/// A computer that looks after one shop.
struct Computer {
    random: Xoshiro256PlusPlus,
    shop: Shop,
    hindrances: Vec<Hindrance>,
    /// How far its clock is off, from when on; sorted.
    offsets: Vec<(DateTime<Utc>, TimeDelta)>,
    every: TimeDelta,
    spread: i32,
    thresholds: Thresholds,
    sync: Option<Sync>,
    /// As it stands in the ledger.
    stored: Option<String>,
    naive: Naive,
    /// True times of the readings that succeeded.
    read: Vec<DateTime<Utc>>,
    raised: usize,
}

fn start() -> DateTime<Utc> {
    parse_instant("2026-03-10T09:00:00+08:00").unwrap()
}

impl Computer {
    fn new(seed: u64, number: u64) -> Self {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed * 1_000 + number);
        let every = READ_EVERY[random.random_range(0..READ_EVERY.len())];
        let warn_days = WARN_DAYS[random.random_range(0..WARN_DAYS.len())];
        Self {
            shop: Shop::new(&mut random, start()),
            hindrances: hindrances(&mut random),
            offsets: offsets(&mut random),
            every: TimeDelta::hours(i64::from(every)),
            spread: random.random_range(0..100),
            thresholds: Thresholds {
                percent_left: vec![20, 10, 5, 0],
                days_before_end: vec![15, 7, 3, 1],
                runs_out_within_days: warn_days,
            },
            sync: None,
            stored: None,
            naive: Naive::default(),
            read: Vec::new(),
            raised: 0,
            random,
        }
    }

    /// What its clock shows.
    fn shows(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        at + self.offsets.iter().rev().find(|(from, _)| *from <= at).map_or(TimeDelta::zero(), |(_, by)| *by)
    }

    fn hindered(&self, at: DateTime<Utc>) -> Option<&Hindrance> {
        self.hindrances.iter().find(|one| one.from <= at && at < one.until)
    }

    /// The next look that finds the reading due: a look a minute, while it is awake.
    fn next_reading(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let now = self.shows(at);
        let cover_days = self.shop.cover_days();
        let plan = Plan {
            sync: self.sync.as_ref(),
            cover_days,
            low_in: None,
            every: self.every,
            spread: self.spread,
            now,
        };
        let due = plan.due();
        let after = at + (due - now).max(TimeDelta::zero());
        // Another clock, another plan.
        let set = self.offsets.iter().map(|(from, _)| *from).find(|from| *from > at);
        let next = match set {
            Some(set) if set < after => return self.next_reading(set),
            _ => after.max(at + MINUTE),
        };
        match self.hindered(next) {
            Some(Hindrance { kind: Hindered::Asleep, until, .. }) => *until + MINUTE,
            _ => next,
        }
    }

    fn live(&mut self) {
        let end = start() + TimeDelta::days(DAYS);
        let mut at = start();
        while at < end {
            self.try_to_read(at);
            at = self.next_reading(at);
        }
    }

    fn try_to_read(&mut self, at: DateTime<Utc>) {
        let now = self.shows(at);
        let failed = match self.hindered(at).map(|one| &one.kind) {
            Some(Hindered::Fails(code, retry)) => Some((*code, *retry)),
            _ => None,
        };
        let last_ok = self.sync.as_ref().and_then(|sync| sync.last_ok);
        let failures = self.sync.as_ref().map_or(0, |sync| sync.failures);
        if let Some((code, retry)) = failed {
            let error = Some(ErrorView { retry, ..ErrorView::new(code, "") });
            self.sync = Some(Sync { last_tried: now, last_ok, error, failures: failures + 1 });
            return;
        }
        self.sync = Some(Sync { last_tried: now, last_ok: Some(now), error: None, failures: 0 });
        self.read.push(at);
        self.shop.lives_until(&mut self.random, at);
        // A crash between the reading and the look at it: the next start looks at the next reading.
        if self.random.random_range(0..200) > 0 {
            self.look();
        }
    }

    fn look(&mut self) {
        let seen = self.shop.observation();
        let stored = self.stored.as_deref().map(|text| serde_json::from_str::<AlertState>(text).unwrap());
        let (state, alerts) = crossed(stored, &self.thresholds, &seen);
        self.stored = Some(serde_json::to_string(&state).unwrap());
        assert_eq!(alerts, self.naive.expects(&self.thresholds, &seen), "{seen:?}");
        self.raised += alerts.len();
    }

    /// While nothing hinders it, an account is read as often as the shop wants, and once after every midnight; after a
    /// hindrance within the longest wait between two attempts.
    fn assert_was_read_in_time(&self) {
        let longest = self.every * 11 / 10 + MINUTE * 2;
        for pair in self.read.windows(2) {
            let (before, after) = (pair[0], pair[1]);
            let last = self
                .hindrances
                .iter()
                .filter(|one| one.until <= after && one.until > before)
                .max_by_key(|one| one.until);
            let (since, wait) = match last {
                None => (before, longest),
                Some(Hindrance { until, kind: Hindered::Asleep, .. }) => (*until, longest.max(HOUR * 27)),
                Some(Hindrance { until, .. }) => (*until, HOUR * 27),
            };
            // A clock that is set back by less than has passed lets the same time pass again.
            let is_set = self.offsets.iter().any(|(from, _)| *from > before && *from <= after);
            let wait = if is_set { wait + longest } else { wait };
            assert!(after - since <= wait, "nothing was read from {before} to {after}");
        }
        let mut day = beijing_day(start()).succ_opt().unwrap();
        let is_off = |at: DateTime<Utc>| self.offsets.iter().any(|(from, _)| (at - *from).abs() < HOUR);
        for _ in 1..DAYS {
            let midnight = beijing_midnight(day).unwrap();
            let calm = (-34..1).all(|hours| self.hindered(midnight + HOUR * hours).is_none());
            if calm && self.shows(midnight) == midnight && !is_off(midnight) {
                let until = midnight + MINUTE * 12;
                let found = self.read.iter().any(|at| *at >= midnight && *at <= until);
                assert!(found, "no reading after midnight of {day}");
            }
            day = day.succ_opt().unwrap();
        }
    }
}

/// Nights asleep, weeks away, and platforms that fail in each way.
fn hindrances(random: &mut Xoshiro256PlusPlus) -> Vec<Hindrance> {
    let mut found = Vec::new();
    let sleeps = random.random_range(0..2) == 0;
    let mut at = start() + HOUR * random.random_range(10..40);
    let end = start() + TimeDelta::days(DAYS);
    while at < end {
        let fails = |code, retry| Hindered::Fails(code, retry);
        let (kind, hours) = match random.random_range(0..12) {
            0 => (fails(ErrorCode::Unreachable, Retry::Now), random.random_range(1..70)),
            1 => (fails(ErrorCode::WechatBusy, Retry::Now), 1),
            2 => (fails(ErrorCode::RateDay, Retry::Later(Instant(at + HOUR * 20))), 12),
            3 => (fails(ErrorCode::AppSecretWrong, Retry::Never), random.random_range(1..200)),
            4 => (fails(ErrorCode::KeyringLocked, Retry::Now), random.random_range(1..100)),
            5 => (Hindered::Asleep, random.random_range(24..500)),
            _ => (Hindered::Asleep, if sleeps { 10 } else { 1 }),
        };
        found.push(Hindrance { from: at, until: at + HOUR * hours, kind });
        at += HOUR * (hours + random.random_range(14..80));
    }
    found
}

/// A clock that is set forward and back, by hours and by a year, and right again.
fn offsets(random: &mut Xoshiro256PlusPlus) -> Vec<(DateTime<Utc>, TimeDelta)> {
    let mut found = Vec::new();
    let mut at = start();
    for by in [TimeDelta::days(-365), HOUR * 3, HOUR * -5, TimeDelta::days(400), TimeDelta::days(-1)] {
        at += TimeDelta::days(random.random_range(5..60));
        found.push((at, by));
        at += HOUR * random.random_range(1..50);
        found.push((at, TimeDelta::zero()));
    }
    found
}

#[test]
fn in_a_year_of_many_shops_no_alert_is_raised_twice_and_none_is_missed() {
    let mut raised = 0;
    for seed in 0..SEEDS {
        for number in 0..SHOPS {
            let mut computer = Computer::new(seed, number);
            computer.live();
            computer.assert_was_read_in_time();
            raised += computer.raised;
        }
    }
    // Every kind, many times: a year in which nothing happens proves nothing.
    assert!(raised > 2_000, "only {raised}");
}
