//! Whole calls: the unit of quota and usage.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;

/// A number of calls, 0 to 10^12.
///
/// The bound keeps every value exact where JSON readers hold numbers as doubles (10^12 is far below 2^53).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Calls(u64);

/// The value is above [`Calls::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} calls are more than 1000000000000")]
pub struct CallsOutOfRange(pub u64);

impl Calls {
    /// No calls.
    pub const ZERO: Self = Self(0);
    /// One call: what one success callback costs.
    pub const ONE: Self = Self(1);
    /// The largest value, 10^12.
    pub const MAX: Self = Self(1_000_000_000_000);

    /// Checks the range.
    pub const fn new(calls: u64) -> Result<Self, CallsOutOfRange> {
        if calls > Self::MAX.0 { Err(CallsOutOfRange(calls)) } else { Ok(Self(calls)) }
    }

    /// The number itself.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Whether there is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, unless it leaves the range.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) if sum <= Self::MAX.0 => Some(Self(sum)),
            Some(_) | None => None,
        }
    }

    /// The difference, unless it would be negative.
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(rest) => Some(Self(rest)),
            None => None,
        }
    }

    /// What is left when `other` is taken away, at least nothing.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl TryFrom<u64> for Calls {
    type Error = CallsOutOfRange;
    fn try_from(calls: u64) -> Result<Self, CallsOutOfRange> {
        Self::new(calls)
    }
}

impl From<Calls> for u64 {
    fn from(calls: Calls) -> Self {
        calls.0
    }
}

impl fmt::Display for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Calls of many lots or many events together: a sum that may leave the range of one [`Calls`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallsTotal(u64);

impl CallsTotal {
    /// No calls.
    pub const ZERO: Self = Self(0);

    /// The number itself.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Whether there is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, unless it leaves 64 bits.
    pub fn checked_add(self, calls: impl Into<Self>) -> Option<Self> {
        self.0.checked_add(calls.into().0).map(Self)
    }

    /// What is left when `calls` are taken away, at least nothing.
    #[must_use]
    pub fn saturating_sub(self, calls: impl Into<Self>) -> Self {
        Self(self.0.saturating_sub(calls.into().0))
    }
}

impl From<Calls> for CallsTotal {
    fn from(calls: Calls) -> Self {
        Self(calls.0)
    }
}

impl Sum<Calls> for CallsTotal {
    /// Stops at the largest 64-bit number. An account refuses to be granted that much, see
    /// [`EventError::TotalTooLarge`](crate::account::EventError::TotalTooLarge).
    fn sum<I: Iterator<Item = Calls>>(calls: I) -> Self {
        calls.fold(Self::ZERO, |sum, calls| Self(sum.0.saturating_add(calls.0)))
    }
}

impl fmt::Display for CallsTotal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
