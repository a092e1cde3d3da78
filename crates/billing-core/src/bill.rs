//! Checking the bill: the shop's own sign-ups beside what WeChat charged, and why the two differ.
//!
//! WeChat charges when the success callback reaches the mini-program, whether or not the code is ever exchanged, and for
//! every version of the mini-program (billing rules 4 and 5.2). A shop counts members. So a bill is not wrong because it
//! is higher: what is charged for each reason is set apart, and only what no reason covers is left for a ticket.

use crate::forecast::{History, Reading};
use crate::time::beijing_day;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use std::collections::{BTreeMap, HashSet};

/// Clocks of a shop's system and of WeChat's may differ by so much, and a callback may take so long to be written down:
/// a sign-up this close to midnight can stand on the other day of the bill.
pub const NEAR_MIDNIGHT: TimeDelta = TimeDelta::minutes(10);

/// The same of readings: which calls a reading had seen is as uncertain as the clocks **A**.
const NEAR_READING: TimeDelta = NEAR_MIDNIGHT;

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
    /// Stands for the person, the same for every record of theirs; nothing where the records do not tell.
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

/// What WeChat charged from one reading to the next, in whole days of Beijing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charged {
    /// The first of the days.
    pub first: NaiveDate,
    /// How many days; more than one where readings are missing in between.
    pub days: u32,
    /// Calls; nothing where the readings do not tell.
    pub calls: Option<u64>,
}

impl Charged {
    /// The last of the days.
    pub fn last(&self) -> NaiveDate {
        let further = u64::from(self.days.saturating_sub(1));
        self.first.checked_add_days(Days::new(further)).unwrap_or(NaiveDate::MAX)
    }
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
    /// Calls, at least one. Of [`Reason::Midnight`]: those that stand here and belong to a neighbour.
    pub calls: u64,
    /// When the records say each of them was, in order. Nothing for [`Reason::Midnight`], which is of no single call.
    pub times: Vec<DateTime<Utc>>,
}

/// The bill and the records of the same days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The days.
    pub charged: Charged,
    /// First sign-ups that were authorised in the release version.
    pub members: u64,
    /// Numbers that were typed, which cost nothing.
    pub typed: u64,
    /// Why more was charged than members came.
    pub explained: Vec<Explained>,
    /// Charged, and nothing in the records accounts for it: for a ticket.
    pub unaccounted: u64,
    /// In the records, and not charged.
    pub uncharged: u64,
}

/// What the records say of some days.
#[derive(Debug, Clone, Default)]
struct Tally {
    members: u64,
    typed: u64,
    again: Vec<DateTime<Utc>>,
    other_version: Vec<DateTime<Utc>>,
    not_fetched: Vec<DateTime<Utc>>,
    /// Charged records close to the beginning and to the end of the days.
    early: u64,
    late: u64,
}

impl Tally {
    fn charged(&self) -> u64 {
        let extra = [&self.again, &self.other_version, &self.not_fetched];
        extra.into_iter().fold(self.members, |sum, times| sum.saturating_add(count(times)))
    }
}

fn count(times: &[DateTime<Utc>]) -> u64 {
    wide(times.len())
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// What WeChat charged, by day, from cumulative readings.
///
/// A reading seldom falls on midnight. How many of the calls between two readings came before the midnight is what the
/// records say, never more than were charged; what they do not know of counts after it. As clocks differ, a record close
/// to a reading may be of a call on its other side: it counts where it is charged. Where readings are more than 36 hours
/// apart the days in between are one, as in [`History::from_readings`]: which of them a call without a record belongs to
/// cannot be told.
pub fn charged_days(readings: &[Reading], sign_ups: &[SignUp]) -> Vec<Charged> {
    let authorised = sign_ups.iter().filter(|sign_up| sign_up.authorised);
    let mut recorded: Vec<_> = authorised.map(|sign_up| sign_up.at).collect();
    recorded.sort_unstable();
    let seen = seen_by(readings, &recorded);
    let until = |before: Reading, after: Reading, midnight: DateTime<Utc>| {
        if midnight == before.at {
            return before.cumulative.get();
        }
        if midnight == after.at {
            return after.cumulative.get();
        }
        let [from, to] = [before, after].map(|reading| seen.get(&reading.at).copied().unwrap_or_default());
        let between = recorded.partition_point(|one| *one < midnight).clamp(from, to.max(from));
        let [earlier, later] = [between.saturating_sub(from), to.saturating_sub(between)].map(wide);
        let charged = after.cumulative.get().saturating_sub(before.cumulative.get());
        before.cumulative.get().saturating_add(charged.saturating_sub(later).min(earlier))
    };
    let Some(history) = History::from_readings_by(readings, until) else { return Vec::new() };
    let mut first = history.first_day();
    let spans = history.spans().iter().map(|span| {
        let charged =
            Charged { first, days: u32::try_from(span.days).unwrap_or(u32::MAX), calls: span.calls };
        first = charged.last().succ_opt().unwrap_or(NaiveDate::MAX);
        charged
    });
    spans.collect()
}

/// How many of the records, which are in time order, each reading had seen: as many as were charged until then, as far as
/// those close to the reading leave that open.
fn seen_by(readings: &[Reading], recorded: &[DateTime<Utc>]) -> BTreeMap<DateTime<Utc>, usize> {
    let mut readings = readings.to_vec();
    readings.sort_unstable();
    let until = |at: Option<DateTime<Utc>>| at.map_or(0, |at| recorded.partition_point(|one| *one < at));
    let mut seen = BTreeMap::new();
    let mut last: Option<(Reading, usize)> = None;
    for reading in readings {
        let sure = until(reading.at.checked_sub_signed(NEAR_READING));
        let possible = until(reading.at.checked_add_signed(NEAR_READING));
        let now = match last {
            None => until(Some(reading.at)),
            Some((before, seen)) => {
                let charged = reading.cumulative.get().saturating_sub(before.cumulative.get());
                let charged = usize::try_from(charged).unwrap_or(usize::MAX);
                let sure = sure.max(seen);
                seen.saturating_add(charged).clamp(sure, possible.max(sure))
            }
        };
        seen.insert(reading.at, now);
        last = Some((reading, now));
    }
    seen
}

/// Compares, days in the order given; they must not overlap and should be sorted. Records outside of them are left out:
/// their bill is not known.
pub fn compare(charged: &[Charged], sign_ups: &[SignUp]) -> Vec<Compared> {
    let tallies = tallied(charged, sign_ups);
    let mut compared: Vec<_> =
        charged.iter().zip(&tallies).map(|(charged, tally)| alone(*charged, tally)).collect();
    for (place, pair) in tallies.windows(2).enumerate() {
        let [before, after] = pair else { continue };
        let (left, right) = compared.split_at_mut(place.saturating_add(1));
        let (Some(earlier), Some(later)) = (left.last_mut(), right.first_mut()) else { continue };
        if earlier.charged.last().succ_opt() != Some(later.charged.first) {
            continue;
        }
        // Late records of one day on the bill of the next, and early ones on the bill of the day before.
        settle(later, earlier, before.late);
        settle(earlier, later, after.early);
    }
    compared
}

/// Moves calls that were charged on one side and recorded on the other, at most as many as stand near midnight.
fn settle(charged: &mut Compared, recorded: &mut Compared, near: u64) {
    let calls = charged.unaccounted.min(recorded.uncharged).min(near);
    if calls == 0 {
        return;
    }
    charged.unaccounted = charged.unaccounted.saturating_sub(calls);
    recorded.uncharged = recorded.uncharged.saturating_sub(calls);
    match charged.explained.iter_mut().find(|one| one.reason == Reason::Midnight) {
        Some(one) => one.calls = one.calls.saturating_add(calls),
        None => charged.explained.push(Explained { reason: Reason::Midnight, calls, times: Vec::new() }),
    }
}

fn alone(charged: Charged, tally: &Tally) -> Compared {
    let reasons = [
        (Reason::Again, &tally.again),
        (Reason::OtherVersion, &tally.other_version),
        (Reason::NotFetched, &tally.not_fetched),
    ];
    let explained = reasons.into_iter().filter(|(_, times)| !times.is_empty());
    let recorded = tally.charged();
    Compared {
        charged,
        members: tally.members,
        typed: tally.typed,
        explained: explained
            .map(|(reason, times)| Explained { reason, calls: count(times), times: times.clone() })
            .collect(),
        unaccounted: charged.calls.map_or(0, |calls| calls.saturating_sub(recorded)),
        uncharged: charged.calls.map_or(0, |calls| recorded.saturating_sub(calls)),
    }
}

fn tallied(charged: &[Charged], sign_ups: &[SignUp]) -> Vec<Tally> {
    let places: BTreeMap<NaiveDate, (usize, NaiveDate)> =
        charged.iter().enumerate().map(|(place, charged)| (charged.first, (place, charged.last()))).collect();
    let mut tallies = vec![Tally::default(); charged.len()];
    let mut ordered: Vec<_> = sign_ups.iter().collect();
    ordered.sort_by_key(|sign_up| sign_up.at);
    let mut known = HashSet::new();
    for sign_up in ordered {
        // Whoever came before the first day of the bill is no new member on it.
        let is_new = sign_up.who.is_none_or(|who| known.insert(who)) && !sign_up.known;
        let day = beijing_day(sign_up.at);
        let Some((first, (place, last))) = places.range(..=day).next_back() else { continue };
        let Some(tally) = tallies.get_mut(*place).filter(|_| day <= *last) else { continue };
        if !sign_up.authorised {
            tally.typed = tally.typed.saturating_add(1);
            continue;
        }
        match (sign_up.version, sign_up.fetched, is_new) {
            (Version::Trial | Version::Develop, _, _) => tally.other_version.push(sign_up.at),
            (Version::Release, false, _) => tally.not_fetched.push(sign_up.at),
            (Version::Release, true, false) => tally.again.push(sign_up.at),
            (Version::Release, true, true) => tally.members = tally.members.saturating_add(1),
        }
        let is_near = |moved: Option<DateTime<Utc>>| {
            let day = moved.map(beijing_day);
            day.is_some_and(|day| day < *first || day > *last)
        };
        if is_near(sign_up.at.checked_sub_signed(NEAR_MIDNIGHT)) {
            tally.early = tally.early.saturating_add(1);
        }
        if is_near(sign_up.at.checked_add_signed(NEAR_MIDNIGHT)) {
            tally.late = tally.late.saturating_add(1);
        }
    }
    tallies
}
