//! Who pays, in the words of the page. The rules are `billing-core`'s.

use billing_core::eligibility::{self, NotEligible};
use billing_core::{
    Calls, Capability, CapabilityTariff, Category, FreeRule, SubjectType, Tariff, Verdict, Yuan,
};

use crate::api::{
    AccountKind, Decision, EligibilityView, ErrorCode, FreeRuleName, Instant, Money, NotEligibleReason,
    PricePerCall, ShopCategory, Subject, WaysView,
};
use crate::error::Error;
use crate::store::answers::Declared;

/// A trial that lasts longer than this many months is shown as lasting "longer".
const TRIAL_MONTHS_MAX: u64 = 120;

/// The capability the application is about: quick verification.
pub(crate) fn quick(kind: AccountKind) -> Option<&'static CapabilityTariff> {
    Tariff::embedded().capability(kind_of(kind), Capability::Quick)
}

pub(crate) fn quick_or_error(kind: AccountKind) -> Result<&'static CapabilityTariff, Error> {
    quick(kind).ok_or_else(|| Error::refused(ErrorCode::Internal))
}

/// What follows from the answers of step 2; `None` where the tariff lacks the capability.
pub(crate) fn eligibility_view(kind: AccountKind, declared: Declared) -> Option<EligibilityView> {
    let Declared { subject, category, verified } = declared;
    let verdict = eligibility::decide(kind_of(kind), subject_type(subject), category_of(category), verified);
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
            unit_price: PricePerCall(quick(kind)?.unit_price.value),
            charging_since: Instant(quick(kind)?.charging_starts()),
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

/// What the two ways cost at a volume, the same for both kinds of account. Errors: `figures_invalid` above 10^10 calls a
/// month.
pub(crate) fn ways_view(monthly_calls: u64) -> Result<WaysView, Error> {
    let tariff = quick_or_error(AccountKind::MiniProgram)?;
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

const fn kind_of(kind: AccountKind) -> billing_core::AccountKind {
    match kind {
        AccountKind::MiniProgram => billing_core::AccountKind::MiniProgram,
        AccountKind::MiniGame => billing_core::AccountKind::MiniGame,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mini_game_pays_the_same_from_a_later_day_on() {
        let declared =
            Declared { subject: Subject::Enterprise, category: ShopCategory::Catering, verified: true };
        let decision = |kind| eligibility_view(kind, declared).unwrap().decision;
        for (kind, day) in [(AccountKind::MiniProgram, "2023-08-28"), (AccountKind::MiniGame, "2025-08-04")] {
            let Decision::Pays { unit_price, charging_since } = decision(kind) else { panic!("{kind:?}") };
            assert_eq!(unit_price.0.to_string(), "0.03", "{kind:?}");
            assert_eq!(charging_since, format!("{day}T00:00:00+08:00").as_str());
        }
    }

    /// What the two ways cost is not asked of an account.
    #[test]
    fn both_kinds_have_one_price_and_one_trial() {
        let of = |kind| quick(kind).map(|tariff| (tariff.unit_price.value, tariff.trial.value));
        assert_eq!(of(AccountKind::MiniProgram), of(AccountKind::MiniGame));
    }
}
