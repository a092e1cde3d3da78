//! The login e-mail and password of the mini-program.

use url::Url;

use crate::companion::Companion;
use crate::error::Error;
use crate::secrets::Secret;
use crate::views::{ErrorCode, LoginCheck, LoginField, ConsolePage, WizardView};

impl Companion {
    /// The verdict on what is being typed; nothing is kept.
    #[allow(unused)]
    pub async fn check_login(&self, email: &Secret<String>, password: &Secret<String>) -> Result<LoginCheck, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// A strong password WeChat accepts.
    pub async fn suggest_password(&self) -> Result<Secret<String>, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Keeps both in the keyring, or neither. Errors: `email_invalid`, `password_weak`, `keyring_…`.
    pub async fn save_login(&self, account: &str, email: Secret<String>, password: Secret<String>) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// The shop says that 小程序助手 has saved them.
    pub async fn confirm_login_set(&self, account: &str) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// The saved e-mail or password, to show, copy or fill. Errors: `login_missing`, `keyring_…`.
    pub async fn login_secret(&self, account: &str, field: LoginField) -> Result<Secret<String>, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// The shop says that it is signed in to the console.
    pub async fn confirm_signed_in(&self, account: &str) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Tells that the console window of `account` loaded `url`. Records the sign-in when it is a page behind the sign-in of its own console; says whether it is one.
    pub async fn console_reached(&self, account: &str, url: &Url) -> Result<bool, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// The address of a console page, for the account's environment. Errors: `practice_failed`, `unreachable`.
    pub async fn console_address(&self, account: &str, page: ConsolePage) -> Result<Url, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }
}
