//! The words that stand in the shop's files. Frozen: a file of today is opened by every later version, and a word that
//! changes would make it unreadable. A new choice gets a new word; no word is ever reused.

use crate::api::{
    AccountKind, AcquisitionMode, AllocationState, ChangeReason, ChangeState, ChangedBy, ChannelKind,
    Closing, Environment, ErrorCode, ForecastMethod, GuardAct, GuardActState, GuardMeasure, GuardState,
    Language, LotSource, LotState, MessageState, PurchaseState, ShopCategory, Step, Subject, Theme,
    UsageSource,
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

/// The words of error codes stand with the codes (`api/error_code.rs`).
impl StoredWord for ErrorCode {
    fn word(&self) -> &str {
        (*self).word()
    }

    fn of_word(word: &str) -> Option<Self> {
        Self::of_word(word)
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
    AccountKind {
        MiniProgram = "mini_program",
        MiniGame = "mini_game",
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
}

#[cfg(test)]
mod tests;
