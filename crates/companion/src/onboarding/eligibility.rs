//! Who pays, and which way members give their number. The rules are `billing-core`'s.

use crate::api::{
    AcquisitionMode, EligibilityView, ErrorCode, ShopCategory, Step, StepState, Subject, WaysView, WizardView,
};
use crate::app::Companion;
use crate::error::Error;
use crate::onboarding::steps::state_of;
use crate::onboarding::verdict::{eligibility_view, ways_view};
use crate::store::answers::Declared;

impl Companion {
    /// Answers and keeps step 2.
    pub async fn decide_eligibility(
        &self,
        account: &str,
        subject: Subject,
        category: ShopCategory,
        verified: bool,
    ) -> Result<EligibilityView, Error> {
        let declared = Declared { subject, category, verified };
        self.answer(account, move |answers| answers.declared = Some(declared)).await?;
        eligibility_view(declared).ok_or_else(|| Error::refused(ErrorCode::Internal))
    }

    /// Compares the two ways at a volume; nothing is stored. Errors: `figures_invalid` above 10^10 calls a month.
    #[expect(clippy::unused_async, reason = "every command is asynchronous for whoever calls it")]
    pub async fn compare_ways(&self, monthly_calls: u64) -> Result<WaysView, Error> {
        ways_view(monthly_calls)
    }

    /// Answers and keeps step 3. Errors: `step_not_ready`, `figures_invalid`.
    pub async fn choose_way(
        &self,
        account: &str,
        way: AcquisitionMode,
        monthly_calls: u64,
    ) -> Result<WizardView, Error> {
        let id = self.account(account).await?.id;
        if state_of(&self.snapshot(&id).await?, Step::Way) == StepState::Later {
            return Err(Error::refused(ErrorCode::StepNotReady));
        }
        ways_view(monthly_calls)?;
        self.answer(&id, move |answers| answers.way = Some((way, monthly_calls))).await
    }
}
