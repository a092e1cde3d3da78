//! Working days in mainland China: weekends and public holidays off, make-up days on. The table is part of the tariff,
//! one entry per year as the State Council announces it each autumn; a year without an entry is *not known*.

use crate::InputError;
use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A stretch of days off, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DaysOff {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

/// The holidays of one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayYear {
    /// The year.
    pub year: i32,
    /// Key of an entry of [`Tariff::sources`](crate::Tariff::sources).
    pub source: String,
    /// When they were announced.
    pub as_of: NaiveDate,
    /// Whether no source says so and we assume it.
    pub assumed: bool,
    /// Days off. New Year may begin in December of the year before.
    pub off: Vec<DaysOff>,
    /// Weekend days that are worked instead (调休).
    pub working: Vec<NaiveDate>,
}

/// The table of public holidays, year by year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WorkingDays(Vec<HolidayYear>);

/// When money is expected back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// The earliest day.
    pub from: NaiveDate,
    /// The latest day.
    pub to: NaiveDate,
    /// Whether the holidays of every day involved are known; where they are not, only weekends were skipped.
    pub certain: bool,
}

impl WorkingDays {
    /// The years that are known.
    pub fn years(&self) -> &[HolidayYear] {
        &self.0
    }

    /// Whether people work on a day; nothing where the holidays of its year are not known.
    pub fn is_working(&self, day: NaiveDate) -> Option<bool> {
        if self.0.iter().any(|year| year.working.contains(&day)) {
            return Some(true);
        }
        if self.0.iter().flat_map(|year| &year.off).any(|off| (off.from..=off.to).contains(&day)) {
            return Some(false);
        }
        self.0.iter().any(|known| known.year == day.year()).then(|| !is_weekend(day))
    }

    /// When a refund asked for on a Beijing day is expected: on the third to fifth working day after it **W S0**.
    /// Nothing at the end of the calendar.
    pub fn refund_expected(&self, requested_on: NaiveDate) -> Option<Expected> {
        self.expected(requested_on, 3, 5)
    }

    /// When an invoice asked for on a Beijing day is expected: on the fifth to tenth working day after it **W**. Nothing at
    /// the end of the calendar.
    pub fn invoice_expected(&self, requested_on: NaiveDate) -> Option<Expected> {
        self.expected(requested_on, 5, 10)
    }

    /// From the `first` to the `last` working day after a day; both at least 1.
    fn expected(&self, after: NaiveDate, first: usize, last: usize) -> Option<Expected> {
        let mut certain = true;
        let mut working = after.iter_days().skip(1).filter(|day| {
            let known = self.is_working(*day);
            certain &= known.is_some();
            known.unwrap_or_else(|| !is_weekend(*day))
        });
        let from = working.nth(first.checked_sub(1)?)?;
        let to = match last.checked_sub(first)?.checked_sub(1) {
            Some(more) => working.nth(more)?,
            None => from,
        };
        Some(Expected { from, to, certain })
    }

    pub(crate) fn check(&self, path: &str) -> Result<(), InputError> {
        let mut years = BTreeSet::new();
        for (index, year) in self.0.iter().enumerate() {
            let refuse =
                |field: &str, why: &str| Err(InputError::new(format!("{path}[{index}].{field}"), why));
            if !years.insert(year.year) {
                return refuse("year", "this year occurs twice");
            }
            if year.off.iter().any(|off| off.to < off.from) {
                return refuse("off", "days off end before they begin");
            }
            if year.off.iter().any(|off| off.to.year() != year.year) {
                return refuse("off", "days off are not in this year");
            }
            if year.working.iter().any(|day| day.year() != year.year || !is_weekend(*day)) {
                return refuse("working", "a make-up day is no weekend day of this year");
            }
            let is_off = |day: &NaiveDate| year.off.iter().any(|off| (off.from..=off.to).contains(day));
            if year.working.iter().any(is_off) {
                return refuse("working", "a make-up day is a day off as well");
            }
        }
        Ok(())
    }
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}
