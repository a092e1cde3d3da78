use serde::Serialize;
use ts_rs::TS;

use super::{
    AccountId, AccountKind, AcquisitionMode, Day, Environment, ErrorCode, ExpiryView, Instant, SituationView,
    Step,
};

/// Every account in one table. Served from the cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AccountsView {
    /// Worst first; archived ones last.
    pub accounts: Vec<AccountRow>,
    /// Accounts whose dates are being worked out in the background; until then older ones are shown, or none.
    pub working_out: u32,
}

/// How far a list of accounts to add is, or how the last one went.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
pub struct AddingView {
    pub running: bool,
    pub lines: Vec<AddedLine>,
}

/// One line of the list; its secret is not shown again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AddedLine {
    /// Its number in the list, from 1.
    pub number: u32,
    pub name: String,
    pub app_id: Option<String>,
    pub state: AddedState,
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum AddedState {
    Waiting,
    /// WeChat is being asked.
    Asking,
    Added,
    /// There is such an account already, or it stands above in the list.
    Known,
    /// It was stopped before it came to this line.
    Left,
    /// Nothing of it is stored.
    Refused {
        code: ErrorCode,
    },
}

/// One account in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AccountRow {
    #[ts(as = "AccountId")]
    pub id: String,
    pub name: String,
    pub kind: AccountKind,
    pub environment: Environment,
    pub archived: bool,
    pub app_id: Option<String>,
    /// The wizard's furthest open step; `None` once the wizard is done.
    pub wizard_at: Option<Step>,
    pub situation: SituationView,
    /// Days from today to the likely run-out: an estimate.
    pub days_left: Option<u32>,
    /// Calls that can be used now.
    pub remaining: Option<u64>,
    /// Calls of an average month ahead: an estimate.
    pub monthly: Option<u64>,
    /// The run-out: an estimate, days as `YYYY-MM-DD`. `None` means not within two years, or not known.
    pub earliest: Option<Day>,
    pub likely: Option<Day>,
    pub latest: Option<Day>,
    /// What brings the likely run-out: the date of the last pack, not use.
    pub by_expiry: bool,
    /// The lots that end first, all of that day together.
    pub next_expiry: Option<ExpiryView>,
    pub mode: Option<AcquisitionMode>,
    /// When usage was read or typed in; `None`: never.
    pub read_at: Option<Instant>,
    pub typed_in: bool,
    /// The figures are older than the sync interval allows.
    pub stale: bool,
    /// When the last reading was tried; `None`: never, or typed in.
    pub tried_at: Option<Instant>,
    /// Why it failed.
    pub error: Option<ErrorCode>,
}
