//! The few texts that the shell itself shows: the tray, notifications, titles. They stand in the UI's locale files.

use std::sync::LazyLock;

use companion::api::{Environment, GuardAct, InboxAlert, InboxItemView, Language, Situation};
use serde::Deserialize;

static CHINESE: LazyLock<Option<Words>> =
    LazyLock::new(|| read(include_str!("../../ui/src/locales/zh/tray.json")));
static ENGLISH: LazyLock<Option<Words>> =
    LazyLock::new(|| read(include_str!("../../ui/src/locales/en/tray.json")));

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    /// The app's name: the title of its window.
    pub(crate) app: String,
    pub(crate) open: String,
    pub(crate) refresh: String,
    pub(crate) quit: String,
    /// Where there is no account.
    pub(crate) empty: String,
    /// With `{n}`: accounts beyond those listed.
    more: String,
    /// With `{name}` and `{state}`.
    account: String,
    state: State,
    pub(crate) practice: PracticeTitles,
    pub(crate) read: Read,
    alert: AlertWords,
}

/// What was crossed, in one line.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct AlertWords {
    /// With `{name}`: a mini-program of practice.
    practice: String,
    /// With `{n}`, as the others but two.
    quota_low: String,
    quota_gone: String,
    ends_soon: String,
    runs_out_soon: String,
    runs_out_today: String,
    will_expire: String,
    guarded_to_manual: String,
    guarded_back: String,
    guarded_allocate: String,
    guarded_dry_run: String,
    guard_stuck: String,
    usage_high: String,
    digest: String,
}

/// How a reading went that was asked for in the tray.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Read {
    pub(crate) done: String,
    /// With `{n}`.
    failed: String,
}

/// Titles of windows with practice pages.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PracticeTitles {
    pub(crate) phone: String,
    pub(crate) card_office: String,
    pub(crate) claim: String,
    pub(crate) provider: String,
}

/// One text a situation.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    dry_used_up: String,
    dry_expired: String,
    ends_today: String,
    cannot_read: String,
    stale: String,
    not_connected: String,
    unknown: String,
    dry_manual: String,
    manual: String,
    lasts_long: String,
    pays_nothing: String,
    /// With `{n}`, from two days on.
    days: String,
    one_day: String,
}

fn read(text: &str) -> Option<Words> {
    serde_json::from_str(text).ok()
}

/// The words of a language.
pub(crate) fn of(language: Language) -> &'static Words {
    static NOTHING: LazyLock<Words> = LazyLock::new(Words::default);
    let words = match language {
        Language::Zh => &CHINESE,
        Language::En => &ENGLISH,
    };
    words.as_ref().unwrap_or(&NOTHING)
}

impl Words {
    /// An account with what can be said of it.
    pub(crate) fn account(&self, name: &str, situation: Situation, days_left: Option<u32>) -> String {
        self.account.replace("{state}", &self.state(situation, days_left)).replace("{name}", name)
    }

    pub(crate) fn more(&self, number: usize) -> String {
        self.more.replace("{n}", &number.to_string())
    }

    pub(crate) fn not_read(&self, number: usize) -> String {
        self.read.failed.replace("{n}", &number.to_string())
    }

    /// The account of an alert by name.
    pub(crate) fn alerted(&self, item: &InboxItemView) -> String {
        match item.environment {
            Environment::Practice => self.alert.practice.replace("{name}", &item.account_name),
            Environment::Live => item.account_name.clone(),
        }
    }

    /// What was crossed.
    pub(crate) fn alert(&self, alert: &InboxAlert) -> String {
        let words = &self.alert;
        let (text, number) = match alert {
            InboxAlert::QuotaLow { remaining: 0, .. } => (&words.quota_gone, 0),
            InboxAlert::QuotaLow { remaining, .. } => (&words.quota_low, *remaining),
            InboxAlert::EndsSoon { calls, .. } => (&words.ends_soon, *calls),
            InboxAlert::RunsOutSoon { days: 0 } => (&words.runs_out_today, 0),
            InboxAlert::RunsOutSoon { days } => (&words.runs_out_soon, u64::from(*days)),
            InboxAlert::WillExpire { calls, .. } => (&words.will_expire, *calls),
            InboxAlert::Guarded { act, dry_run, remaining } => {
                let text = match act {
                    _ if *dry_run => &words.guarded_dry_run,
                    GuardAct::ToManual => &words.guarded_to_manual,
                    GuardAct::Back => &words.guarded_back,
                    GuardAct::Allocate => &words.guarded_allocate,
                };
                (text, *remaining)
            }
            InboxAlert::GuardStuck { .. } => (&words.guard_stuck, 0),
            InboxAlert::UsageHigh { calls, .. } => (&words.usage_high, *calls),
        };
        text.replace("{n}", &number.to_string())
    }

    pub(crate) fn digest(&self, number: u32) -> String {
        self.alert.digest.replace("{n}", &number.to_string())
    }

    fn state(&self, situation: Situation, days_left: Option<u32>) -> String {
        let state = &self.state;
        let text = match situation {
            Situation::DryUsedUp => &state.dry_used_up,
            Situation::DryExpired => &state.dry_expired,
            Situation::EndsToday => &state.ends_today,
            Situation::CannotRead => &state.cannot_read,
            Situation::Stale => &state.stale,
            Situation::NotConnected => &state.not_connected,
            Situation::Unknown => &state.unknown,
            Situation::DryManual => &state.dry_manual,
            Situation::Manual => &state.manual,
            Situation::LastsLong => &state.lasts_long,
            Situation::PaysNothing => &state.pays_nothing,
            Situation::EndsSoonByUse
            | Situation::EndsSoonByExpiry
            | Situation::TrialEnough
            | Situation::Enough => match days_left {
                None => &state.unknown,
                Some(0) => &state.ends_today,
                Some(1) => &state.one_day,
                Some(days) => return state.days.replace("{n}", &days.to_string()),
            },
        };
        text.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_every_text_and_no_other() {
        // A missing key or one too many is refused by the type.
        assert!(CHINESE.is_some(), "zh/tray.json");
        assert!(ENGLISH.is_some(), "en/tray.json");
    }

    #[test]
    fn an_account_is_said_with_its_days_and_never_with_a_zero_that_is_not_known() {
        let (zh, en) = (of(Language::Zh), of(Language::En));
        assert_eq!(zh.account("晋味", Situation::Enough, Some(23)), "晋味：大约还够 23 天");
        assert_eq!(en.account("Jin", Situation::EndsSoonByUse, Some(1)), "Jin: about 1 day left");
        assert_eq!(en.account("{state}", Situation::Enough, Some(9)), "{state}: about 9 days left");
        for situation in [Situation::Enough, Situation::EndsSoonByExpiry] {
            assert_eq!(zh.account("晋味", situation, None), "晋味：还看不出够用几天");
        }
    }
}
