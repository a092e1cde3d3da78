use serde::Serialize;
use ts_rs::TS;

use super::{AccountId, Environment, Instant, Money, ProxyChoice, Step, UsageSource};

/// What the settings page shows besides language and theme, which the whole application knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SettingsView {
    /// Every account, archived ones too, in the order in which they were started.
    pub accounts: Vec<ManagedAccountView>,
    pub proxy: ProxyChoice,
    /// What a purchase is worth to the shop; plans are ranked by it.
    pub errand_price: Money,
    /// Hours between two readings that nobody asked for; `None`: the application reads nothing by itself.
    pub read_every: Option<u32>,
    /// What `read_every` can be.
    pub read_every_choices: Vec<u32>,
    /// Days of cover below which an alert is raised.
    pub warn_days: u32,
    /// What `warn_days` can be.
    pub warn_days_choices: Vec<u32>,
    /// Hours in which the system shows nothing.
    pub quiet_hours: Option<QuietHoursView>,
    /// The folder that holds every file of the application.
    pub home: String,
}

/// Hours of the day, Beijing time; over midnight if `to` comes before `from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct QuietHoursView {
    pub from: u32,
    pub to: u32,
}

/// One mini-program, as far as it can be put away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ManagedAccountView {
    #[ts(as = "AccountId")]
    pub id: String,
    pub name: String,
    pub environment: Environment,
    pub created_at: Instant,
    /// Since when it is left out of lists and syncs.
    pub archived_at: Option<Instant>,
    /// The wizard's furthest open step; `None` once the wizard is done.
    pub wizard_at: Option<Step>,
    /// How its usage is read.
    pub source: Option<UsageSource>,
    pub app_id: Option<String>,
    /// What the keyring holds for it, and what would go with it.
    pub has_login: bool,
    pub has_member_card: bool,
}

/// A copy of the ledger that can be restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BackupView {
    /// Its file in the folder of backups.
    pub name: String,
    pub kind: BackupKind,
    pub made_at: Instant,
    #[ts(type = "number")]
    pub bytes: u64,
}

/// Why a copy was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BackupKind {
    Daily,
    /// Before a newer version changed the ledger.
    BeforeUpdate,
    /// It was the ledger until another was restored.
    Replaced,
}
