//! What the bulk feature holds in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Semaphore;

use crate::api::{AllocationState, ErrorCode};
use crate::store::allocations::Allocation;
use crate::usage::state::Usage;

/// What was never sent within this time is not sent unasked any more: the shop may have helped itself meanwhile.
const WANTED_FOR: TimeDelta = TimeDelta::minutes(10);
/// WeChat takes an allocation back some time after it was asked (docs/wechat.md §2.6) **A**.
const CANCEL_TAKES: TimeDelta = TimeDelta::minutes(10);
/// Allocation calls at once. WeChat limits calls by the minute, and the provider's own systems share that limit.
const CALLS_AT_ONCE: usize = 4;

/// What the bulk feature holds in memory.
#[derive(Debug)]
pub(crate) struct Bulk {
    /// By which an account is read again that calls were allocated to.
    pub(crate) usage: Arc<Usage>,
    pub(super) calls: Semaphore,
    /// When the shop last asked for allocations to be sent, or one was sent: a long batch is still wanted at its end.
    active_at: Mutex<Option<DateTime<Utc>>>,
    /// When WeChat first took a call of this run that takes an allocation back, by the allocation's id.
    cancels: Mutex<HashMap<String, DateTime<Utc>>>,
}

impl Bulk {
    pub(crate) fn new(usage: Arc<Usage>) -> Self {
        Self {
            usage,
            calls: Semaphore::new(CALLS_AT_ONCE),
            active_at: Mutex::default(),
            cancels: Mutex::default(),
        }
    }

    pub(super) fn note_activity(&self, now: DateTime<Utc>) {
        *self.active_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    /// Notes that WeChat took a call that takes an allocation back; whether the first one of this run was a moment ago.
    pub(super) fn is_just_asked(&self, id: &str, now: DateTime<Utc>) -> bool {
        let mut cancels = self.cancels.lock().unwrap_or_else(PoisonError::into_inner);
        let first = *cancels.entry(id.to_owned()).or_insert(now);
        now.signed_duration_since(first) < CANCEL_TAKES
    }

    /// Whether an allocation was never sent and is not to be sent unasked.
    pub(super) fn is_stale(&self, allocation: &Allocation, now: DateTime<Utc>) -> bool {
        let active_at = *self.active_at.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted_at = active_at.map_or(allocation.asked_at, |at| at.max(allocation.asked_at));
        is_unsent(allocation) && now.signed_duration_since(wanted_at) > WANTED_FOR
    }
}

/// WeChat cannot have heard of it.
pub(super) fn is_unsent(allocation: &Allocation) -> bool {
    allocation.state == AllocationState::Open && allocation.attempts == 0 && !is_unclear(allocation)
}

/// It stood open in a backup: WeChat may have heard of it since, and have refused it.
pub(super) fn is_unclear(allocation: &Allocation) -> bool {
    allocation.state == AllocationState::Open && allocation.code == Some(ErrorCode::AllocationUnclear)
}

/// Not to be sent before the shop says so.
pub(super) fn waits_for_shop(allocation: &Allocation) -> bool {
    is_unsent(allocation) || is_unclear(allocation)
}
