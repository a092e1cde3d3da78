use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    AccountId, AccountKind, AcquisitionMode, Day, Environment, Instant, Money, PricePerCall, PurchaseView,
    UsageSource,
};

/// The eleven steps, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Welcome,
    Eligibility,
    Way,
    Login,
    Console,
    Connect,
    Usage,
    Pack,
    Payment,
    Mode,
    Done,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Done,
    /// May be opened now.
    Open,
    /// Something before it is missing.
    Later,
    /// An earlier answer made it needless (free accounts, "buy nothing yet").
    Skipped,
}

/// One line of the step list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct StepView {
    pub step: Step,
    pub state: StepState,
    /// Minutes a newcomer needs, a rule of thumb.
    pub minutes: u32,
}

/// The wizard of one account: where it stands and what was already answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct WizardView {
    #[ts(as = "AccountId")]
    pub account: String,
    pub name: String,
    pub kind: AccountKind,
    pub environment: Environment,
    /// The step on screen; survives quitting and crashing.
    pub at: Step,
    pub steps: Vec<StepView>,
    pub eligibility: Option<EligibilityView>,
    pub way: Option<WayChosen>,
    /// E-mail and password are in the keyring.
    pub login_saved: bool,
    /// The shop said that 小程序助手 has saved them.
    pub login_confirmed: bool,
    /// RFC 3339; the console window reached a signed-in page, or the shop said so.
    pub signed_in_at: Option<Instant>,
    pub connection: Option<ConnectionView>,
    pub usage_seen: bool,
    pub purchase: Option<PurchaseDecision>,
    pub mode: Option<AcquisitionMode>,
    pub finished_at: Option<Instant>,
}

/// Subject type of the account (微信认证主体类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Government,
    NonProfit,
    PublicInstitution,
    Enterprise,
    IndividualBusiness,
    Media,
    OtherOrganisation,
    Individual,
}

/// Category (类目) as far as the free rules distinguish it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ShopCategory {
    GovernmentServices,
    PublicMedical,
    FormalEducation,
    Retail,
    Catering,
    Other,
}

/// Which free rule decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FreeRuleName {
    GovernmentOrNonProfit,
    PublicInstitutionGovernmentServices,
    MedicalOrEducation,
}

/// Why the capability is not open at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NotEligibleReason {
    Individual,
    NotVerified,
}

/// Whether the account pays, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Decision {
    /// `needs_check`: the rule is newer than the notice; look it up in the console.
    Free {
        rule: FreeRuleName,
        needs_check: bool,
    },
    Pays {
        unit_price: PricePerCall,
        charging_since: Instant,
    },
    NotEligible {
        reason: NotEligibleReason,
    },
}

/// The answers of step 2 and what follows from them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EligibilityView {
    pub subject: Subject,
    pub category: ShopCategory,
    pub verified: bool,
    pub decision: Decision,
}

/// What step 3 compares, at a given volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct WaysView {
    pub monthly_calls: u64,
    /// Yuan, two decimals: calls of a year × unit price.
    pub authorised_year: Money,
    pub authorised_unit: PricePerCall,
    /// What is paid in the first year once the trial quota is used up first.
    pub authorised_first_year: Money,
    /// Whole months the trial quota alone lasts; `None`: longer than ten years.
    pub trial_months: Option<u32>,
    pub trial_calls: u64,
    pub manual_year: Money,
}

/// The answer of step 3.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct WayChosen {
    pub way: AcquisitionMode,
    pub monthly_calls: u64,
}

/// How usage is read (step 6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ConnectionView {
    pub source: UsageSource,
    pub app_id: Option<String>,
    /// RFC 3339.
    pub connected_at: Instant,
}

/// What became of steps 8 and 9.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PurchaseDecision {
    /// The shop follows "buy nothing yet".
    Nothing { look_again: Option<Day> },
    /// A pack was picked; the payment step deals with it.
    Pack { purchase: Box<PurchaseView> },
}
