use serde::Serialize;
use ts_rs::TS;

use super::{AcquisitionMode, Day, Environment, ErrorCode, Instant, Step};

/// Every account beside the others. Served from the cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AccountsView {
    /// Worst first; archived ones last.
    pub accounts: Vec<AccountRow>,
    /// Accounts whose dates are being worked out behind the page; until then older ones are shown, or none.
    pub working_out: u32,
}

/// One account in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AccountRow {
    pub id: String,
    pub name: String,
    pub environment: Environment,
    pub archived: bool,
    pub app_id: Option<String>,
    /// The wizard's furthest open step; `None` once the wizard is done.
    pub wizard_at: Option<Step>,
    pub state: AccountState,
    /// Days from today to the likely run-out: an estimate.
    pub days_left: Option<u32>,
    /// Calls that can be used now.
    pub remaining: Option<u64>,
    /// The run-out: an estimate, days as `YYYY-MM-DD`. `None` means not within two years, or not known.
    pub earliest: Option<Day>,
    pub likely: Option<Day>,
    pub latest: Option<Day>,
    /// The lot that ends first: when, and with how many calls left.
    pub expires_at: Option<Instant>,
    pub expiring: Option<u64>,
    pub mode: Option<AcquisitionMode>,
    /// When usage was read or typed in; `None`: never.
    pub read_at: Option<Instant>,
    pub typed_in: bool,
    /// The figures are older than the sync interval allows.
    pub stale: bool,
    /// Why the last reading failed.
    pub error: Option<ErrorCode>,
}

/// How an account stands, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Nothing is left: customers are turned away.
    Dry,
    /// It may run out before a pack that is paid for today is there.
    RunsOutSoon,
    /// The last reading failed, and there are no fresh figures from before.
    CannotRead,
    /// No usage was read or typed in yet.
    NotConnected,
    /// There are figures, but nothing can be said of the days ahead yet.
    Unknown,
    /// Enough until the likely run-out.
    Lasts,
    /// Enough for longer than dates are shown.
    LastsLong,
    /// It pays nothing by a free rule.
    Free,
}
