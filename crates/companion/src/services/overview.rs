//! One account at a glance.

use crate::companion::Companion;
use crate::error::Error;
use crate::views::{ErrorCode, OverviewView};

impl Companion {
    /// From the cache, with standing alerts.
    pub async fn get_overview(&self, account: &str) -> Result<OverviewView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }
}
