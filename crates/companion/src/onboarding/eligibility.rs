//! Who pays, and which way members give their number. The rules are `billing-core`'s.

use billing_core::{Calls, Yuan};

use crate::api::{
    AcquisitionMode, EligibilityView, ErrorCode, Money, PricePerCall, ShopCategory, Step, StepState, Subject,
    WaysView, WizardView,
};
use crate::app::Companion;
use crate::error::Error;
use crate::onboarding::steps::state_of;
use crate::onboarding::verdict::{eligibility_view, quick_or_error};
use crate::store::answers::Declared;

/// A trial that lasts longer than this many months is shown as lasting "longer".
const TRIAL_MONTHS_MAX: u64 = 120;

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
        let tariff = quick_or_error()?;
        let unit = tariff.unit_price.value;
        let trial = tariff.trial.value.get();
        let too_many = || Error::refused(ErrorCode::FiguresInvalid);
        let cost = |calls: u64| unit.times(Calls::new(calls).ok()?);
        let year = monthly_calls.checked_mul(12).ok_or_else(too_many)?;
        let trial_months = trial.checked_div(monthly_calls).filter(|months| *months <= TRIAL_MONTHS_MAX);
        Ok(WaysView {
            monthly_calls,
            authorised_year: Money(cost(year).ok_or_else(too_many)?),
            authorised_unit: PricePerCall(unit),
            authorised_first_year: Money(cost(year.saturating_sub(trial)).ok_or_else(too_many)?),
            trial_months: trial_months.and_then(|months| u32::try_from(months).ok()),
            trial_calls: trial,
            manual_year: Money(Yuan::ZERO),
        })
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
        self.compare_ways(monthly_calls).await?;
        self.answer(&id, move |answers| answers.way = Some((way, monthly_calls))).await
    }
}
