use billing_core::situation::Mode;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Day, Instant, ModeChangeId, Reading, WaysView};

/// How members' phone numbers are obtained (手机号码获取方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AcquisitionMode {
    /// 授权获取: verified, charged.
    Authorized,
    /// 会员手动输入: free, unverified.
    Manual,
}

impl AcquisitionMode {
    /// WeChat charges what is obtained so.
    pub(crate) const fn uses_quota(self) -> bool {
        matches!(self, Self::Authorized)
    }

    /// As the member-card contract and the pages write it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Authorized => "authorized",
            Self::Manual => "manual",
        }
    }
}

impl From<AcquisitionMode> for Mode {
    fn from(mode: AcquisitionMode) -> Self {
        match mode {
            AcquisitionMode::Authorized => Self::Authorized,
            AcquisitionMode::Manual => Self::Manual,
        }
    }
}

/// Who changed the mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChangedBy {
    Person,
    /// The rule that switches before the quota runs out.
    Guard,
    /// At a time that was set.
    Schedule,
    /// Seen on the platform, not made by this app.
    Elsewhere,
}

/// Why the mode was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChangeReason {
    /// Somebody wanted it so.
    Chosen,
    /// The change before was taken back.
    TakenBack,
    /// The guard saw that little quota was left.
    QuotaLow,
    /// The guard saw that quota was refilled.
    Refilled,
}

/// How a change of mode ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// Written down, not yet confirmed. It is sent again for ten minutes, and by a later run only when the shop says so.
    Open,
    /// Read back from the platform.
    Confirmed,
    Failed,
}

/// One change of mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ModeChangeView {
    #[ts(as = "ModeChangeId")]
    pub id: String,
    pub from: Option<AcquisitionMode>,
    pub to: AcquisitionMode,
    pub by: ChangedBy,
    /// `None`: the one who changed it did not say.
    pub why: Option<ChangeReason>,
    pub state: ChangeState,
    pub asked_at: Instant,
    pub confirmed_at: Option<Instant>,
}

/// The member-card platform as last read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct MemberCardView {
    /// An access key is in the keyring and the platform's address is known.
    pub connected: bool,
    pub mode: Option<Reading<AcquisitionMode>>,
    pub quota: Option<Reading<u64>>,
    pub issued: Option<Reading<u64>>,
    pub remaining: Option<Reading<u64>>,
    pub sms_balance: Option<Reading<u64>>,
    /// Newest first.
    pub history: Vec<ModeChangeView>,
    /// The last switch can still be taken back.
    pub undo: Option<UndoView>,
    /// A switch whose outcome is not known and that nobody is finishing: the shop does it now or drops it.
    pub unfinished: Option<UnfinishedChangeView>,
    /// The reading is older than the sync interval allows.
    pub stale: bool,
    /// What each mode costs; `None` while the shop's volume is not known.
    pub costs: Option<ModeCostsView>,
    /// `None` until sign-ups were read, or where the platform does not count them.
    pub sign_ups: Option<SignUpsView>,
    pub seen: CustomersSeeView,
}

/// The switch that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct UndoView {
    #[ts(as = "ModeChangeId")]
    pub change: String,
    /// The mode that comes back.
    pub to: AcquisitionMode,
    /// Seconds for which it is offered.
    pub seconds: u32,
}

/// A switch that was asked for and not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct UnfinishedChangeView {
    pub to: AcquisitionMode,
    /// RFC 3339.
    pub asked_at: Instant,
}

/// What each mode costs at the shop's own volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ModeCostsView {
    pub ways: WaysView,
    /// The volume is WeChat's "50 or fewer" or a guess, not a reading.
    pub volume_is_estimate: bool,
    /// By a free rule the account pays in neither mode.
    pub free: bool,
}

/// What decides what customers see when they ask for a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CustomersSeeView {
    /// The shop's name on its platform; `None` until it was read.
    pub shop: Option<String>,
    pub program: String,
    /// Nothing of WeChat's quota is left: authorising fails. `None`: not known.
    pub quota_dry: Option<bool>,
    /// No card of the platform is left.
    pub cards_dry: bool,
}

/// Who asked for a card lately, by way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SignUpsView {
    /// When the platform counted, RFC 3339.
    pub read_at: Instant,
    /// Whole weeks, newest first; the newest ends with the day of the reading.
    pub weeks: Vec<SignUpWeekView>,
    /// Of all weeks together.
    pub authorized: u64,
    pub manual: u64,
    pub cards_issued: u64,
    /// Charged by WeChat, but the number was never fetched.
    pub numbers_not_fetched: u64,
}

/// Seven days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SignUpWeekView {
    /// First and last day, `YYYY-MM-DD`.
    pub first: Day,
    pub last: Day,
    pub authorized: u64,
    pub manual: u64,
    pub cards_issued: u64,
}
