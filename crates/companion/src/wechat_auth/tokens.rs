//! WeChat's access tokens: in memory only, one for each caller, asked for once however many need it.
//!
//! By `stable_token` without forced refresh, which leaves the tokens of the shop's other systems alone; or by a
//! third-party platform's authorisation.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::app::Companion;
use crate::clients::wechat::Token;
use crate::clients::{ClientError, Wechat};
use crate::error::Error;
use crate::infra::single_flight::SingleFlight;
use crate::secrets::{Secret, SecretKind};
use crate::views::{ErrorCode, ErrorView};
use crate::wechat_auth::caller::{Caller, Credential};

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
    renewals: SingleFlight<Result<Held, ErrorView>>,
}

/// The token of one caller.
#[derive(Debug, Default)]
struct Slot {
    held: Option<Held>,
    /// When a token was given up as stale, unless one was accepted since.
    doubted_at: Option<DateTime<Utc>>,
    /// Why there is none, and since when that is known.
    failed: Option<(DateTime<Utc>, ErrorView)>,
}

/// A token and until when it is used.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    value: Arc<Secret<String>>,
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
    fn with<T>(&self, caller: &str, act: impl FnOnce(&mut Slot) -> T) -> T {
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
    fn just_failed(&self, caller: &str, now: DateTime<Utc>) -> Option<ErrorView> {
        let is_fresh = |at: DateTime<Utc>| (TimeDelta::zero()..FAILURE_SHARED).contains(&(now - at));
        self.with(caller, |slot| slot.failed.clone().filter(|(at, _)| is_fresh(*at)).map(|(_, view)| view))
    }

    fn accepted(&self, caller: &str) {
        self.with(caller, |slot| slot.doubted_at = None);
    }

    /// WeChat calls `stale` stale. Whether there is, or can be, a better one to repeat the call with.
    fn give_up(&self, caller: &str, stale: &Held, now: DateTime<Utc>) -> bool {
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

impl Companion {
    /// The caller's token. Whoever needs one while it is being renewed waits for that renewal, and shares its failure.
    async fn token(&self, caller: &Caller) -> Result<Held, Error> {
        let tokens = &self.shared.tokens;
        let now = || self.now(caller.environment);
        let usable = || tokens.usable(&caller.id, now());
        if let Some(held) = usable() {
            return Ok(held);
        }
        let renewal = || async {
            // What has landed since the look above.
            if let Some(held) = usable() {
                return Ok(held);
            }
            if let Some(view) = tokens.just_failed(&caller.id, now()) {
                return Err(view);
            }
            let renewed = self.renewed(caller).await.map_err(|error| self.report(&error));
            match &renewed {
                Ok(held) => tokens.hold(&caller.id, held.clone()),
                Err(view) => tokens.with(&caller.id, |slot| slot.failed = Some((now(), view.clone()))),
            }
            renewed
        };
        tokens.renewals.run(&caller.id, renewal).await.map_err(Error::Reported)
    }

    async fn renewed(&self, caller: &Caller) -> Result<Held, Error> {
        let asked_at = self.now(caller.environment);
        let token = match caller.credential {
            Credential::AppSecret => {
                let secret = self.secret_of(caller.environment, &caller.id, SecretKind::AppSecret).await?;
                // Removed from the keyring by hand: the shop has to enter it again.
                let secret = secret.ok_or_else(|| Error::refused(ErrorCode::AppSecretWrong))?;
                let token = self.wechat(caller.environment)?.stable_token(&caller.app_id, &secret).await;
                token.map_err(self.client_error(caller.environment))?
            }
            Credential::Authorisation => self.authorised_token(caller).await?,
        };
        Ok(Held::new(token, asked_at))
    }

    /// Asks WeChat with the caller's token; once more with a new one when WeChat calls it stale (40001, 40014, 42001).
    pub(crate) async fn ask_wechat<T, F>(
        &self,
        caller: &Caller,
        ask: impl Fn(Wechat, Arc<Secret<String>>) -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, ClientError>>,
    {
        let wechat = self.wechat(caller.environment)?;
        let tokens = &self.shared.tokens;
        let held = self.token(caller).await?;
        let mut answer = ask(wechat.clone(), Arc::clone(&held.value)).await;
        let is_stale = answer.as_ref().is_err_and(ClientError::is_token_stale);
        if is_stale && tokens.give_up(&caller.id, &held, self.now(caller.environment)) {
            let held = self.token(caller).await?;
            answer = ask(wechat, held.value).await;
        }
        if !answer.as_ref().is_err_and(ClientError::is_token_stale) {
            tokens.accepted(&caller.id);
        }
        answer.map_err(self.client_error(caller.environment))
    }
}
