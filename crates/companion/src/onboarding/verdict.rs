//! Who pays, in the words of the page. The rules are `billing-core`'s.

use billing_core::eligibility::{self, NotEligible};
use billing_core::{
    AccountKind, Capability, CapabilityTariff, Category, FreeRule, SubjectType, Tariff, Verdict,
};

use crate::api::{
    Decision, EligibilityView, ErrorCode, FreeRuleName, Instant, NotEligibleReason, PricePerCall,
    ShopCategory, Subject,
};
use crate::error::Error;
use crate::store::answers::Declared;

/// The capability the application is about: quick verification on a mini-program.
pub(crate) fn quick() -> Option<&'static CapabilityTariff> {
    Tariff::embedded().capability(AccountKind::MiniProgram, Capability::Quick)
}

pub(crate) fn quick_or_error() -> Result<&'static CapabilityTariff, Error> {
    quick().ok_or_else(|| Error::refused(ErrorCode::Internal))
}

/// What follows from the answers of step 2; `None` where the tariff lacks the capability.
pub(crate) fn eligibility_view(declared: Declared) -> Option<EligibilityView> {
    let Declared { subject, category, verified } = declared;
    let verdict =
        eligibility::decide(AccountKind::MiniProgram, subject_type(subject), category_of(category), verified);
    let decision = match verdict {
        Verdict::Free { rule, needs_check } => Decision::Free {
            rule: match rule {
                FreeRule::GovernmentOrNonProfit => FreeRuleName::GovernmentOrNonProfit,
                FreeRule::PublicInstitutionGovernmentServices => {
                    FreeRuleName::PublicInstitutionGovernmentServices
                }
                FreeRule::MedicalOrEducation => FreeRuleName::MedicalOrEducation,
            },
            needs_check,
        },
        Verdict::Pays => Decision::Pays {
            unit_price: PricePerCall(quick()?.unit_price.value),
            charging_since: Instant(quick()?.charging_starts()),
        },
        Verdict::NotEligible { reason } => Decision::NotEligible {
            reason: match reason {
                NotEligible::Individual => NotEligibleReason::Individual,
                NotEligible::NotVerified => NotEligibleReason::NotVerified,
            },
        },
    };
    Some(EligibilityView { subject, category, verified, decision })
}

fn subject_type(subject: Subject) -> SubjectType {
    match subject {
        Subject::Government => SubjectType::Government,
        Subject::NonProfit => SubjectType::NonProfit,
        Subject::PublicInstitution => SubjectType::PublicInstitution,
        Subject::Enterprise => SubjectType::Enterprise,
        Subject::IndividualBusiness => SubjectType::IndividualBusiness,
        Subject::Media => SubjectType::Media,
        Subject::OtherOrganisation => SubjectType::OtherOrganisation,
        Subject::Individual => SubjectType::Individual,
    }
}

fn category_of(category: ShopCategory) -> Category {
    match category {
        ShopCategory::GovernmentServices => Category::GovernmentServices,
        ShopCategory::PublicMedical => Category::PublicMedical,
        ShopCategory::FormalEducation => Category::FormalEducation,
        ShopCategory::Retail => Category::Retail,
        ShopCategory::Catering => Category::Catering,
        ShopCategory::Other => Category::Other,
    }
}
