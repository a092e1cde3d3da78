use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! error_codes {
    ($($(#[$about:meta])* $code:ident = $word:literal,)+) => {
        /// Every error a person can meet. The UI has what happened, what it means and what to do for each,
        /// in both languages; a missing text does not compile.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum ErrorCode {
            $($(#[$about])* $code),+
        }

        impl ErrorCode {
            /// Every word, in the order of the codes.
            #[cfg(test)]
            pub(crate) const WORDS: &[&str] = &[$($word),+];

            /// As it stands in the shop's files, where no word ever changes (`model/stored.rs`).
            pub(crate) const fn word(self) -> &'static str {
                match self {
                    $(Self::$code => $word,)+
                }
            }

            /// The code of a word in a file.
            pub(crate) fn of_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$code),)+
                    _ => None,
                }
            }
        }
    };
}

error_codes! {
    // Start-up and this computer
    AlreadyRunning = "already_running",
    DatabaseNewer = "database_newer",
    DatabaseDamaged = "database_damaged",
    DatabaseMissing = "database_missing",
    /// The backup that was to be restored is not there any more.
    BackupGone = "backup_gone",
    BackupDamaged = "backup_damaged",
    BackupNewer = "backup_newer",
    /// A word in the shop's own file that this version does not know. Params: `table`, `row`.
    StoredWordUnknown = "stored_word_unknown",
    DiskReadOnly = "disk_read_only",
    DiskFull = "disk_full",
    DiskFailed = "disk_failed",
    /// An address in the environment is none. Params: `variable`.
    AddressInvalid = "address_invalid",
    PracticePortTaken = "practice_port_taken",
    PracticeFailed = "practice_failed",
    KeyringAbsent = "keyring_absent",
    KeyringLocked = "keyring_locked",
    KeyringFailed = "keyring_failed",
    ClipboardFailed = "clipboard_failed",
    WindowFailed = "window_failed",
    /// The system did not note whether to start the app when the person logs in.
    AutostartFailed = "autostart_failed",
    // The way to a platform
    /// No connection: refused, unreachable, name not found. Params: `host`.
    Unreachable = "unreachable",
    /// A deadline passed. Params: `host`, `seconds`.
    Timeout = "timeout",
    /// HTTP status other than 200. Params: `host`, `status`.
    HttpStatus = "http_status",
    /// The answer is not JSON (an HTML page, a proxy's notice). Params: `host`.
    NotJson = "not_json",
    /// The answer stopped half-way. Params: `host`.
    Truncated = "truncated",
    /// The answer is larger than any real one. Params: `host`, `limit_mb`.
    TooLarge = "too_large",
    /// JSON, but a field is missing or of the wrong kind. Params: `host`, `field`.
    UnexpectedShape = "unexpected_shape",
    /// A certificate was refused. Params: `host`.
    TlsFailed = "tls_failed",
    // What WeChat says; params carry `errcode` and `rid` where present
    WechatBusy = "wechat_busy",
    AppIdWrong = "app_id_wrong",
    AppSecretWrong = "app_secret_wrong",
    AppSecretFrozen = "app_secret_frozen",
    /// Params: `ip`.
    IpNotAllowed = "ip_not_allowed",
    ConfirmationPending = "confirmation_pending",
    IpRefused = "ip_refused",
    TokenStale = "token_stale",
    RateMinute = "rate_minute",
    RateDay = "rate_day",
    NotPermitted = "not_permitted",
    /// The same of a mini-game: charge reads are documented for mini-programs only.
    MiniGameNotRead = "mini_game_not_read",
    AccountFrozen = "account_frozen",
    BadRequest = "bad_request",
    NoUsageYet = "no_usage_yet",
    /// A third-party platform's own token is no longer good; only the platform can make a new one.
    ComponentTokenStale = "component_token_stale",
    /// The mini-program has not authorised the third-party platform, or no longer.
    NotAuthorised = "not_authorised",
    /// The third-party platform's whitelist. Params: `ip`.
    ComponentIpNotAllowed = "component_ip_not_allowed",
    /// Nothing connects the service provider with the receiving mini-program.
    NoRelationship = "no_relationship",
    OrderWrong = "order_wrong",
    AllocationCancelled = "allocation_cancelled",
    /// It stood open in a backup that was restored: whether it was carried out since is not known.
    AllocationUnclear = "allocation_unclear",
    PackNotAllocatable = "pack_not_allocatable",
    /// Any other refusal of an allocation.
    AllocationRefused = "allocation_refused",
    /// WeChat has no record of the call: another account's, or older than seven days.
    CallUnknown = "call_unknown",
    /// Any `errcode` we do not know.
    UnknownErrcode = "unknown_errcode",
    // Member-card platform
    MemberCardKeyWrong = "member_card_key_wrong",
    MemberCardNotConnected = "member_card_not_connected",
    /// The platform has no such call. Params: `host`.
    MemberCardNotOffered = "member_card_not_offered",
    /// The change was accepted, but reading it back shows the old mode. Params: `wanted`, `found`.
    ModeNotConfirmed = "mode_not_confirmed",
    /// Another mode is in force than the shop saw when it switched; nothing was changed. Params: `wanted`, `found`.
    ModeChangedElsewhere = "mode_changed_elsewhere",
    /// Another computer of the shop guards; nothing was changed. Params: `host`, `label` (empty when not known).
    GuardedElsewhere = "guarded_elsewhere",
    /// The platform cannot tell computers apart, and the shop has not chosen this one to guard.
    GuardComputerNotChosen = "guard_computer_not_chosen",
    /// Thresholds of a guard that are not in order, or beyond what is sensible.
    GuardRuleInvalid = "guard_rule_invalid",
    // What the shop typed or asked for
    NotFound = "not_found",
    EmailInvalid = "email_invalid",
    PasswordWeak = "password_weak",
    NameEmpty = "name_empty",
    AppIdInvalid = "app_id_invalid",
    AppSecretInvalid = "app_secret_invalid",
    FiguresInvalid = "figures_invalid",
    /// Not an address of a proxy, or one with a password in it.
    ProxyInvalid = "proxy_invalid",
    /// Not an amount that an errand can be worth.
    ErrandPriceInvalid = "errand_price_invalid",
    /// A third-party platform's AppID, token or refresh token is missing.
    AuthorisationInvalid = "authorisation_invalid",
    /// An order, a pack or a receiver is missing.
    AllocationInvalid = "allocation_invalid",
    /// A row of a price list cannot be. Params: `row` (counted from one), `field`.
    PriceInvalid = "price_invalid",
    AccountListInvalid = "account_list_invalid",
    /// A file that is no table we can read. Params: `name`.
    FileUnreadable = "file_unreadable",
    /// A file larger than anything we read. Params: `name`, `limit_mb`.
    FileTooLarge = "file_too_large",
    /// No row of a file of sign-ups has a time that can be read.
    BillTimeMissing = "bill_time_missing",
    /// The file that was handed over is held no longer.
    BillFileGone = "bill_file_gone",
    /// No whole day lies between two readings of WeChat's figures.
    BillNoDays = "bill_no_days",
    PackUnknown = "pack_unknown",
    /// What was typed is no order number of WeChat's.
    OrderNumberInvalid = "order_number_invalid",
    /// An order that was used, or paid too long ago, cannot be given back.
    NotRefundable = "not_refundable",
    /// A purchase of this account is already waiting.
    PurchaseOpen = "purchase_open",
    /// Whether an allocation of this service provider was carried out is not known yet.
    AllocationsOpen = "allocations_open",
    StepNotReady = "step_not_ready",
    LoginMissing = "login_missing",
    // The owner's phone
    /// Not an https address, or not one of the product that was chosen.
    ChannelAddressInvalid = "channel_address_invalid",
    /// An address of another product than the one that was chosen. Params: `host`.
    ChannelHostWrong = "channel_host_wrong",
    /// Not a signing key of the product that was chosen.
    ChannelSecretInvalid = "channel_secret_invalid",
    /// A channel with this address is there already.
    ChannelTwice = "channel_twice",
    /// The keyring does not hold the channel's address.
    ChannelSecretGone = "channel_secret_gone",
    /// The receiver does not know the address: the robot was removed, or a key is wrong. Params: `errcode`.
    ChannelAddressRefused = "channel_address_refused",
    /// The robot wants a keyword in every message. Params: `errcode`.
    ChannelKeywordRefused = "channel_keyword_refused",
    /// The robot wants another signature, or wants one where there is no key. Params: `errcode`.
    ChannelSignRefused = "channel_sign_refused",
    /// The robot takes messages from certain addresses only. Params: `errcode`.
    ChannelIpRefused = "channel_ip_refused",
    /// Any other refusal of a message. Params: `errcode`.
    ChannelRefused = "channel_refused",
    /// The receiver wants to be left alone for a while. Params: `errcode`.
    ChannelLimited = "channel_limited",
    /// As many messages went to the channel this month as the application allows itself. Params: `count`.
    ChannelUsedUp = "channel_used_up",
    /// The address leads on to another one, which is not followed.
    ChannelRedirects = "channel_redirects",
    /// Whether the message arrived is not known; it is not sent again.
    ChannelUnclear = "channel_unclear",
    // What only a mistake of ours can cause
    /// No command has this name. Params: `command`.
    CommandUnknown = "command_unknown",
    /// Params: `command`, `argument`.
    ArgumentMissing = "argument_missing",
    /// An argument that the command does not have. Params: `command`.
    ArgumentUnknown = "argument_unknown",
    /// An argument of another type than the command's. Params: `command`, `argument`.
    ArgumentInvalid = "argument_invalid",
    /// The UI waited for a minute; what was asked for may still be done.
    NoAnswer = "no_answer",
    Internal = "internal",
}
