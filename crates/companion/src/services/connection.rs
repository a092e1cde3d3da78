//! How usage is read.

use crate::companion::Companion;
use crate::error::Error;
use crate::secrets::Secret;
use crate::views::{ErrorCode, TypedFigures, WizardView};

impl Companion {
    /// Checks AppID and AppSecret by reading usage once, then keeps them.
    pub async fn connect_app_secret(&self, account: &str, app_id: &str, app_secret: Secret<String>) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Reads usage through the member-card platform once, then keeps the key.
    pub async fn connect_member_card_usage(&self, account: &str, access_key: Secret<String>) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Keeps the three numbers of the console. Errors: `figures_invalid`.
    pub async fn connect_typed_in(&self, account: &str, figures: TypedFigures) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }
}
