//! Checking the bill: the shop's own sign-ups compared with what WeChat charged (docs/billing-rules.md §15).
//!
//! WeChat charges when the success callback reaches the mini-program, whether or not the code is ever exchanged, and for
//! every version of the mini-program (`docs/billing-rules.md` §4, `docs/billing-rules.md` §5). A shop counts members. So
//! a bill is not wrong because it is higher: what is charged for each reason is set apart, and a call counts as missing
//! only where the records are known to be whole.

mod days;
mod tally;
mod verdict;

use crate::time::beijing_day;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

pub use days::{ChargedDays, charged_days};
use tally::{Tally, tallied};
pub use verdict::Verdict;

/// Clocks of a shop's system and of WeChat's may differ by this much, and a callback may take as long to be written down
/// **A**: a sign-up this close to midnight can stand on the other day of the bill, and one this close to a reading on the
/// reading's other side.
pub const CLOCKS_APART_MAX: TimeDelta = TimeDelta::minutes(10);

/// Which version of the mini-program a sign-up came from. All three use the same quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// 正式版, or not recorded.
    Release,
    /// 体验版
    Trial,
    /// 开发版
    Develop,
}

/// One sign-up in the shop's own records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignUp {
    /// When the success callback arrived.
    pub at: DateTime<Utc>,
    /// Stands for the person, the same for every record of theirs; `None` where the records do not tell.
    pub who: Option<u64>,
    /// Where it came from.
    pub version: Version,
    /// The number was authorised. One that was typed costs nothing.
    pub authorised: bool,
    /// The code was exchanged for the number.
    pub fetched: bool,
    /// The records say that it was a member already.
    pub known: bool,
}

/// The shop's records, each sign-up once.
#[derive(Debug, Clone, Copy)]
pub struct Records<'a> {
    /// In any order.
    pub sign_ups: &'a [SignUp],
    /// Every sign-up there was is among them. A file says nothing of the days before its first record and after its last,
    /// and may begin and end in the middle of a day.
    pub whole: bool,
    /// Records whose time cannot be read: each may be of any call.
    pub unreadable: u64,
}

/// Why calls were charged that made no new member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The same person authorised again.
    Again,
    /// The trial or the development version was used.
    OtherVersion,
    /// The code was never exchanged for the number.
    NotFetched,
    /// The call stands on the neighbouring day of the bill.
    Midnight,
}

/// How many calls a reason accounts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The reason.
    pub reason: Reason,
    /// Calls, at least one. Of [`Reason::Midnight`]: those that are charged here and recorded on a neighbouring day.
    pub calls: u64,
    /// When the records have such a sign-up, in order: more than `calls` where fewer were charged than recorded. Empty for
    /// [`Reason::Midnight`], which is of no single call.
    pub times: Vec<DateTime<Utc>>,
}

/// Calls by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallsByKind {
    /// First sign-ups that were authorised in the release version.
    pub members: u64,
    /// See [`Reason::Again`].
    pub again: u64,
    /// See [`Reason::OtherVersion`].
    pub other_version: u64,
    /// See [`Reason::NotFetched`].
    pub not_fetched: u64,
}

impl CallsByKind {
    /// Returns all of them together.
    pub fn sum(&self) -> u64 {
        [self.again, self.other_version, self.not_fetched].into_iter().fold(self.members, u64::saturating_add)
    }

    /// Returns how many stand for no new member.
    pub fn explained(&self) -> u64 {
        self.sum().saturating_sub(self.members)
    }

    /// Returns at most `most` of them, new members first.
    fn at_most(&self, most: u64) -> Self {
        let mut left = most;
        let mut take = |calls: u64| {
            let taken = calls.min(left);
            left = left.saturating_sub(taken);
            taken
        };
        Self {
            members: take(self.members),
            again: take(self.again),
            other_version: take(self.other_version),
            not_fetched: take(self.not_fetched),
        }
    }

    fn each(&self, other: &Self, of: fn(u64, u64) -> u64) -> Self {
        Self {
            members: of(self.members, other.members),
            again: of(self.again, other.again),
            other_version: of(self.other_version, other.other_version),
            not_fetched: of(self.not_fetched, other.not_fetched),
        }
    }
}

/// The bill and the records of the same days. Of known days, `charged.calls = matched + moved + open + missing`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedDays {
    /// The days.
    pub charged: ChargedDays,
    /// Calls that the records have, charged or not.
    pub recorded: CallsByKind,
    /// Numbers that were typed, which cost nothing.
    pub typed: u64,
    /// Calls that are charged and recorded on these days.
    pub matched: CallsByKind,
    /// Calls that are charged here and recorded within minutes on a neighbouring day.
    pub moved: CallsByKind,
    /// Charged and in no record, on days of which the records may have only a part.
    pub open: u64,
    /// Charged and in no record, on days of which the records are whole.
    pub missing: u64,
    /// In the records, and not charged.
    pub uncharged: u64,
    times: [(Reason, Vec<DateTime<Utc>>); 3],
}

impl ComparedDays {
    fn new(charged: ChargedDays, tally: &Tally, whole: bool) -> Self {
        let recorded = tally.calls();
        let calls = charged.calls.unwrap_or_default();
        let matched = recorded.at_most(calls);
        let missing = calls.saturating_sub(matched.sum());
        let is_known = charged.calls.is_some();
        Self {
            charged,
            recorded,
            typed: tally.typed,
            matched,
            moved: CallsByKind::default(),
            open: if whole { 0 } else { missing },
            missing: if whole { missing } else { 0 },
            uncharged: if is_known { recorded.sum().saturating_sub(matched.sum()) } else { 0 },
            times: [
                (Reason::Again, tally.again.clone()),
                (Reason::OtherVersion, tally.other_version.clone()),
                (Reason::NotFetched, tally.not_fetched.clone()),
            ],
        }
    }

    /// Returns why more was charged than members came. Of unknown days: what the records would explain.
    pub fn explained(&self) -> Vec<Explained> {
        let calls = if self.charged.calls.is_some() { self.matched } else { self.recorded };
        let counts = [calls.again, calls.other_version, calls.not_fetched];
        let recorded = self.times.iter().zip(counts).map(|((reason, times), calls)| Explained {
            reason: *reason,
            calls,
            times: times.clone(),
        });
        let moved = Explained { reason: Reason::Midnight, calls: self.moved.sum(), times: Vec::new() };
        recorded.chain([moved]).filter(|one| one.calls > 0).collect()
    }

    /// Moves calls that are charged here and recorded on `other`, at most as many as stand near the midnight between.
    fn settle(&mut self, other: &mut Self, near: u64) {
        // What was not charged there, by kind.
        let uncharged = other.recorded.each(&other.matched, u64::saturating_sub).at_most(other.uncharged);
        let moved = uncharged.at_most(self.open.saturating_add(self.missing).min(near));
        let calls = moved.sum();
        self.moved = self.moved.each(&moved, u64::saturating_add);
        self.missing = self.missing.saturating_sub(calls);
        // Days are whole or not: only one of the two counts is ever more than zero.
        self.open = self.open.saturating_sub(calls);
        other.uncharged = other.uncharged.saturating_sub(calls);
    }
}

/// Sums over the days whose charge is known: `charged = calls.sum() + open + missing`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Calls that WeChat charged.
    pub charged: u64,
    /// Calls that the records have.
    pub recorded: u64,
    /// Calls that were charged and are in the records, on the same or a neighbouring day.
    pub calls: CallsByKind,
    /// Of these, recorded on a neighbouring day.
    pub moved: u64,
    /// Charged and in no record, where the records may have only a part.
    pub open: u64,
    /// Charged and in no record.
    pub missing: u64,
    /// In the records, and not charged.
    pub uncharged: u64,
}

/// The bill compared with the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The days that were compared, in order: those of which both sides are known.
    pub days: Vec<ComparedDays>,
    /// Their sums.
    pub totals: Totals,
    /// What follows.
    pub verdict: Verdict,
}

/// Returns the days from the first record to the last.
pub fn recorded_days(sign_ups: &[SignUp]) -> Option<(NaiveDate, NaiveDate)> {
    let days = || sign_ups.iter().map(|sign_up| beijing_day(sign_up.at));
    Some((days().min()?, days().max()?))
}

/// Compares the bill with the records. `charged` must be in order and must not overlap.
pub fn compare(charged: &[ChargedDays], records: &Records<'_>) -> Comparison {
    let covered = recorded_days(records.sign_ups);
    let is_covered = |days: &ChargedDays| {
        records.whole || covered.is_some_and(|(first, last)| first <= days.first && days.last() <= last)
    };
    let charged: Vec<_> = charged.iter().filter(|days| is_covered(days)).copied().collect();
    let is_whole = |days: &ChargedDays| {
        records.whole || covered.is_some_and(|(first, last)| first < days.first && days.last() < last)
    };
    let tallies = tallied(&charged, records.sign_ups);
    let mut days: Vec<_> = charged
        .iter()
        .zip(&tallies)
        .map(|(charged, tally)| ComparedDays::new(*charged, tally, is_whole(charged)))
        .collect();
    for (index, pair) in tallies.windows(2).enumerate() {
        let [before, after] = pair else { continue };
        let (left, right) = days.split_at_mut(index.saturating_add(1));
        let (Some(earlier), Some(later)) = (left.last_mut(), right.first_mut()) else { continue };
        if earlier.charged.last().succ_opt() == Some(later.charged.first) {
            later.settle(earlier, before.late);
            earlier.settle(later, after.early);
        }
    }
    let totals = summed(&days);
    Comparison { verdict: Verdict::of(&days, &totals, records), days, totals }
}

fn summed(days: &[ComparedDays]) -> Totals {
    let known = days.iter().filter(|days| days.charged.calls.is_some());
    known.fold(Totals::default(), |sum, days| {
        let calls = days.matched.each(&days.moved, u64::saturating_add);
        Totals {
            charged: sum.charged.saturating_add(days.charged.calls.unwrap_or_default()),
            recorded: sum.recorded.saturating_add(days.recorded.sum()),
            calls: sum.calls.each(&calls, u64::saturating_add),
            moved: sum.moved.saturating_add(days.moved.sum()),
            open: sum.open.saturating_add(days.open),
            missing: sum.missing.saturating_add(days.missing),
            uncharged: sum.uncharged.saturating_add(days.uncharged),
        }
    })
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
