//! Instants, days and money as they cross IPC: values inside, text at the edge. Each is a type of its own in TypeScript.

use std::fmt;

use billing_core::time::{beijing_text, parse_day};
use billing_core::{UnitPrice, Yuan};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ts_rs::{Config, TS};

macro_rules! scalars {
    ($($(#[$attribute:meta])* $name:ident($value:ty) = $named:literal;)+) => { $(
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $value);

        impl From<$value> for $name {
            fn from(value: $value) -> Self {
                Self(value)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        /// Compares with what stands on the wire.
        impl PartialEq<&str> for $name {
            fn eq(&self, text: &&str) -> bool {
                let shown = self.to_string();
                shown == *text
            }
        }

        impl TS for $name {
            type WithoutGenerics = Self;
            type OptionInnerType = Self;

            fn name(_: &Config) -> String {
                $named.to_owned()
            }

            fn inline(config: &Config) -> String {
                Self::name(config)
            }

            fn decl(_: &Config) -> String {
                super::ids::branded_text($named)
            }
        }
    )+ };
}

scalars! {
    /// An instant: RFC 3339 in Beijing time, in whole seconds.
    Instant(DateTime<Utc>) = "Instant";
    /// A day in Beijing: `YYYY-MM-DD`.
    Day(NaiveDate) = "Day";
    /// An amount in yuan with two decimals.
    Money(Yuan) = "Money";
    /// Yuan a call, with two to four decimals.
    PricePerCall(UnitPrice) = "PricePerCall";
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&beijing_text(self.0))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for PricePerCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A day that a page sends. What is no day is refused by the command, with the code that it has for that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenDay(Option<NaiveDate>);

impl GivenDay {
    /// Returns the day; `None` for what is none.
    pub fn day(self) -> Option<NaiveDate> {
        self.0
    }
}

impl From<&str> for GivenDay {
    fn from(text: &str) -> Self {
        Self(parse_day(text).ok())
    }
}

impl<'de> Deserialize<'de> for GivenDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(String::deserialize(deserializer)?.as_str()))
    }
}

impl TS for GivenDay {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(config: &Config) -> String {
        Day::name(config)
    }

    fn inline(config: &Config) -> String {
        Day::name(config)
    }
}
