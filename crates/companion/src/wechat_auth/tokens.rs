//! WeChat's access tokens: in memory only, one for each caller, asked for once however many need it.
//!
//! By `stable_token` without forced refresh, which leaves the tokens of the shop's other systems alone; or by a
//! third-party platform's authorisation.

use std::sync::Arc;

use crate::api::ErrorCode;
use crate::clients::{ClientError, Wechat};
use crate::context::Context;
use crate::error::Error;
use crate::secrets::{Secret, SecretKind, SecretName};
use crate::wechat_auth::authorisation::authorised_token;
use crate::wechat_auth::caller::{Caller, Credential};
use crate::wechat_auth::token_cache::{Held, Tokens};

/// The caller's token. Whoever needs one while it is being renewed waits for that renewal, and shares its failure.
pub(crate) async fn token(context: &Context, tokens: &Arc<Tokens>, caller: &Caller) -> Result<Held, Error> {
    let now = || context.now(caller.environment);
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
        let renewed = renewed(context, caller).await.map_err(|error| context.report(&error));
        match &renewed {
            Ok(held) => tokens.hold(&caller.id, held.clone()),
            Err(view) => tokens.with(&caller.id, |slot| slot.failed = Some((now(), view.clone()))),
        }
        renewed
    };
    tokens.renewals.run(&caller.id, renewal).await.map_err(Error::Reported)
}

async fn renewed(context: &Context, caller: &Caller) -> Result<Held, Error> {
    let asked_at = context.now(caller.environment);
    let token = match caller.credential {
        Credential::AppSecret => {
            let name = SecretName::new(caller.environment, &caller.id, SecretKind::AppSecret);
            let secret = context.secret_named(name).await?;
            // Removed from the keyring by hand: the shop has to enter it again.
            let secret = secret.ok_or_else(|| Error::refused(ErrorCode::AppSecretWrong))?;
            let token = context.wechat(caller.environment)?.stable_token(&caller.app_id, &secret).await;
            token.map_err(context.client_error(caller.environment))?
        }
        Credential::Authorisation => authorised_token(context, caller).await?,
    };
    Ok(Held::new(token, asked_at))
}

/// Asks WeChat with the caller's token; once more with a new one when WeChat calls it stale (40001, 40014, 42001).
pub(crate) async fn ask_wechat<T, F>(
    context: &Context,
    tokens: &Arc<Tokens>,
    caller: &Caller,
    ask: impl Fn(Wechat, Arc<Secret<String>>) -> F,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, ClientError>>,
{
    let wechat = context.wechat(caller.environment)?;
    let held = token(context, tokens, caller).await?;
    let mut answer = ask(wechat.clone(), Arc::clone(&held.value)).await;
    let is_stale = answer.as_ref().is_err_and(ClientError::is_token_stale);
    if is_stale && tokens.give_up(&caller.id, &held, context.now(caller.environment)) {
        let held = token(context, tokens, caller).await?;
        answer = ask(wechat, held.value).await;
    }
    if !answer.as_ref().is_err_and(ClientError::is_token_stale) {
        tokens.accepted(&caller.id);
    }
    answer.map_err(context.client_error(caller.environment))
}
