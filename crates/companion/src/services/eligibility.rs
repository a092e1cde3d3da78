//! Who pays, and which way members give their number.

use crate::companion::Companion;
use crate::error::Error;
use crate::views::{AcquisitionMode, EligibilityView, ErrorCode, ShopCategory, Subject, WaysView, WizardView};

impl Companion {
    /// Answers and keeps step 2.
    pub async fn decide_eligibility(&self, account: &str, subject: Subject, category: ShopCategory, verified: bool) -> Result<EligibilityView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Compares the two ways at a volume; nothing is kept.
    pub async fn compare_ways(&self, monthly_calls: u64) -> Result<WaysView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }

    /// Answers and keeps step 3. Errors: `step_not_ready`.
    pub async fn choose_way(&self, account: &str, way: AcquisitionMode, monthly_calls: u64) -> Result<WizardView, Error> {
        Err(Error::refused(ErrorCode::Internal))
    }
}
