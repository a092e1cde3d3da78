//! The few texts that the shell itself shows: the tray, notifications, titles. They stand in the UI's locale files.

use std::sync::LazyLock;

use companion::MessageWords;
use companion::api::{
    Environment, ErrorCode, InboxAlert, InboxItemView, Language, PackView, PlanAdvice, Situation, UsageDays,
};
use serde::Deserialize;

use crate::command_line::{Check, OwnProblem};

/// Stands for a figure that is hidden, as on the pages (`ui/src/shared/hiding.ts`).
const HIDDEN: &str = "•••";

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
    /// Hides figures.
    pub(crate) hide: String,
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
    pub(crate) command_line: CommandLine,
    pub(crate) self_check: SelfCheck,
}

/// What `--self-check` prints.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SelfCheck {
    pub(crate) fine: String,
    home: String,
    lock: String,
    ledger: String,
    migrations: String,
    secrets: String,
    exports: String,
    web_view: String,
    clock: String,
    proxy: String,
    web_view_missing: String,
    web_view_old: String,
    clock_wrong: String,
}

impl SelfCheck {
    pub(crate) fn name(&self, check: Check) -> &str {
        match check {
            Check::Home => &self.home,
            Check::Lock => &self.lock,
            Check::Ledger => &self.ledger,
            Check::Migrations => &self.migrations,
            Check::Secrets => &self.secrets,
            Check::Exports => &self.exports,
            Check::WebView => &self.web_view,
            Check::Clock => &self.clock,
            Check::Proxy => &self.proxy,
        }
    }

    pub(crate) fn problem(&self, problem: OwnProblem) -> &str {
        match problem {
            OwnProblem::WebViewMissing => &self.web_view_missing,
            OwnProblem::WebViewOld => &self.web_view_old,
            OwnProblem::ClockWrong => &self.clock_wrong,
        }
    }
}

/// What the command line prints.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommandLine {
    pub(crate) help: Help,
    /// With `{name}`.
    no_such_account: String,
    /// With `{n}`.
    remaining: String,
    /// With `{at}`.
    read_at: String,
    /// With `{day}`, `{calls}` and `{days}`.
    buy: String,
    /// With `{day}`.
    buy_nothing: String,
    cannot: String,
    too_old: String,
    pub(crate) no_plan: String,
    /// With `{calls}`.
    order: String,
    /// With `{n}`.
    yuan: String,
    used_of_order: String,
    /// With `{day}` and `{n}`; the other also with `{days}`.
    used: String,
    used_in_days: String,
    not_known: String,
    /// With `{n}`.
    forgotten: String,
    /// Between the parts of a line.
    between: String,
}

/// What `--help` says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Help {
    pub(crate) about: String,
    pub(crate) status: String,
    pub(crate) plan: String,
    pub(crate) statement: String,
    pub(crate) account: String,
    pub(crate) json: String,
    pub(crate) practice: String,
    pub(crate) self_check: String,
    pub(crate) forget_secrets: String,
    pub(crate) exits: String,
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

/// The words of messages to the owner's phone, which the application fills in.
pub(crate) fn of_messages() -> MessageWords {
    MessageWords::read(
        include_str!("../../ui/src/locales/zh/phone.json"),
        include_str!("../../ui/src/locales/en/phone.json"),
    )
}

fn read(text: &str) -> Option<Words> {
    serde_json::from_str(text).ok()
}

/// What happened and what to do, as the pages say it.
pub(crate) fn error(language: Language, code: ErrorCode) -> String {
    let texts = match language {
        Language::Zh => include_str!("../../ui/src/locales/zh/errors.json"),
        Language::En => include_str!("../../ui/src/locales/en/errors.json"),
    };
    let named = serde_json::to_value(code).unwrap_or_default();
    let said = serde_json::from_str::<serde_json::Value>(texts).unwrap_or_default();
    let said = &said["code"][named.as_str().unwrap_or_default()];
    let part = |name| said[name].as_str().unwrap_or_default();
    let between = if language == Language::Zh { "。" } else { ". " };
    format!("{}{between}{}", part("what"), part("todo"))
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
        self.named(name, &self.state(situation, days_left))
    }

    /// An account with something that is said of it.
    pub(crate) fn named(&self, name: &str, said: &str) -> String {
        self.account.replace("{state}", said).replace("{name}", name)
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

    /// What was crossed; numbers of calls are left out where figures are hidden.
    pub(crate) fn alert(&self, alert: &InboxAlert, figures_hidden: bool) -> String {
        let words = &self.alert;
        let calls = |calls: &u64| if figures_hidden { HIDDEN.to_owned() } else { calls.to_string() };
        let (text, number) = match alert {
            InboxAlert::QuotaLow { remaining: 0, .. } => (&words.quota_gone, String::new()),
            InboxAlert::QuotaLow { remaining, .. } => (&words.quota_low, calls(remaining)),
            InboxAlert::EndsSoon { calls: left, .. } => (&words.ends_soon, calls(left)),
            InboxAlert::RunsOutSoon { days: 0 } => (&words.runs_out_today, String::new()),
            InboxAlert::RunsOutSoon { days } => (&words.runs_out_soon, days.to_string()),
            InboxAlert::WillExpire { calls: wasted, .. } => (&words.will_expire, calls(wasted)),
        };
        text.replace("{n}", &number)
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

impl CommandLine {
    pub(crate) fn no_such_account(&self, name: &str) -> String {
        self.no_such_account.replace("{name}", name)
    }

    /// How many mini-programs, service providers and channels have nothing in the keyring any more.
    pub(crate) fn forgotten(&self, owners: usize) -> String {
        self.forgotten.replace("{n}", &owners.to_string())
    }

    /// An account's situation with what it rests on.
    pub(crate) fn status(&self, state: &str, remaining: Option<u64>, read_at: Option<&str>) -> String {
        let remaining = remaining.map(|calls| self.remaining.replace("{n}", &calls.to_string()));
        let read = read_at.map(|at| self.read_at.replace("{at}", at));
        self.joined([Some(state.to_owned()), remaining, read])
    }

    /// What to buy, and when.
    pub(crate) fn advice(&self, advice: &PlanAdvice, packs: &[PackView]) -> String {
        match advice {
            PlanAdvice::Buy { pack, needed_on, .. } => {
                let pack = packs.iter().find(|known| known.id == *pack);
                let number = |pick: fn(&PackView) -> u64| {
                    pack.map_or_else(|| self.not_known.clone(), |pack| pick(pack).to_string())
                };
                self.buy
                    .replace("{day}", &needed_on.to_string())
                    .replace("{calls}", &number(|pack| pack.calls))
                    .replace("{days}", &number(|pack| pack.days.into()))
            }
            PlanAdvice::BuyNothing { look_again, .. } => {
                self.buy_nothing.replace("{day}", &look_again.to_string())
            }
            PlanAdvice::Cannot => self.cannot.clone(),
            PlanAdvice::TooOld => self.too_old.clone(),
        }
    }

    /// An order in one line; what is not known is left out.
    pub(crate) fn order(
        &self,
        day: Option<&str>,
        calls: u64,
        amount: Option<&str>,
        used: Option<u64>,
    ) -> String {
        let order = self.order.replace("{calls}", &calls.to_string());
        let amount = amount.map(|amount| self.yuan.replace("{n}", amount));
        let used = used.map(|used| self.used_of_order.replace("{n}", &used.to_string()));
        self.joined([day.map(str::to_owned), Some(order), amount, used])
    }

    /// What was used on a day, or on some in a row.
    pub(crate) fn used(&self, days: &UsageDays) -> String {
        let text = if days.days == 1 { &self.used } else { &self.used_in_days };
        let calls = days.calls.map_or_else(|| self.not_known.clone(), |calls| calls.to_string());
        text.replace("{day}", &days.day.to_string())
            .replace("{days}", &days.days.to_string())
            .replace("{n}", &calls)
    }

    fn joined<const N: usize>(&self, parts: [Option<String>; N]) -> String {
        parts.into_iter().flatten().collect::<Vec<_>>().join(&self.between)
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
        assert!(of_messages().are_complete(), "phone.json");
    }

    #[test]
    fn an_error_is_said_as_the_pages_say_it() {
        assert!(
            error(Language::Zh, ErrorCode::DatabaseDamaged).starts_with("数据文件损坏，打不开。不要删文件")
        );
        assert!(error(Language::En, ErrorCode::KeyringLocked).len() > 20);
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
