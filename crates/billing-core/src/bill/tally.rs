//! What the shop's records say of each stretch of days, before the bill is looked at.

use crate::time::beijing_day;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, HashSet};

use super::{CLOCKS_APART_MAX, CallsByKind, ChargedDays, SignUp, Version, wide};

/// What the records say of some days.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub(super) members: u64,
    pub(super) typed: u64,
    pub(super) again: Vec<DateTime<Utc>>,
    pub(super) other_version: Vec<DateTime<Utc>>,
    pub(super) not_fetched: Vec<DateTime<Utc>>,
    /// Authorised records close to the beginning and to the end of the days.
    pub(super) early: u64,
    pub(super) late: u64,
}

impl Tally {
    /// Returns the calls that these records should have cost.
    pub(super) fn calls(&self) -> CallsByKind {
        CallsByKind {
            members: self.members,
            again: wide(self.again.len()),
            other_version: wide(self.other_version.len()),
            not_fetched: wide(self.not_fetched.len()),
        }
    }

    fn add(&mut self, sign_up: &SignUp, is_new: bool, days: &ChargedDays) {
        if !sign_up.authorised {
            self.typed = self.typed.saturating_add(1);
            return;
        }
        match (sign_up.version, sign_up.fetched, is_new) {
            (Version::Trial | Version::Develop, _, _) => self.other_version.push(sign_up.at),
            (Version::Release, false, _) => self.not_fetched.push(sign_up.at),
            (Version::Release, true, false) => self.again.push(sign_up.at),
            (Version::Release, true, true) => self.members = self.members.saturating_add(1),
        }
        let leaves = |moved: Option<DateTime<Utc>>| {
            let day = moved.map(beijing_day);
            day.is_some_and(|day| day < days.first || day > days.last())
        };
        if leaves(sign_up.at.checked_sub_signed(CLOCKS_APART_MAX)) {
            self.early = self.early.saturating_add(1);
        }
        if leaves(sign_up.at.checked_add_signed(CLOCKS_APART_MAX)) {
            self.late = self.late.saturating_add(1);
        }
    }
}

/// Returns one tally for each of `charged`, in their order. Records of other days are left out: their bill is not known.
pub(super) fn tallied(charged: &[ChargedDays], sign_ups: &[SignUp]) -> Vec<Tally> {
    let starts: BTreeMap<NaiveDate, usize> =
        charged.iter().enumerate().map(|(index, days)| (days.first, index)).collect();
    let mut tallies = vec![Tally::default(); charged.len()];
    let mut ordered: Vec<_> = sign_ups.iter().collect();
    ordered.sort_by_key(|sign_up| sign_up.at);
    let mut known = HashSet::new();
    for sign_up in ordered {
        // Somebody who came before the first day of the bill is no new member on it.
        let is_new = sign_up.who.is_none_or(|who| known.insert(who)) && !sign_up.known;
        let day = beijing_day(sign_up.at);
        let Some((_, index)) = starts.range(..=day).next_back() else { continue };
        let Some(days) = charged.get(*index).filter(|days| day <= days.last()) else { continue };
        if let Some(tally) = tallies.get_mut(*index) {
            tally.add(sign_up, is_new, days);
        }
    }
    tallies
}
