//! Instants are UTC; a rule that says "day" or "00:00" means Beijing (UTC+8, no daylight saving).

use chrono::{
    DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _, Utc,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Beijing time. The match is evaluated by the compiler: an offset out of range would not build.
pub const BEIJING: FixedOffset = match FixedOffset::east_opt(8 * 3_600) {
    Some(offset) => offset,
    None => unreachable!(),
};

/// A validity in days, 1 to 3,650. A day is 86,400 seconds from the instant a lot takes effect, not a calendar day **W**.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Days(u16);

/// The value is not within 1 to 3,650.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} days are not within 1 to 3650")]
pub struct DaysOutOfRange(pub u64);

impl Days {
    /// The longest validity.
    pub const MAX: Self = Self(3_650);

    /// Checks the range.
    pub fn new(days: u64) -> Result<Self, DaysOutOfRange> {
        match u16::try_from(days) {
            Ok(days) if (1..=Self::MAX.0).contains(&days) => Ok(Self(days)),
            Ok(_) | Err(_) => Err(DaysOutOfRange(days)),
        }
    }

    /// The number itself.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// As a length of time: days × 86,400 s.
    pub fn length(self) -> TimeDelta {
        TimeDelta::days(i64::from(self.0))
    }
}

impl TryFrom<u64> for Days {
    type Error = DaysOutOfRange;
    fn try_from(days: u64) -> Result<Self, DaysOutOfRange> {
        Self::new(days)
    }
}

impl From<Days> for u64 {
    fn from(days: Days) -> Self {
        Self::from(days.0)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a clock in Beijing shows. In the last hours of the calendar, which it would leave, it stands still.
fn beijing_clock(at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc().checked_add_offset(BEIJING).unwrap_or(NaiveDateTime::MAX)
}

/// The day in Beijing at an instant.
pub fn beijing_day(at: DateTime<Utc>) -> NaiveDate {
    beijing_clock(at).date()
}

/// The hour of the day in Beijing at an instant, 0 to 23.
pub fn beijing_hour(at: DateTime<Utc>) -> u32 {
    beijing_clock(at).hour()
}

/// 00:00 in Beijing on a day; nothing at the ends of the calendar.
pub fn beijing_midnight(day: NaiveDate) -> Option<DateTime<Utc>> {
    day.and_time(NaiveTime::MIN).and_local_timezone(BEIJING).single().map(|at| at.with_timezone(&Utc))
}

/// An instant as text in Beijing time, in whole seconds: `2023-08-28T00:00:00+08:00`.
pub fn beijing_text(at: DateTime<Utc>) -> String {
    beijing_clock(at).format("%Y-%m-%dT%H:%M:%S+08:00").to_string()
}

/// Whether [`beijing_text`] writes the year with four digits, as RFC 3339 wants it. What is outside cannot be read back.
pub(crate) fn has_a_text(at: DateTime<Utc>) -> bool {
    (0..=9_999).contains(&beijing_clock(at).year())
}

/// Why a text is no instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time with an offset like 2023-08-28T00:00:00+08:00")]
pub struct NotAnInstant(pub String);

/// Reads an RFC 3339 time, in Beijing's years 0 to 9999. The offset is required: a wall-clock time alone names no instant.
/// Leap seconds do not exist on the platform's clock and are refused.
pub fn parse_instant(text: &str) -> Result<DateTime<Utc>, NotAnInstant> {
    let at = DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc));
    at.filter(|at| at.timestamp_subsec_nanos() < 1_000_000_000 && has_a_text(*at))
        .ok_or_else(|| NotAnInstant(text.to_owned()))
}

/// Why a text is no day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a day like 2024-01-01")]
pub struct NotADay(pub String);

/// Reads a day as `YYYY-MM-DD`, four digits for the year.
pub fn parse_day(text: &str) -> Result<NaiveDate, NotADay> {
    let day = text.parse().map_err(|_| NotADay(text.to_owned()))?;
    if text.len() == "2024-01-01".len() { Ok(day) } else { Err(NotADay(text.to_owned())) }
}

/// For serde: instants as text in Beijing time.
pub mod beijing {
    use super::{DateTime, Utc, beijing_text, parse_instant};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes [`beijing_text`].
    pub fn serialize<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&beijing_text(*at))
    }

    /// Reads with [`parse_instant`].
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_instant(&text).map_err(D::Error::custom)
    }

    /// The same for an instant that may be missing (`null`).
    pub mod option {
        use super::{DateTime, Serializer, Utc, beijing_text};

        /// Writes [`beijing_text`] or `null`.
        pub fn serialize<S: Serializer>(
            at: &Option<DateTime<Utc>>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            match at {
                Some(at) => serializer.serialize_str(&beijing_text(*at)),
                None => serializer.serialize_none(),
            }
        }
    }
}
