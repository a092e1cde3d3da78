//! Working days in mainland China: weekends and public holidays off, make-up days on. The table is data, one entry per
//! year as the State Council announces it each autumn.

use crate::input::{self, InputError};
use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

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
    /// When they were announced.
    pub as_of: NaiveDate,
    /// Days off.
    pub off: Vec<DaysOff>,
    /// Weekend days that are worked instead.
    pub working: Vec<NaiveDate>,
}

/// The table of public holidays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkingDays {
    /// Who announces them.
    pub source: String,
    /// Year by year.
    pub years: Vec<HolidayYear>,
}

/// When money is expected back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// The earliest day.
    pub from: NaiveDate,
    /// The latest day.
    pub to: NaiveDate,
    /// Whether the holidays of every year involved are known; otherwise only weekends were skipped.
    pub certain: bool,
}

static EMBEDDED: LazyLock<WorkingDays> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    WorkingDays::from_json(include_bytes!("data/holidays.json")).expect("the embedded holidays are sound")
});

impl WorkingDays {
    /// The table this program was built with.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// Reads a table. An error names the entry.
    pub fn from_json(json: &[u8]) -> Result<Self, InputError> {
        let table: Self = input::parse(json)?;
        for (index, year) in table.years.iter().enumerate() {
            let path = format!("years[{index}]");
            if year.off.iter().any(|off| off.to < off.from) {
                return Err(InputError::new(format!("{path}.off"), "days off end before they begin"));
            }
            if year.working.iter().any(|day| !is_weekend(*day)) {
                return Err(InputError::new(format!("{path}.working"), "a make-up day is no weekend day"));
            }
        }
        Ok(table)
    }

    /// Whether people work on a day.
    pub fn is_working(&self, day: NaiveDate) -> bool {
        let mut years = self.years.iter();
        if years.any(|year| year.working.contains(&day)) {
            return true;
        }
        let off = self.years.iter().flat_map(|year| &year.off).any(|off| (off.from..=off.to).contains(&day));
        !off && !is_weekend(day)
    }

    /// When a refund asked for on a Beijing day is expected: on the third to fifth working day after it **W S0**.
    /// Nothing at the end of the calendar.
    pub fn refund_expected(&self, requested_on: NaiveDate) -> Option<Expected> {
        let mut working = requested_on.iter_days().skip(1).filter(|day| self.is_working(*day));
        let from = working.nth(2)?;
        let to = working.nth(1)?;
        let mut years = requested_on.year()..=to.year();
        let certain = years.all(|year| self.years.iter().any(|known| known.year == year));
        Some(Expected { from, to, certain })
    }
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}
