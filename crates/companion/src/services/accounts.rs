//! Accounts and settings of the screens.

use crate::companion::Companion;
use crate::error::Error;
use crate::views::{AppView, Environment, ErrorCode, Language, Theme, WizardView};

impl Companion {
    /// What the UI asks for first. `practice` is left for the shell to fill.
    pub async fn get_app(&self) -> Result<AppView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Sets the language of the screens.
    pub async fn set_language(&self, language: Language) -> Result<AppView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Sets light, dark or as the system says.
    pub async fn set_theme(&self, theme: Theme) -> Result<AppView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Makes the pages speak of `account`.
    pub async fn select_account(&self, account: &str) -> Result<AppView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Starts a new account, makes it the active one and opens its wizard. Errors: `name_empty`.
    pub async fn start_account(&self, environment: Environment, name: &str) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Changes name or environment while nothing depends on them. Errors: `name_empty`, `step_not_ready`.
    pub async fn rename_account(&self, account: &str, environment: Environment, name: &str) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }
}
