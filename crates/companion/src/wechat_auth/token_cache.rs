//! The access tokens that are held, in memory only.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::api::ErrorView;
use crate::clients::wechat::Token;
use crate::infra::single_flight::SingleFlight;
use crate::secrets::Secret;

/// A token is renewed so long before it ends, or at nine tenths of its time if that is sooner.
const RENEW_BEFORE: TimeDelta = TimeDelta::minutes(1);

/// A token that was renewed because WeChat called the one before stale, and is called stale itself, is no way forward:
/// asking for one more waits so long. WeChat spaces its own forced renewals alike **W**.
const RENEWAL_REST: TimeDelta = TimeDelta::seconds(30);

/// How long a failed renewal is the answer for everybody: many who ask at once do not each try in turn.
const FAILURE_SHARED: TimeDelta = TimeDelta::seconds(2);

/// The tokens of all callers.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    slots: Mutex<HashMap<String, Slot>>,
    pub(crate) renewals: SingleFlight<Result<Held, ErrorView>>,
}

/// The token of one caller.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    held: Option<Held>,
    /// When a token was given up as stale, unless one was accepted since.
    doubted_at: Option<DateTime<Utc>>,
    /// Why there is none, and since when that is known.
    pub(crate) failed: Option<(DateTime<Utc>, ErrorView)>,
}

/// A token and until when it is used.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) value: Arc<Secret<String>>,
    until: DateTime<Utc>,
}

impl Held {
    pub(crate) fn new(token: Token, now: DateTime<Utc>) -> Self {
        let lasts = TimeDelta::from_std(token.expires_in).unwrap_or(TimeDelta::zero());
        let margin = RENEW_BEFORE.min(lasts / 10);
        Self { value: Arc::new(token.value), until: now + lasts - margin }
    }
}

impl Tokens {
    pub(crate) fn with<T>(&self, caller: &str, act: impl FnOnce(&mut Slot) -> T) -> T {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        act(slots.entry(caller.to_owned()).or_default())
    }

    /// Uses a token that was just obtained, from now on.
    pub(crate) fn hold(&self, caller: &str, held: Held) {
        self.with(caller, |slot| *slot = Slot { held: Some(held), failed: None, ..std::mem::take(slot) });
    }

    /// Forgets the caller's token.
    pub(crate) fn forget(&self, caller: &str) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).remove(caller);
    }

    pub(crate) fn usable(&self, caller: &str, now: DateTime<Utc>) -> Option<Held> {
        self.with(caller, |slot| slot.held.clone().filter(|held| now < held.until))
    }

    /// The failure of a renewal that was tried a moment ago.
    pub(crate) fn just_failed(&self, caller: &str, now: DateTime<Utc>) -> Option<ErrorView> {
        let is_fresh = |at: DateTime<Utc>| (TimeDelta::zero()..FAILURE_SHARED).contains(&(now - at));
        self.with(caller, |slot| slot.failed.clone().filter(|(at, _)| is_fresh(*at)).map(|(_, view)| view))
    }

    pub(crate) fn accepted(&self, caller: &str) {
        self.with(caller, |slot| slot.doubted_at = None);
    }

    /// WeChat calls `stale` stale. Whether there is, or can be, a better one to repeat the call with.
    pub(crate) fn give_up(&self, caller: &str, stale: &Held, now: DateTime<Utc>) -> bool {
        self.with(caller, |slot| {
            // Somebody else may have renewed it meanwhile.
            if !slot.held.as_ref().is_some_and(|held| Arc::ptr_eq(&held.value, &stale.value)) {
                return true;
            }
            if slot.doubted_at.is_some_and(|at| now.signed_duration_since(at) < RENEWAL_REST) {
                return false;
            }
            *slot = Slot { held: None, doubted_at: Some(now), failed: None };
            true
        })
    }
}
