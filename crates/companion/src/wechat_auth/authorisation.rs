//! Usage through a third-party platform (第三方平台) that the mini-program authorised with permission set 18: no AppSecret
//! is needed.
//!
//! The platform's own token lasts two hours and is made from tickets that WeChat sends to the platform's server; a
//! desktop app cannot make one. So the operator of the platform gives us one, and gives a new one when WeChat calls it
//! stale (`component_token_stale`).

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::api::ErrorCode;
use crate::clients::wechat::{AuthorizerToken, Component, Token};
use crate::context::Context;
use crate::error::Error;
use crate::secrets::{Secret, SecretKind, SecretName};
use crate::wechat_auth::caller::Caller;
use crate::wechat_auth::credentials::is_app_id;

/// What the keyring holds for an authorisation: one entry, so that its parts cannot come apart.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct StoredAuthorisation {
    component_app_id: String,
    component_access_token: String,
    refresh_token: String,
}

impl StoredAuthorisation {
    fn read(secret: &Secret<String>) -> Option<Self> {
        serde_json::from_str(secret.expose()).ok()
    }

    pub(crate) fn secret(&self) -> Result<Secret<String>, Error> {
        let text = serde_json::to_string(self).map_err(|_| Error::refused(ErrorCode::Internal))?;
        Ok(Secret::new(text))
    }
}

/// An authorisation as it is handed to us.
#[derive(Debug)]
pub struct Authorisation {
    /// The third-party platform's own AppID.
    pub component_app_id: String,
    /// Its token (`component_access_token`).
    pub component_access_token: Secret<String>,
    /// The mini-program's AppID.
    pub app_id: String,
    /// The mini-program's refresh token (`authorizer_refresh_token`).
    pub refresh_token: Secret<String>,
}

impl Authorisation {
    /// Returns what the keyring will hold, and the mini-program's AppID. Errors: `authorisation_invalid`.
    pub(crate) fn checked(&self) -> Result<(StoredAuthorisation, String), Error> {
        let (component_app_id, app_id) = (self.component_app_id.trim(), self.app_id.trim());
        let whole = is_app_id(component_app_id)
            && is_app_id(app_id)
            && !self.component_access_token.is_blank()
            && !self.refresh_token.is_blank();
        if !whole {
            return Err(Error::refused(ErrorCode::AuthorisationInvalid));
        }
        let stored = StoredAuthorisation {
            component_app_id: component_app_id.to_owned(),
            component_access_token: self.component_access_token.expose().trim().to_owned(),
            refresh_token: self.refresh_token.expose().trim().to_owned(),
        };
        Ok((stored, app_id.to_owned()))
    }
}

/// A token by the authorisation in the keyring.
pub(crate) async fn authorised_token(context: &Context, caller: &Caller) -> Result<Token, Error> {
    let name = SecretName::new(caller.environment, &caller.id, SecretKind::Authorisation);
    let secret = context.secret_named(name.clone()).await?;
    // Removed from the keyring by hand: it has to be handed over again.
    let stored = secret.as_ref().and_then(StoredAuthorisation::read);
    let stored = stored.ok_or_else(|| Error::refused(ErrorCode::AuthorisationInvalid))?;
    let before = stored.refresh_token.clone();
    let (token, stored) = exchanged(context, caller, stored).await?;
    if stored.refresh_token != before {
        // Before the token is used: with the old refresh token the next renewal would be refused.
        context.set_secret(name, stored.secret()?).await?;
    }
    Ok(token)
}

/// A token, and what has to be stored from now on.
pub(crate) async fn exchanged(
    context: &Context,
    caller: &Caller,
    mut stored: StoredAuthorisation,
) -> Result<(Token, StoredAuthorisation), Error> {
    let access_token = Secret::from(stored.component_access_token.as_str());
    let component = Component { app_id: &stored.component_app_id, access_token: &access_token };
    let refresh_token = Secret::from(stored.refresh_token.as_str());
    let wechat = context.wechat(caller.environment)?;
    let answer = wechat.authorizer_token(&component, &caller.app_id, &refresh_token).await;
    let AuthorizerToken { token, refresh_token } =
        answer.map_err(context.client_error(caller.environment))?;
    refresh_token.expose().clone_into(&mut stored.refresh_token);
    Ok((token, stored))
}
