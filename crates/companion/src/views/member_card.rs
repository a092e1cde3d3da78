use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Reading;

/// How members' phone numbers are obtained (手机号码获取方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AcquisitionMode {
    /// 授权获取: verified, charged.
    Authorized,
    /// 会员手动输入: free, unverified.
    Manual,
}

/// Who changed the mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChangedBy {
    Person,
    /// Seen on the platform, not made by this app.
    Elsewhere,
}

/// How a change of mode ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// Written down, not yet confirmed; it is finished on the next occasion, also after a crash.
    Open,
    /// Read back from the platform.
    Confirmed,
    Failed,
}

/// One change of mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ModeChangeView {
    pub id: String,
    pub from: Option<AcquisitionMode>,
    pub to: AcquisitionMode,
    pub by: ChangedBy,
    pub state: ChangeState,
    pub asked_at: String,
    pub confirmed_at: Option<String>,
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
}
