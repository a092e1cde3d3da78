//! Credentials as a person pastes them.

use crate::api::ErrorCode;
use crate::error::Error;
use crate::secrets::Secret;

/// An AppID as pasted. Errors: `app_id_invalid`.
pub(crate) fn given_app_id(text: &str) -> Result<String, Error> {
    let app_id = Some(text.trim().to_owned()).filter(|app_id| is_app_id(app_id));
    app_id.ok_or_else(|| Error::refused(ErrorCode::AppIdInvalid))
}

/// An AppSecret as pasted. Errors: `app_secret_invalid`.
pub(crate) fn given_app_secret(secret: &Secret<String>) -> Result<Secret<String>, Error> {
    let app_secret =
        Some(Secret::from(secret.expose().trim())).filter(|secret| is_app_secret(secret.expose()));
    app_secret.ok_or_else(|| Error::refused(ErrorCode::AppSecretInvalid))
}

/// `wx` and 16 hexadecimal digits.
pub(crate) fn is_app_id(text: &str) -> bool {
    text.strip_prefix("wx")
        .is_some_and(|rest| rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// 32 letters and digits: WeChat hands out hexadecimal ones.
fn is_app_secret(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// An access key as pasted; an empty one is never right.
pub(crate) fn given_key(key: &Secret<String>) -> Result<Secret<String>, Error> {
    if key.is_blank() {
        return Err(Error::refused(ErrorCode::MemberCardKeyWrong));
    }
    Ok(Secret::new(key.expose().trim().to_owned()))
}
