//! What a tariff must hold. Every refusal names the entry.

use super::{Pack, StartDates, Tariff};
use crate::plan::PACKS_MAX;
use crate::{FreeRule, InputError};
use std::collections::{BTreeMap, BTreeSet};

impl Tariff {
    pub(super) fn check(&self) -> Result<(), InputError> {
        self.check_sources()?;
        self.check_capabilities()?;
        for rule in FreeRule::ALL {
            if self.free_rules.iter().filter(|entry| entry.rule == rule).count() != 1 {
                return Err(InputError::new("free_rules", format_args!("{rule:?} must occur exactly once")));
            }
        }
        let falling = |values: &[u16]| values.is_sorted_by(|a, b| a > b);
        let percent: Vec<u16> = self.alerts.percent_left.value.iter().copied().map(u16::from).collect();
        if !falling(&percent) || percent.first().is_some_and(|first| *first > 100) {
            let why = "percentages must fall from 100 at most";
            return Err(InputError::new("alerts.percent_left.value", why));
        }
        if !falling(&self.alerts.days_before_end.value) {
            return Err(InputError::new("alerts.days_before_end.value", "days must fall"));
        }
        self.holidays.check("holidays")?;
        let path = |index| format!("packs[{index}]");
        self.packs.iter().enumerate().try_for_each(|(index, pack)| check_pack(pack, &path(index)))?;
        check_dates(self.packs.iter().enumerate().map(|(index, pack)| (path(index), pack)))
    }

    fn check_capabilities(&self) -> Result<(), InputError> {
        let mut pairs = BTreeSet::new();
        for (index, entry) in self.capabilities.iter().enumerate() {
            let path = format!("capabilities[{index}]");
            if !pairs.insert((entry.kind, entry.capability)) {
                return Err(InputError::new(path, "this capability occurs twice for this kind of account"));
            }
            let StartDates { in_force, superseded } = &entry.charging_starts;
            if superseded.iter().any(|claim| claim.as_of > in_force.as_of) {
                let path = format!("{path}.charging_starts.superseded");
                return Err(InputError::new(path, "a superseded date is newer than the one in force"));
            }
        }
        Ok(())
    }

    fn check_sources(&self) -> Result<(), InputError> {
        let mut keys = BTreeSet::new();
        if let Some(index) = self.sources.iter().position(|note| !keys.insert(&note.key)) {
            return Err(InputError::new(format!("sources[{index}].key"), "this key occurs twice"));
        }
        let mut used = Vec::new();
        for (index, entry) in self.capabilities.iter().enumerate() {
            let path = format!("capabilities[{index}]");
            used.push((format!("{path}.spu_id"), &entry.spu_id.source));
            used.extend(entry.bulk_spu_id.iter().map(|id| (format!("{path}.bulk_spu_id"), &id.source)));
            used.push((format!("{path}.unit_price"), &entry.unit_price.source));
            used.push((format!("{path}.trial"), &entry.trial.source));
            let starts = &entry.charging_starts;
            used.push((format!("{path}.charging_starts.in_force"), &starts.in_force.source));
            let older = starts.superseded.iter().enumerate();
            used.extend(
                older.map(|(n, start)| (format!("{path}.charging_starts.superseded[{n}]"), &start.source)),
            );
        }
        let rules = self.free_rules.iter().enumerate();
        used.extend(rules.map(|(index, entry)| (format!("free_rules[{index}]"), &entry.source)));
        used.push(("alerts.percent_left".to_owned(), &self.alerts.percent_left.source));
        used.push(("alerts.days_before_end".to_owned(), &self.alerts.days_before_end.source));
        let years = self.holidays.years().iter().enumerate();
        used.extend(years.map(|(index, year)| (format!("holidays[{index}]"), &year.source)));
        let packs = self.packs.iter().enumerate();
        used.extend(packs.map(|(index, pack)| (format!("packs[{index}]"), &pack.source)));
        match used.into_iter().find(|(_, source)| self.source(source).is_none()) {
            Some((path, source)) => {
                Err(InputError::new(format!("{path}.source"), format_args!("no source is called {source:?}")))
            }
            None => Ok(()),
        }
    }
}

/// Checks one row of a price list. `path` names the row.
pub(super) fn check_pack(pack: &Pack, path: &str) -> Result<(), InputError> {
    let refuse = |field: &str, why: &str| Err(InputError::new(format!("{path}.{field}"), why));
    if pack.id.is_empty() {
        return refuse("id", "an id is empty");
    }
    if pack.calls.is_zero() {
        return refuse("calls", "a pack has at least one call");
    }
    if pack.price > pack.list_price {
        return refuse("price", "the price is above the list price");
    }
    if pack.listed_until.is_some_and(|until| until <= pack.listed_from) {
        return refuse("listed_until", "the pack is delisted before it is listed");
    }
    Ok(())
}

/// Checks that an id has one price at a time, and that no day has more packs of a capability than a plan can take.
pub(super) fn check_dates<'a>(rows: impl Iterator<Item = (String, &'a Pack)>) -> Result<(), InputError> {
    let mut rows: Vec<_> = rows.collect();
    // A stable sort: of two rows from the same day the later one in the file is refused.
    rows.sort_by_key(|(_, pack)| (&pack.id, pack.listed_from));
    for ((_, earlier), (path, later)) in rows.iter().zip(rows.iter().skip(1)) {
        if earlier.id == later.id && earlier.listed_until.is_none_or(|until| later.listed_from < until) {
            let why = "a pack of this id is listed on this day already";
            return Err(InputError::new(format!("{path}.listed_from"), why));
        }
    }
    let mut changes: BTreeMap<_, (usize, usize, &str)> = BTreeMap::new();
    for (path, pack) in &rows {
        let (begins, _, last) = changes.entry((pack.capability, pack.listed_from)).or_default();
        *begins = begins.saturating_add(1);
        *last = path;
        if let Some(until) = pack.listed_until {
            let (_, ends, _) = changes.entry((pack.capability, until)).or_default();
            *ends = ends.saturating_add(1);
        }
    }
    let mut listed = (None, 0_usize);
    for ((capability, day), (begins, ends, path)) in changes {
        let before = if listed.0 == Some(capability) { listed.1 } else { 0 };
        listed = (Some(capability), before.saturating_add(begins).saturating_sub(ends));
        if listed.1 > PACKS_MAX {
            let why = format_args!("more than {PACKS_MAX} packs of a capability are listed on {day}");
            return Err(InputError::new(format!("{path}.listed_from"), why));
        }
    }
    Ok(())
}
