//! A shop with a long history, the same on every run.

use billing_core::account::{Action, Event};
use billing_core::replay::Setting;
use billing_core::{AccountTerms, Calls, Days, EventId, Verdict, Yuan};
use chrono::{DateTime, TimeDelta, Utc};

/// How ids are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ids {
    /// One after the other.
    Counted,
    /// In no order.
    Random,
}

/// A small generator of well-mixed numbers (SplitMix64).
pub(crate) struct Mixed(u64);

impl Mixed {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

pub(crate) fn setting() -> Setting {
    let start: DateTime<Utc> = "2023-08-28T00:00:00+08:00".parse().unwrap();
    let terms = AccountTerms { free: false, charging_starts: start, trial: Calls::new(1_000).unwrap() };
    Setting { verdict: Verdict::Pays, terms, report_at: start + TimeDelta::days(10_000) }
}

/// `uses` uses of 1 to 5 calls, ten seconds apart, and `lots` purchases spread evenly among them. Lots have validities of
/// a month to three years, so that they are not consumed in the order in which they came, and now and then one ends unused.
pub(crate) fn events(uses: usize, lots: usize, ids: Ids) -> impl Iterator<Item = Event> {
    let mut mixed = Mixed(1);
    let every = uses.div_ceil(lots.max(1));
    let calls_of_lot = u64::try_from(every * 3).unwrap();
    let start = setting().terms.charging_starts;
    (0..uses).flat_map(move |number| {
        let at = start + TimeDelta::seconds(10 * i64::try_from(number).unwrap());
        let name = |kind: char, mixed: &mut Mixed| match ids {
            Ids::Counted => format!("{kind}{number:07}"),
            Ids::Random => format!("{kind}{:016x}", mixed.next()),
        };
        let granted = number.is_multiple_of(every).then(|| Event {
            id: EventId::new(name('o', &mut mixed)).unwrap(),
            at,
            action: Action::Purchase {
                calls: Calls::new(calls_of_lot + mixed.below(calls_of_lot / 2 + 1)).unwrap(),
                days: Days::new(30 + mixed.below(1_000)).unwrap(),
                price: Yuan::from_fen(3_000),
            },
        });
        let spent = Event {
            id: EventId::new(name('u', &mut mixed)).unwrap(),
            at,
            action: Action::Use { calls: Calls::new(1 + mixed.below(5)).unwrap() },
        };
        granted.into_iter().chain([spent])
    })
}
