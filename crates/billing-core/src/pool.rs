//! Bulk purchase (集采): one order's calls, allocated to many accounts. The pool never goes below zero, and a request sent
//! again is the allocation it made the first time. A cancelled allocation returns its calls, and its request is spent.

use crate::Calls;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Names one allocation on one order: 10 to 64 characters **W**.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RequestId(String);

/// The text does not have 10 to 64 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a request id has 10 to 64 characters, not {0}")]
pub struct BadRequestId(pub usize);

impl RequestId {
    /// Checks the length.
    pub fn new(id: impl Into<String>) -> Result<Self, BadRequestId> {
        let id = id.into();
        let length = id.chars().count();
        if (10..=64).contains(&length) { Ok(Self(id)) } else { Err(BadRequestId(length)) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RequestId {
    type Error = BadRequestId;
    fn try_from(id: String) -> Result<Self, BadRequestId> {
        Self::new(id)
    }
}

impl From<RequestId> for String {
    fn from(id: RequestId) -> Self {
        id.0
    }
}

/// Calls given to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allocation {
    /// Which retail pack the calls became.
    pub sku: String,
    /// Which account received them.
    pub receiver: String,
    /// How many, at least one.
    pub calls: Calls,
    /// When.
    pub at: DateTime<Utc>,
}

/// Why an allocation was refused. The pool is unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    /// An allocation of no calls.
    #[error("an allocation of 0 calls")]
    NoCalls,
    /// This request's allocation was cancelled; it is not made again.
    #[error("the allocation was cancelled")]
    Cancelled,
    /// The pool has fewer calls left.
    #[error("{asked} calls asked, {left} left in the pool")]
    NotEnough {
        /// Calls asked for.
        asked: Calls,
        /// Calls left.
        left: Calls,
    },
}

/// How long after an allocation it can be cancelled: 7 × 86,400 s **W**.
pub const CANCEL_WINDOW: TimeDelta = TimeDelta::days(7);

/// Why an allocation was not cancelled. The pool is unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CancelError {
    /// No allocation of this request id.
    #[error("no such allocation")]
    Unknown,
    /// More than seven days since the allocation.
    #[error("allocated more than seven days ago")]
    TooLate,
}

/// What a request came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocated<'a> {
    /// The allocation that this request id made.
    pub allocation: &'a Allocation,
    /// Whether it was made before: nothing changed now, whatever the repeated request asked for.
    pub again: bool,
}

/// What is left of one bulk order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    bought: Calls,
    left: Calls,
    allocations: BTreeMap<RequestId, Allocation>,
    cancelled: BTreeSet<RequestId>,
}

impl Pool {
    /// The pool of a bulk order of so many calls.
    pub const fn new(bought: Calls) -> Self {
        Self { bought, left: bought, allocations: BTreeMap::new(), cancelled: BTreeSet::new() }
    }

    /// Calls of the order.
    pub const fn bought(&self) -> Calls {
        self.bought
    }

    /// Calls not allocated.
    pub const fn left(&self) -> Calls {
        self.left
    }

    /// What was allocated, by request.
    pub const fn allocations(&self) -> &BTreeMap<RequestId, Allocation> {
        &self.allocations
    }

    /// Allocates calls, once per request id.
    pub fn allocate(
        &mut self,
        request: RequestId,
        allocation: Allocation,
    ) -> Result<Allocated<'_>, PoolError> {
        let asked = allocation.calls;
        if self.cancelled.contains(&request) {
            return Err(PoolError::Cancelled);
        }
        match self.allocations.entry(request) {
            Entry::Occupied(known) => Ok(Allocated { allocation: known.into_mut(), again: true }),
            Entry::Vacant(_) if asked.is_zero() => Err(PoolError::NoCalls),
            Entry::Vacant(free) => {
                let left = self.left.checked_sub(asked);
                self.left = left.ok_or(PoolError::NotEnough { asked, left: self.left })?;
                Ok(Allocated { allocation: free.insert(allocation), again: false })
            }
        }
    }
    /// Takes an allocation back: its calls can be allocated again. That its pack is unused is the receiving
    /// [account](crate::Account::withdraw)'s to say **W**. Cancelling again changes nothing.
    pub fn cancel(&mut self, request: &RequestId, at: DateTime<Utc>) -> Result<(), CancelError> {
        if self.cancelled.contains(request) {
            return Ok(());
        }
        let allocation = self.allocations.get(request).ok_or(CancelError::Unknown)?;
        if at.signed_duration_since(allocation.at) > CANCEL_WINDOW {
            return Err(CancelError::TooLate);
        }
        self.left = self.left.checked_add(allocation.calls).unwrap_or(self.bought);
        self.allocations.remove(request);
        self.cancelled.insert(request.clone());
        Ok(())
    }
}
