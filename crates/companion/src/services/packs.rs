//! The catalogue, and what we would do.

use crate::companion::Companion;
use crate::error::Error;
use crate::views::{ErrorCode, PacksView, WizardView};

impl Companion {
    /// The price list with advice at the given or the known volume.
    pub async fn get_packs(&self, account: &str, monthly_calls: Option<u64>) -> Result<PacksView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Writes down which pack is wanted. Errors: `pack_unknown`, `purchase_open`.
    pub async fn pick_pack(&self, account: &str, pack: &str) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Follows "buy nothing yet".
    pub async fn buy_nothing(&self, account: &str) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }
}
