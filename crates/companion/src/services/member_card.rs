//! The member-card platform and the acquisition mode.

use crate::companion::Companion;
use crate::error::Error;
use crate::secrets::Secret;
use crate::views::{AcquisitionMode, ErrorCode, MemberCardView, Step, WizardView};

impl Companion {
    /// Checks the access key by reading the settings, then keeps it.
    pub async fn connect_member_card(&self, account: &str, access_key: Secret<String>) -> Result<MemberCardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// As last read, from the cache.
    pub async fn get_member_card(&self, account: &str) -> Result<MemberCardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Reads the platform again.
    pub async fn sync_member_card(&self, account: &str) -> Result<MemberCardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Intent, call, read back; resolves only when the platform shows the new mode.
    pub async fn set_mode(&self, account: &str, mode: AcquisitionMode) -> Result<MemberCardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Step 10 without a change, or without a member-card platform.
    pub async fn keep_mode(&self, account: &str) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }
}
