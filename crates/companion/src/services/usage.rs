//! Usage: cached at once, synced behind it.

use crate::companion::Companion;
use crate::error::Error;
use crate::views::{ErrorCode, Step, UsageView, WizardView};

impl Companion {
    /// As last read; never waits for the network.
    pub async fn get_usage(&self, account: &str) -> Result<Option<UsageView>, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Reads the platform again; callers at the same time share one reading.
    pub async fn sync_usage(&self, account: &str) -> Result<UsageView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Step 7 is done.
    pub async fn confirm_usage_seen(&self, account: &str) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }
}
