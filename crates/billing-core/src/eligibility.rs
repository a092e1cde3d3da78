//! Who pays nothing, and who may not open the capability at all.

use serde::{Deserialize, Serialize};

/// What kind of account asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// 小程序
    MiniProgram,
    /// 小游戏
    MiniGame,
}

/// 主体类型: what the account's owner is, as WeChat verified it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectType {
    /// 政府
    Government,
    /// 非营利组织
    NonProfit,
    /// 事业单位
    PublicInstitution,
    /// 企业
    Enterprise,
    /// 个体工商户
    IndividualBusiness,
    /// 媒体
    Media,
    /// 其他组织
    OtherOrganisation,
    /// 个人
    Individual,
}

/// 类目: as far as the rules tell categories apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// 政务民生
    GovernmentServices,
    /// 公立医疗机构
    PublicMedical,
    /// 学历教育（学校）
    FormalEducation,
    /// 商家零售
    Retail,
    /// 餐饮
    Catering,
    /// Any other.
    Other,
}

/// The rule that makes an account free. The order is the order in which they are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FreeRule {
    /// (a) The subject is government or a non-profit organisation **W S0 S3**.
    GovernmentOrNonProfit,
    /// (b) The subject is a public institution and the category is government services **W S0 S3**.
    PublicInstitutionGovernmentServices,
    /// (c) The category is public medical institution or formal education **W S0**. The notice of 2023 **S3** lacks it.
    MedicalOrEducation,
}

impl FreeRule {
    /// Every rule, in the order in which they are tried.
    pub const ALL: [Self; 3] =
        [Self::GovernmentOrNonProfit, Self::PublicInstitutionGovernmentServices, Self::MedicalOrEducation];

    /// Where the rule was read: a key of [`Tariff::sources`](crate::Tariff). Rule (c) is newer than the notice of 2023.
    pub fn source(self) -> &'static str {
        crate::Tariff::embedded().free_rule(self).map_or("", |entry| entry.source.as_str())
    }

    /// Whether the shop should look the category up before relying on the answer. Rules (b) and (c) rest on the
    /// category that WeChat approved, which may differ from what the shop believes; rule (a) rests on the subject
    /// type alone, which WeChat shows **A**.
    pub const fn needs_check(self) -> bool {
        match self {
            Self::GovernmentOrNonProfit => false,
            Self::PublicInstitutionGovernmentServices | Self::MedicalOrEducation => true,
        }
    }

    /// Whether the rule holds for a subject and a category.
    pub const fn holds(self, subject: SubjectType, category: Category) -> bool {
        match self {
            Self::GovernmentOrNonProfit => {
                matches!(subject, SubjectType::Government | SubjectType::NonProfit)
            }
            Self::PublicInstitutionGovernmentServices => {
                matches!(subject, SubjectType::PublicInstitution)
                    && matches!(category, Category::GovernmentServices)
            }
            Self::MedicalOrEducation => {
                matches!(category, Category::PublicMedical | Category::FormalEducation)
            }
        }
    }

    /// The first rule that holds.
    pub fn first_that_holds(subject: SubjectType, category: Category) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.holds(subject, category))
    }
}

/// Why the capability cannot be opened at all **W**.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotEligible {
    /// The account belongs to an individual (个人).
    Individual,
    /// WeChat has not verified the account (未认证).
    NotVerified,
}

/// What an account pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// Nothing. Usage is counted, no lot is touched, a quota query always passes.
    Free {
        /// The first rule that holds.
        rule: FreeRule,
        /// Whether the shop should look the category up first.
        needs_check: bool,
    },
    /// Every successful call, once the trial is used up.
    Pays,
    /// The capability is not open to this account.
    NotEligible {
        /// Why not.
        reason: NotEligible,
    },
}

impl Verdict {
    /// Whether the account is never charged.
    pub const fn is_free(self) -> bool {
        matches!(self, Self::Free { .. })
    }

    /// The rule that makes the account free.
    pub const fn rule(self) -> Option<FreeRule> {
        match self {
            Self::Free { rule, .. } => Some(rule),
            Self::Pays | Self::NotEligible { .. } => None,
        }
    }
}

/// Decides what an account pays. Both kinds of account follow the same list **W S0**.
pub fn decide(_kind: AccountKind, subject: SubjectType, category: Category, verified: bool) -> Verdict {
    if subject == SubjectType::Individual {
        return Verdict::NotEligible { reason: NotEligible::Individual };
    }
    if !verified {
        return Verdict::NotEligible { reason: NotEligible::NotVerified };
    }
    match FreeRule::first_that_holds(subject, category) {
        Some(rule) => Verdict::Free { rule, needs_check: rule.needs_check() },
        None => Verdict::Pays,
    }
}
