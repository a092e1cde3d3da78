//! Who pays, and which way members give their number. The rules are `billing-core`'s.

use crate::api::{
    AcquisitionMode, EligibilityView, ErrorCode, ShopCategory, Step, StepState, Subject, WizardView,
};
use crate::context::Context;
use crate::error::Error;
use crate::onboarding::steps::state_of;
use crate::onboarding::verdict::{eligibility_view, ways_view};
use crate::onboarding::wizard::answer;
use crate::store::answers::Declared;

/// Answers and keeps step 2.
pub(crate) async fn decide_eligibility(
    context: &Context,
    account: &str,
    subject: Subject,
    category: ShopCategory,
    verified: bool,
) -> Result<EligibilityView, Error> {
    let kind = context.account(account).await?.kind;
    let declared = Declared { subject, category, verified };
    answer(context, account, move |answers| answers.declared = Some(declared)).await?;
    eligibility_view(kind, declared).ok_or_else(|| Error::refused(ErrorCode::Internal))
}

/// Answers and keeps step 3. Errors: `step_not_ready`, `figures_invalid`.
pub(crate) async fn choose_way(
    context: &Context,
    account: &str,
    way: AcquisitionMode,
    monthly_calls: u64,
) -> Result<WizardView, Error> {
    let id = context.account(account).await?.id;
    if state_of(&context.snapshot(&id).await?, Step::Way) == StepState::Later {
        return Err(Error::refused(ErrorCode::StepNotReady));
    }
    ways_view(monthly_calls)?;
    answer(context, &id, move |answers| answers.way = Some((way, monthly_calls))).await
}
