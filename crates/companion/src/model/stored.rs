//! The words that stand in the shop's files. Frozen: a file of today is opened by every later version, and a word that
//! changes would make it unreadable. A new choice gets a new word; no word is ever reused.

use crate::api::{
    AcquisitionMode, AllocationState, ChangeReason, ChangeState, ChangedBy, ChannelKind, Closing,
    Environment, ErrorCode, ForecastMethod, GuardAct, GuardActState, GuardMeasure, GuardState, Language,
    LotSource, LotState, MessageState, PurchaseState, ShopCategory, Step, Subject, Theme, UsageSource,
};

/// A choice that stands in a file by its word.
pub(crate) trait StoredWord: Sized {
    fn word(&self) -> &str;

    /// Returns the choice of a word; `None` for a word of a newer version, or of nobody.
    fn of_word(word: &str) -> Option<Self>;
}

/// Text that a person chose stands as it is.
impl StoredWord for String {
    fn word(&self) -> &str {
        self
    }

    fn of_word(word: &str) -> Option<Self> {
        Some(word.to_owned())
    }
}

/// What a guard did last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GuardPhase {
    Armed,
    Acted,
    StoodDown,
}

/// A table of words, exhaustive in one direction because `match` is, and in the other because both are one table.
macro_rules! stored_words {
    ($($choice:ident { $($variant:ident = $word:literal,)+ })+) => {
        $(impl StoredWord for $choice {
            fn word(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            fn of_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        })+

        #[cfg(test)]
        const WORDS: &[(&str, &[&str])] = &[$((stringify!($choice), &[$($word),+])),+];
    };
}

stored_words! {
    Environment {
        Practice = "practice",
        Live = "live",
    }
    Language {
        Zh = "zh",
        En = "en",
    }
    Theme {
        System = "system",
        Light = "light",
        Dark = "dark",
    }
    Closing {
        Tray = "tray",
        Quit = "quit",
    }
    Step {
        Welcome = "welcome",
        Eligibility = "eligibility",
        Way = "way",
        Login = "login",
        Console = "console",
        Connect = "connect",
        Usage = "usage",
        Pack = "pack",
        Payment = "payment",
        Mode = "mode",
        Done = "done",
    }
    Subject {
        Government = "government",
        NonProfit = "non_profit",
        PublicInstitution = "public_institution",
        Enterprise = "enterprise",
        IndividualBusiness = "individual_business",
        Media = "media",
        OtherOrganisation = "other_organisation",
        Individual = "individual",
    }
    ShopCategory {
        GovernmentServices = "government_services",
        PublicMedical = "public_medical",
        FormalEducation = "formal_education",
        Retail = "retail",
        Catering = "catering",
        Other = "other",
    }
    AcquisitionMode {
        Authorized = "authorized",
        Manual = "manual",
    }
    UsageSource {
        AppSecret = "app_secret",
        Authorisation = "authorisation",
        MemberCard = "member_card",
        TypedIn = "typed_in",
    }
    LotSource {
        Trial = "trial",
        Paid = "paid",
        Allocated = "allocated",
        Other = "other",
    }
    LotState {
        InEffect = "in_effect",
        NotYet = "not_yet",
        Spent = "spent",
    }
    PurchaseState {
        Picked = "picked",
        Waiting = "waiting",
        Arrived = "arrived",
        ArrivedDifferent = "arrived_different",
        GivenUp = "given_up",
    }
    ChangedBy {
        Person = "person",
        Guard = "guard",
        Schedule = "schedule",
        Elsewhere = "elsewhere",
    }
    ChangeReason {
        Chosen = "chosen",
        TakenBack = "taken_back",
        QuotaLow = "quota_low",
        Refilled = "refilled",
    }
    ChangeState {
        Open = "open",
        Confirmed = "confirmed",
        Failed = "failed",
    }
    AllocationState {
        Open = "open",
        Accepted = "accepted",
        Done = "done",
        Cancelling = "cancelling",
        Cancelled = "cancelled",
        Failed = "failed",
    }
    ChannelKind {
        Wecom = "wecom",
        Dingtalk = "dingtalk",
        Feishu = "feishu",
        Bark = "bark",
        Serverchan = "serverchan",
        Webhook = "webhook",
    }
    MessageState {
        Waiting = "waiting",
        Sending = "sending",
        Sent = "sent",
        Refused = "refused",
        Unclear = "unclear",
        GivenUp = "given_up",
    }
    ForecastMethod {
        Guess = "guess",
        MonthlyAtMost = "monthly_at_most",
        MonthlyAverage = "monthly_average",
        SignUps = "sign_ups",
        FewDays = "few_days",
        WeekdayLevel = "weekday_level",
    }
    GuardState {
        Off = "off",
        DryRun = "dry_run",
        On = "on",
    }
    GuardMeasure {
        Calls = "calls",
        Days = "days",
    }
    GuardPhase {
        Armed = "armed",
        Acted = "acted",
        StoodDown = "stood_down",
    }
    GuardAct {
        ToManual = "to_manual",
        Back = "back",
        Allocate = "allocate",
    }
    GuardActState {
        Open = "open",
        Done = "done",
        Failed = "failed",
    }
    ErrorCode {
        AlreadyRunning = "already_running",
        DatabaseNewer = "database_newer",
        DatabaseDamaged = "database_damaged",
        DatabaseMissing = "database_missing",
        BackupGone = "backup_gone",
        BackupDamaged = "backup_damaged",
        BackupNewer = "backup_newer",
        StoredWordUnknown = "stored_word_unknown",
        DiskReadOnly = "disk_read_only",
        DiskFull = "disk_full",
        DiskFailed = "disk_failed",
        AddressInvalid = "address_invalid",
        PracticePortTaken = "practice_port_taken",
        PracticeFailed = "practice_failed",
        KeyringAbsent = "keyring_absent",
        KeyringLocked = "keyring_locked",
        KeyringFailed = "keyring_failed",
        ClipboardFailed = "clipboard_failed",
        WindowFailed = "window_failed",
        Unreachable = "unreachable",
        Timeout = "timeout",
        HttpStatus = "http_status",
        NotJson = "not_json",
        Truncated = "truncated",
        TooLarge = "too_large",
        UnexpectedShape = "unexpected_shape",
        TlsFailed = "tls_failed",
        WechatBusy = "wechat_busy",
        AppIdWrong = "app_id_wrong",
        AppSecretWrong = "app_secret_wrong",
        AppSecretFrozen = "app_secret_frozen",
        IpNotAllowed = "ip_not_allowed",
        ConfirmationPending = "confirmation_pending",
        IpRefused = "ip_refused",
        TokenStale = "token_stale",
        RateMinute = "rate_minute",
        RateDay = "rate_day",
        NotPermitted = "not_permitted",
        AccountFrozen = "account_frozen",
        BadRequest = "bad_request",
        NoUsageYet = "no_usage_yet",
        ComponentTokenStale = "component_token_stale",
        NotAuthorised = "not_authorised",
        ComponentIpNotAllowed = "component_ip_not_allowed",
        NoRelationship = "no_relationship",
        OrderWrong = "order_wrong",
        AllocationCancelled = "allocation_cancelled",
        AllocationUnclear = "allocation_unclear",
        PackNotAllocatable = "pack_not_allocatable",
        AllocationRefused = "allocation_refused",
        CallUnknown = "call_unknown",
        UnknownErrcode = "unknown_errcode",
        MemberCardKeyWrong = "member_card_key_wrong",
        MemberCardNotConnected = "member_card_not_connected",
        MemberCardNotOffered = "member_card_not_offered",
        ModeNotConfirmed = "mode_not_confirmed",
        ModeChangedElsewhere = "mode_changed_elsewhere",
        GuardedElsewhere = "guarded_elsewhere",
        GuardComputerNotChosen = "guard_computer_not_chosen",
        GuardRuleInvalid = "guard_rule_invalid",
        NotFound = "not_found",
        EmailInvalid = "email_invalid",
        PasswordWeak = "password_weak",
        NameEmpty = "name_empty",
        AppIdInvalid = "app_id_invalid",
        AppSecretInvalid = "app_secret_invalid",
        FiguresInvalid = "figures_invalid",
        ProxyInvalid = "proxy_invalid",
        ErrandPriceInvalid = "errand_price_invalid",
        AutostartFailed = "autostart_failed",
        AuthorisationInvalid = "authorisation_invalid",
        AllocationInvalid = "allocation_invalid",
        PriceInvalid = "price_invalid",
        AccountListInvalid = "account_list_invalid",
        FileUnreadable = "file_unreadable",
        FileTooLarge = "file_too_large",
        BillTimeMissing = "bill_time_missing",
        BillFileGone = "bill_file_gone",
        BillNoDays = "bill_no_days",
        PackUnknown = "pack_unknown",
        OrderNumberInvalid = "order_number_invalid",
        NotRefundable = "not_refundable",
        PurchaseOpen = "purchase_open",
        AllocationsOpen = "allocations_open",
        StepNotReady = "step_not_ready",
        LoginMissing = "login_missing",
        ChannelAddressInvalid = "channel_address_invalid",
        ChannelHostWrong = "channel_host_wrong",
        ChannelSecretInvalid = "channel_secret_invalid",
        ChannelTwice = "channel_twice",
        ChannelSecretGone = "channel_secret_gone",
        ChannelAddressRefused = "channel_address_refused",
        ChannelKeywordRefused = "channel_keyword_refused",
        ChannelSignRefused = "channel_sign_refused",
        ChannelIpRefused = "channel_ip_refused",
        ChannelRefused = "channel_refused",
        ChannelLimited = "channel_limited",
        ChannelUsedUp = "channel_used_up",
        ChannelRedirects = "channel_redirects",
        ChannelUnclear = "channel_unclear",
        CommandUnknown = "command_unknown",
        ArgumentMissing = "argument_missing",
        ArgumentUnknown = "argument_unknown",
        ArgumentInvalid = "argument_invalid",
        NoAnswer = "no_answer",
        Internal = "internal",
    }
}

#[cfg(test)]
mod tests;
