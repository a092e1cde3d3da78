use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AccountId, AcquisitionMode, ErrorCode, Instant, Step};

/// Where a mini-program's platforms are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// The embedded stand-in: real HTTP, real rules, no money.
    Practice,
    /// WeChat itself and the shop's member-card platform.
    Live,
}

/// What an account is at WeChat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    MiniProgram,
    /// WeChat does not say that its usage interface answers for one.
    MiniGame,
}

/// Language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    Zh,
    En,
}

/// Light, dark, or as the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    System,
    Light,
    Dark,
}

/// Through which proxy the web is reached. This computer is always reached directly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind", content = "address")]
pub enum ProxyChoice {
    /// As the system says.
    System,
    /// Through none.
    Direct,
    /// Through this one: `http://` or `https://`, without user name and password.
    Address(String),
}

/// One mini-program or mini-game the shop looks after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AccountView {
    #[ts(as = "AccountId")]
    pub id: String,
    pub name: String,
    pub kind: AccountKind,
    pub environment: Environment,
    /// The wizard's furthest open step; `None` once the wizard is done.
    pub wizard_at: Option<Step>,
}

/// The first thing the UI asks for. Never waits for the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AppView {
    pub version: String,
    pub language: Language,
    pub theme: Theme,
    /// Numbers of calls and amounts are not to be seen, as on a screen that customers see.
    pub figures_hidden: bool,
    pub accounts: Vec<AccountView>,
    /// The account the pages speak of.
    #[ts(as = "Option<AccountId>")]
    pub active: Option<String>,
    /// Alerts that were raised and not read.
    pub unread: u32,
    /// Present when the embedded practice platform runs.
    pub practice: Option<PracticeView>,
    /// The live member-card platform's address is set in the environment.
    pub live_member_card: bool,
}

/// The embedded practice platform, as far as screens need to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PracticeView {
    /// Names of the mini-programs that exist in practice, the first being the default.
    pub mini_programs: Vec<String>,
    /// The same of the mini-games.
    pub mini_games: Vec<String>,
    /// The practice clock.
    pub now: Instant,
}

/// How one reading came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Read from the platform.
    Platform,
    /// Worked out exactly from platform figures.
    Derived,
    /// Typed in by the shop.
    TypedIn,
    /// A forecast or a rule of thumb.
    Estimated,
}

/// A figure with where and when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Reading<T> {
    pub value: T,
    pub origin: Origin,
    /// RFC 3339, Beijing time.
    pub read_at: Instant,
}

/// Whether trying again can help, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind", content = "at")]
pub enum Retry {
    /// The same call would fail again until the shop changes something.
    Never,
    /// Safe to repeat at once.
    Now,
    /// Not before this instant.
    Later(Instant),
}

/// An error as it crosses IPC: no prose, the UI holds the text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ErrorView {
    pub code: ErrorCode,
    /// Values for the text, by name; never secrets.
    pub params: std::collections::BTreeMap<String, String>,
    pub retry: Retry,
    /// Short reference for support; the same stands in the log.
    #[serde(rename = "ref")]
    pub reference: String,
}

impl ErrorView {
    /// `code` with no parameters, not worth repeating unchanged.
    pub fn new(code: ErrorCode, reference: impl Into<String>) -> Self {
        Self {
            code,
            params: std::collections::BTreeMap::new(),
            retry: Retry::Never,
            reference: reference.into(),
        }
    }
}

macro_rules! tags {
    ($($(#[$attribute:meta])* $tag:ident),+ $(,)?) => {
        /// Names of read models. A read belongs to tags; a change emits them; the UI refetches by tag.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum Tag {
            $($(#[$attribute])* $tag),+
        }

        impl Tag {
            pub const ALL: &[Self] = &[$(Self::$tag),+];
        }
    };
}

tags! {
    App,
    Wizard,
    Usage,
    Purchase,
    MemberCard,
    Practice,
    /// The sync of all accounts.
    Sync,
    /// The dates of all accounts, as they are worked out in the background.
    Outlooks,
    /// What the shop wants to hear of again.
    Reminder,
    /// Alerts that were raised.
    Inbox,
    /// The list of accounts that are being added.
    Adding,
    /// Where alerts also go, besides this computer, and what became of the messages.
    Channels,
    /// Service providers and their allocations.
    Bulk,
    PriceList,
    /// Copies of the ledger.
    Backups,
    /// The console windows that are open.
    Console,
}

/// The event `changed`: what to fetch again, and for which account (`None`: all).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Changed {
    #[ts(as = "Option<AccountId>")]
    pub account: Option<String>,
    pub tags: Vec<Tag>,
}

impl Changed {
    /// Everything may have changed: fetch all of it again.
    pub fn everything() -> Self {
        Self { account: None, tags: Tag::ALL.to_vec() }
    }
}

/// What the wizard's last page and its print-out say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SummaryView {
    pub name: String,
    pub environment: Environment,
    pub finished_at: Instant,
    pub app_id: Option<String>,
    pub mode: Option<AcquisitionMode>,
    pub remaining: Option<u64>,
    pub bought: Option<super::PurchaseView>,
}
