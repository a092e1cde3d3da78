//! WeChat's access tokens: in memory only, one for each account, asked for once however many need it.
//!
//! Always by `stable_token` without forced refresh, which leaves the tokens of the shop's other systems alone.

use std::sync::{Arc, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::clients::wechat::Token;
use crate::clients::{ClientError, Wechat};
use crate::companion::Companion;
use crate::error::Error;
use crate::secrets::{Secret, SecretKind};
use crate::store::accounts::Account;
use crate::views::ErrorCode;

/// A token is renewed so long before it ends, or at nine tenths of its time if that is sooner.
const RENEW_BEFORE: TimeDelta = TimeDelta::minutes(1);

/// The token of one account. Whoever holds the lock gets it; the others wait for that.
pub(crate) type TokenCell = tokio::sync::Mutex<Option<Held>>;

/// A token and until when it is used.
#[derive(Debug)]
pub(crate) struct Held {
    value: Arc<Secret<String>>,
    until: DateTime<Utc>,
}

impl Held {
    pub(super) fn new(token: Token, now: DateTime<Utc>) -> Self {
        let lasts = TimeDelta::from_std(token.expires_in).unwrap_or(TimeDelta::zero());
        let margin = RENEW_BEFORE.min(lasts / 10);
        Self { value: Arc::new(token.value), until: now + lasts - margin }
    }
}

impl Companion {
    fn token_cell(&self, account: &str) -> Arc<TokenCell> {
        let mut tokens = self.shared.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tokens.entry(account.to_owned()).or_default())
    }

    /// Uses a token that was just obtained.
    pub(super) async fn hold_token(&self, account: &str, held: Option<Held>) {
        *self.token_cell(account).lock().await = held;
    }

    async fn token(&self, account: &Account, app_id: &str) -> Result<Arc<Secret<String>>, Error> {
        let cell = self.token_cell(&account.id);
        let mut slot = cell.lock().await;
        let now = self.now(account.environment);
        if let Some(held) = slot.as_ref().filter(|held| now < held.until) {
            return Ok(Arc::clone(&held.value));
        }
        *slot = None;
        let secret = self.secret(account, SecretKind::AppSecret).await?;
        // Removed from the keyring by hand: the shop has to enter it again.
        let secret = secret.ok_or_else(|| Error::refused(ErrorCode::AppSecretWrong))?;
        let token = self.wechat(account.environment)?.stable_token(app_id, &secret).await;
        let held = Held::new(token.map_err(self.client_error(account.environment))?, now);
        let value = Arc::clone(&held.value);
        *slot = Some(held);
        Ok(value)
    }

    async fn forget_token(&self, account: &str, stale: &Arc<Secret<String>>) {
        let cell = self.token_cell(account);
        let mut slot = cell.lock().await;
        // Somebody else may have renewed it meanwhile.
        if slot.as_ref().is_some_and(|held| Arc::ptr_eq(&held.value, stale)) {
            *slot = None;
        }
    }

    /// Asks WeChat with the account's token; once more with a new one when WeChat calls it stale (40001, 40014, 42001).
    pub(super) async fn ask_wechat<T, F>(
        &self,
        account: &Account,
        app_id: &str,
        ask: impl Fn(Wechat, Arc<Secret<String>>) -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, ClientError>>,
    {
        let wechat = self.wechat(account.environment)?;
        let token = self.token(account, app_id).await?;
        match ask(wechat.clone(), Arc::clone(&token)).await {
            Err(error) if error.is_token_stale() => {
                self.forget_token(&account.id, &token).await;
                let token = self.token(account, app_id).await?;
                ask(wechat, token).await.map_err(self.client_error(account.environment))
            }
            answer => answer.map_err(self.client_error(account.environment)),
        }
    }
}
