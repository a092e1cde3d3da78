//! The wizard: where it stands, and what was answered.

use crate::companion::Companion;
use crate::error::Error;
use crate::views::{ErrorCode, Step, SummaryView, WizardView};

impl Companion {
    /// Where the wizard stands.
    pub async fn get_wizard(&self, account: &str) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Puts a step on screen. Errors: `step_not_ready`.
    pub async fn go_to_step(&self, account: &str, step: Step) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Ends the wizard. Errors: `step_not_ready`.
    pub async fn finish_wizard(&self, account: &str) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// What the last page and its print-out say. Errors: `step_not_ready` before the wizard is finished.
    pub async fn get_summary(&self, account: &str) -> Result<SummaryView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }
}
