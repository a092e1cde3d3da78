//! A shop as it is, whatever anybody knows of it: lots, customers, purchases. Its forecast is a guess that errs.

use billing_core::alert::{Observation, ObservedLot};
use billing_core::time::beijing_day;
use billing_core::{Calls, CallsTotal};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rand::RngExt as _;
use rand::rngs::Xoshiro256PlusPlus;

/// Calls of a day on which they end; `None`: they do not.
#[derive(Debug, Clone)]
struct Lot {
    ends: Option<NaiveDate>,
    total: u64,
    left: u64,
}

#[derive(Debug)]
pub(super) struct Shop {
    lots: Vec<Lot>,
    a_day: u64,
    pack: u64,
    pack_days: i64,
    /// From this many calls on it thinks of buying.
    buys_below: u64,
    at: DateTime<Utc>,
    /// What a call a day was taken for.
    guess: u64,
}

impl Shop {
    pub(super) fn new(random: &mut Xoshiro256PlusPlus, at: DateTime<Utc>) -> Self {
        let a_day = random.random_range(1..60);
        let trial = Lot { ends: None, total: 1_000, left: random.random_range(100..1_000) };
        Self {
            lots: vec![trial],
            a_day,
            pack: [1_000, 5_000, 10_000][random.random_range(0..3)],
            pack_days: [30, 90, 365][random.random_range(0..3)],
            buys_below: random.random_range(0..800),
            at,
            guess: a_day,
        }
    }

    fn left(&self) -> u64 {
        self.lots.iter().map(|lot| lot.left).sum()
    }

    /// Days pass: customers come, lots end, and sometimes a pack is bought.
    pub(super) fn lives_until(&mut self, random: &mut Xoshiro256PlusPlus, at: DateTime<Utc>) {
        let hours = (at - self.at).num_hours();
        if hours > 0 {
            self.at += TimeDelta::hours(hours);
            let mean = self.a_day * u64::try_from(hours).unwrap() / 24;
            let mut calls = random.random_range(0..=mean * 2 + 1);
            for lot in &mut self.lots {
                let used = calls.min(lot.left);
                lot.left -= used;
                calls -= used;
            }
            self.guess = random.random_range(self.a_day / 2..=self.a_day * 2);
        }
        let today = beijing_day(at);
        self.lots.retain(|lot| lot.ends.is_none_or(|ends| today < ends));
        if self.left() <= self.buys_below && random.random_range(0..20) == 0 {
            let ends = today + TimeDelta::days(self.pack_days);
            // What ends on one day is one lot to the application.
            match self.lots.iter_mut().find(|lot| lot.ends == Some(ends)) {
                Some(lot) => {
                    lot.total += self.pack;
                    lot.left += self.pack;
                }
                None => self.lots.push(Lot { ends: Some(ends), total: self.pack, left: self.pack }),
            }
        }
    }

    pub(super) fn cover_days(&self) -> Option<u32> {
        u32::try_from(self.left() / self.guess.max(1)).ok()
    }

    pub(super) fn observation(&self) -> Observation {
        let today = beijing_day(self.at);
        let ending = |lot: &Lot| {
            let days = lot.ends?.signed_duration_since(today).num_days();
            let ends_in_days = u32::try_from(days).ok()?;
            let wasted = lot.left.saturating_sub(self.guess * u64::from(ends_in_days));
            Some(ObservedLot {
                lot: lot.ends?.to_string(),
                ends_in_days,
                remaining: calls(lot.left),
                will_expire: calls(wasted),
            })
        };
        let sum = |of: fn(&Lot) -> u64| {
            self.lots.iter().fold(CallsTotal::default(), |sum, lot| sum.checked_add(calls(of(lot))).unwrap())
        };
        Observation {
            total: sum(|lot| lot.total),
            remaining: sum(|lot| lot.left),
            lots: self.lots.iter().filter_map(ending).collect(),
            runs_out_in_days: self.cover_days().filter(|days| *days < 730),
        }
    }
}

fn calls(count: u64) -> Calls {
    Calls::new(count).unwrap()
}
