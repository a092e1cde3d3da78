use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AccountId, AcquisitionMode, Instant, Step};

/// Where a mini-program's platforms are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// The embedded stand-in: real HTTP, real rules, no money.
    Practice,
    /// WeChat itself and the shop's member-card platform.
    Live,
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

/// One mini-program the shop looks after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AccountView {
    #[ts(as = "AccountId")]
    pub id: String,
    pub name: String,
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

/// Every error a person can meet. The UI has what happened, what it means and what to do for each,
/// in both languages; a missing text does not compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    // Start-up and this computer
    AlreadyRunning,
    DatabaseNewer,
    DatabaseDamaged,
    DatabaseMissing,
    /// The backup that was to be restored is not there any more.
    BackupGone,
    BackupDamaged,
    BackupNewer,
    /// A word in the shop's own file that this version does not know. Params: `table`, `row`.
    StoredWordUnknown,
    DiskReadOnly,
    DiskFull,
    DiskFailed,
    /// An address in the environment is none. Params: `variable`.
    AddressInvalid,
    PracticePortTaken,
    PracticeFailed,
    KeyringAbsent,
    KeyringLocked,
    KeyringFailed,
    ClipboardFailed,
    WindowFailed,
    /// The system did not note whether to start the app when the person logs in.
    AutostartFailed,
    // The way to a platform
    /// No connection: refused, unreachable, name not found. Params: `host`.
    Unreachable,
    /// A deadline passed. Params: `host`, `seconds`.
    Timeout,
    /// HTTP status other than 200. Params: `host`, `status`.
    HttpStatus,
    /// The answer is not JSON (an HTML page, a proxy's notice). Params: `host`.
    NotJson,
    /// The answer stopped half-way. Params: `host`.
    Truncated,
    /// The answer is larger than any real one. Params: `host`, `limit_mb`.
    TooLarge,
    /// JSON, but a field is missing or of the wrong kind. Params: `host`, `field`.
    UnexpectedShape,
    /// A certificate was refused. Params: `host`.
    TlsFailed,
    // What WeChat says; params carry `errcode` and `rid` where present
    WechatBusy,
    AppIdWrong,
    AppSecretWrong,
    AppSecretFrozen,
    /// Params: `ip`.
    IpNotAllowed,
    ConfirmationPending,
    IpRefused,
    TokenStale,
    RateMinute,
    RateDay,
    NotPermitted,
    AccountFrozen,
    BadRequest,
    NoUsageYet,
    /// A third-party platform's own token is no longer good; only the platform can make a new one.
    ComponentTokenStale,
    /// The mini-program has not authorised the third-party platform, or no longer.
    NotAuthorised,
    /// The third-party platform's whitelist. Params: `ip`.
    ComponentIpNotAllowed,
    /// Nothing connects the service provider with the receiving mini-program.
    NoRelationship,
    OrderWrong,
    AllocationCancelled,
    /// It stood open in a backup that was restored: whether it was carried out since is not known.
    AllocationUnclear,
    PackNotAllocatable,
    /// Any other refusal of an allocation.
    AllocationRefused,
    /// WeChat has no record of the call: another account's, or older than seven days.
    CallUnknown,
    /// Any `errcode` we do not know.
    UnknownErrcode,
    // Member-card platform
    MemberCardKeyWrong,
    MemberCardNotConnected,
    /// The platform has no such call. Params: `host`.
    MemberCardNotOffered,
    /// The change was accepted, but reading it back shows the old mode. Params: `wanted`, `found`.
    ModeNotConfirmed,
    /// Another mode is in force than the shop saw when it switched; nothing was changed. Params: `wanted`, `found`.
    ModeChangedElsewhere,
    /// Another computer of the shop guards; nothing was changed. Params: `host`, `label` (empty when not known).
    GuardedElsewhere,
    /// The platform cannot tell computers apart, and the shop has not chosen this one to guard.
    GuardComputerNotChosen,
    /// Thresholds of a guard that are not in order, or beyond what is sensible.
    GuardRuleInvalid,
    // What the shop typed or asked for
    NotFound,
    EmailInvalid,
    PasswordWeak,
    NameEmpty,
    AppIdInvalid,
    AppSecretInvalid,
    FiguresInvalid,
    /// Not an address of a proxy, or one with a password in it.
    ProxyInvalid,
    /// Not an amount that an errand can be worth.
    ErrandPriceInvalid,
    /// A third-party platform's AppID, token or refresh token is missing.
    AuthorisationInvalid,
    /// An order, a pack or a receiver is missing.
    AllocationInvalid,
    /// A row of a price list cannot be. Params: `row` (counted from one), `field`.
    PriceInvalid,
    AccountListInvalid,
    /// A file that is no table we can read. Params: `name`.
    FileUnreadable,
    /// A file larger than anything we read. Params: `name`, `limit_mb`.
    FileTooLarge,
    /// No row of a file of sign-ups has a time that can be read.
    BillTimeMissing,
    /// The file that was handed over is held no longer.
    BillFileGone,
    /// No whole day lies between two readings of WeChat's figures.
    BillNoDays,
    PackUnknown,
    /// What was typed is no order number of WeChat's.
    OrderNumberInvalid,
    /// An order that was used, or paid too long ago, cannot be given back.
    NotRefundable,
    /// A purchase of this account is already waiting.
    PurchaseOpen,
    /// Whether an allocation of this service provider was carried out is not known yet.
    AllocationsOpen,
    StepNotReady,
    LoginMissing,
    // The owner's phone
    /// Not an https address, or not one of the product that was chosen.
    ChannelAddressInvalid,
    /// An address of another product than the one that was chosen. Params: `host`.
    ChannelHostWrong,
    /// Not a signing key of the product that was chosen.
    ChannelSecretInvalid,
    /// A channel with this address is there already.
    ChannelTwice,
    /// The keyring does not hold the channel's address.
    ChannelSecretGone,
    /// The receiver does not know the address: the robot was removed, or a key is wrong. Params: `errcode`.
    ChannelAddressRefused,
    /// The robot wants a keyword in every message. Params: `errcode`.
    ChannelKeywordRefused,
    /// The robot wants another signature, or wants one where there is no key. Params: `errcode`.
    ChannelSignRefused,
    /// The robot takes messages from certain addresses only. Params: `errcode`.
    ChannelIpRefused,
    /// Any other refusal of a message. Params: `errcode`.
    ChannelRefused,
    /// The receiver wants to be left alone for a while. Params: `errcode`.
    ChannelLimited,
    /// As many messages went to the channel this month as the application allows itself. Params: `count`.
    ChannelUsedUp,
    /// The address leads on to another one, which is not followed.
    ChannelRedirects,
    /// Whether the message arrived is not known; it is not sent again.
    ChannelUnclear,
    // What only a mistake of ours can cause
    /// No command has this name. Params: `command`.
    CommandUnknown,
    /// Params: `command`, `argument`.
    ArgumentMissing,
    /// An argument that the command does not have. Params: `command`.
    ArgumentUnknown,
    /// An argument of another type than the command's. Params: `command`, `argument`.
    ArgumentInvalid,
    /// The UI waited for a minute; what was asked for may still be done.
    NoAnswer,
    Internal,
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
