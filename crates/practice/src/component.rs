//! The phone-number component as a page of a mini-program or a mini-game has it, and what its callback says **W**.

use crate::assumed::MINI_GAME_CALL;
use crate::model::ProgramVersion;
use billing_core::account::QUOTA_EXHAUSTED;
use billing_core::{AccountKind, Capability};
use serde::Serialize;

/// WeChat's half-screen notice **W S0**.
pub(crate) const NO_QUOTA_NOTICE: &str = "该功能使用次数已达当前小程序上限，暂时无法使用";

/// The button on a page of the mini-program; in a mini-game the call behind a button that it draws itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Button {
    /// `open-type`, or `isRealtime` of a mini-game: quick or realtime.
    pub(crate) capability: Capability,
    /// `phone-number-no-quota-toast`, `phoneNumberNoQuotaToast`: whether WeChat shows its notice when quota is empty.
    pub(crate) no_quota_toast: bool,
    /// Which version of the mini-program the page belongs to.
    pub(crate) version: ProgramVersion,
}

impl Default for Button {
    /// Member-card mini-programs use the quick component **S3**; the notice is on unless it is switched off **W**.
    fn default() -> Self {
        Self { capability: Capability::Quick, no_quota_toast: true, version: ProgramVersion::Release }
    }
}

/// Why the callback brings no code **W**.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// A person's or an uncertified mini-program.
    NoPermission,
    /// The customer refused.
    Denied,
    /// The privacy guideline does not declare the phone number.
    PrivacyNotDeclared,
    /// Nothing usable is left.
    NoQuota,
    /// The mini-program's use of the component was stopped.
    Blocked,
}

impl Failure {
    /// `e.detail.errno`
    pub(crate) const fn errno(self) -> u32 {
        match self {
            Self::NoPermission => 102,
            Self::Denied => 103,
            Self::PrivacyNotDeclared => 112,
            Self::NoQuota => QUOTA_EXHAUSTED,
            Self::Blocked => 1_421_102,
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::NoPermission => "no permission",
            Self::Denied => "user deny",
            Self::PrivacyNotDeclared => "api scope is not declared in the privacy agreement",
            Self::NoQuota => "appid no enough quota",
            Self::Blocked => "user's getPhoneNumber is blocked",
        }
    }
}

/// `e.detail` of the button's event, or what `success` and `fail` of a mini-game's call get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Detail {
    #[serde(rename = "errMsg")]
    message: String,
    errno: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

impl Detail {
    pub(crate) fn success(kind: AccountKind, capability: Capability, code: String) -> Self {
        Self { message: format!("{}:ok", call_name(kind, capability)), errno: 0, code: Some(code) }
    }

    pub(crate) fn failure(kind: AccountKind, capability: Capability, failure: Failure) -> Self {
        let message = format!("{}:fail {}", call_name(kind, capability), failure.text());
        Self { message, errno: failure.errno(), code: None }
    }
}

/// What messages call the component.
const fn call_name(kind: AccountKind, capability: Capability) -> &'static str {
    match kind {
        AccountKind::MiniProgram => open_type(capability),
        AccountKind::MiniGame => MINI_GAME_CALL,
    }
}

/// `open-type` of a mini-program's button.
pub(crate) const fn open_type(capability: Capability) -> &'static str {
    match capability {
        Capability::Quick => "getPhoneNumber",
        Capability::Realtime => "getRealtimePhoneNumber",
    }
}
