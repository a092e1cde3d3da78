//! What every part of practice speaks of: accounts, mini-programs, the habits of customers. Nothing here knows the store,
//! the routes or the pages.

use billing_core::{AccountKind, Capability, Category, SubjectType};
use chrono::{DateTime, Utc};

/// Both capabilities, in the order in which pages list them.
pub(crate) const CAPABILITIES: [Capability; 2] = [Capability::Quick, Capability::Realtime];

/// A capability as it is stored, and as it stands in addresses of pages.
pub(crate) const fn capability_text(capability: Capability) -> &'static str {
    match capability {
        Capability::Quick => "quick",
        Capability::Realtime => "realtime",
    }
}

/// Kinds of accounts. Their tokens are good for interfaces of their kind only **W**.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Also a mini-game: which of the two stands with the [`Program`].
    MiniProgram,
    /// A service provider, for bulk purchase.
    Provider,
    /// A third-party platform.
    Platform,
}

words! {
    /// What the platform allows a mini-program **W**.
    Standing {
        /// Certified, not a person's: the components are open to it.
        Good = "good",
        /// A person's, or not certified.
        NoPermission = "no_permission",
        /// Its use of the component was stopped.
        Blocked = "blocked",
    }
}

/// One mini-program or mini-game as the platform knows it.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) app_id: String,
    pub(crate) kind: AccountKind,
    pub(crate) name: String,
    pub(crate) shop: String,
    pub(crate) subject: SubjectType,
    pub(crate) category: Category,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) standing: Standing,
    /// Whether 用户隐私保护指引 declares the phone number.
    pub(crate) privacy_declared: bool,
    /// Practice stores no e-mail address as it was typed: some people type their real one.
    pub(crate) login_email_hash: Option<String>,
    pub(crate) password_hash: Option<String>,
    pub(crate) secret_hash: Option<String>,
    pub(crate) secret_set_at: Option<DateTime<Utc>>,
}

words! {
    /// 正式版, 体验版, 开发版: all three use the same quota **W**.
    ProgramVersion {
        Release = "release",
        Trial = "trial",
        Develop = "develop",
    }
}

/// The call that a shop's backend makes for every customer.
pub(crate) const PHONE_NUMBER: &str = "/wxa/business/getuserphonenumber";

/// Most customers of an ordinary hour.
pub(crate) const PER_HOUR_MAX: u32 = 1_000;

/// How a shop's customers behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Habits {
    /// Customers an hour, averaged over a day's opening hours on an ordinary day.
    pub(crate) per_hour: u32,
    /// How many of a hundred refuse.
    pub(crate) refuse_percent: u8,
    /// How many of a hundred authorise twice.
    pub(crate) repeat_percent: u8,
}

impl Habits {
    /// Returns `None` for no customers at all; an error is a sentence for the page.
    pub(crate) fn new(per_hour: u32, refuse_percent: u8, repeat_percent: u8) -> Result<Option<Self>, String> {
        if per_hour > PER_HOUR_MAX {
            return Err(format!("per_hour must be 0 to {PER_HOUR_MAX}"));
        }
        if u16::from(refuse_percent) + u16::from(repeat_percent) > 100 {
            return Err("refuse_percent and repeat_percent must not exceed 100 together".to_owned());
        }
        Ok((per_hour > 0).then_some(Self { per_hour, refuse_percent, repeat_percent }))
    }
}
