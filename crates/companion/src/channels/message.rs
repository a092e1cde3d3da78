//! What a message says: the names that the shop gave its mini-programs, percentages and days. There is no room in it for
//! anything else, so nothing else can get out. Pure.

use billing_core::alert::Alert;
use billing_core::guard::Act;
use billing_core::time::beijing_day;
use chrono::{DateTime, NaiveDate, Utc};

use super::words::Texts;
use crate::api::Environment;
use crate::clients::robots::Wording;
use crate::store::inbox::Raised;

/// Bytes of the lines of a message; with its title it fits the shortest receiver, which is WeCom's 2,048.
const BYTES: usize = 1_600;
/// Lines of a message; nobody reads more on a phone.
const LINES: usize = 12;
/// Characters of a mini-program's name.
const NAME: usize = 40;

/// What may be said of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    name: String,
    is_practice: bool,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    UsedUp,
    PercentLeft(u32),
    EndsIn(u32),
    RunsOutIn(u32),
    WillExpireIn(u32),
    Guarded(Act),
    WouldGuard,
    GuardStuck,
    UsageHigh,
}

impl Said {
    /// What can be said of an alert at `now`, on the clock of its account: days are counted from today. `None` for an
    /// alert that is about a day which cannot be read.
    pub(super) fn of(raised: &Raised, now: DateTime<Utc>) -> Option<Self> {
        let today = beijing_day(now);
        let until = |day: NaiveDate| u32::try_from(day.signed_duration_since(today).num_days()).unwrap_or(0);
        let until_end = |lot: &str| lot.parse().ok().map(until);
        let what = match &raised.alert {
            Alert::PercentLeft { remaining, .. } if remaining.is_zero() => What::UsedUp,
            Alert::PercentLeft { percent, .. } => What::PercentLeft(u32::from(*percent)),
            Alert::EndsSoon { lot, .. } => What::EndsIn(until_end(lot)?),
            Alert::WillExpire { lot, .. } => What::WillExpireIn(until_end(lot)?),
            Alert::RunsOutSoon { in_days } => {
                let since = today.signed_duration_since(beijing_day(raised.at)).num_days();
                What::RunsOutIn(in_days.saturating_sub(u32::try_from(since).unwrap_or(0)))
            }
            Alert::Guarded { dry_run: true, .. } => What::WouldGuard,
            Alert::Guarded { act, .. } => What::Guarded(*act),
            Alert::GuardStuck { .. } => What::GuardStuck,
            Alert::UsageHigh { .. } => What::UsageHigh,
        };
        let is_practice = raised.environment == Environment::Practice;
        Some(Self { name: on_one_line(&raised.account_name), is_practice, what })
    }
}

/// One message about alerts, oldest first, however many they are.
pub(super) fn of_alerts(texts: &Texts, said: &[Said]) -> Wording {
    if let [one] = said {
        return titled(texts, &texts.named(one), texts.what(one.what));
    }
    let mut lines: Vec<String> = Vec::new();
    let mut bytes = 0;
    for one in said.iter().take(LINES) {
        let line = texts.line.replace("{what}", &texts.what(one.what)).replace("{name}", &texts.named(one));
        bytes += line.len() + 1;
        if bytes > BYTES {
            break;
        }
        lines.push(line);
    }
    let left = said.len() - lines.len();
    if left > 0 {
        lines.push(counted(&texts.more, left));
    }
    titled(texts, &counted(&texts.digest, said.len()), lines.join("\n"))
}

/// What the test button sends.
pub(super) fn of_test(texts: &Texts) -> Wording {
    titled(texts, &texts.test.title, texts.test.text.clone())
}

fn titled(texts: &Texts, what: &str, text: String) -> Wording {
    Wording { group: texts.app.clone(), title: texts.title.replace("{what}", what), text }
}

fn counted(text: &str, count: usize) -> String {
    text.replace("{n}", &count.to_string())
}

impl Texts {
    fn named(&self, said: &Said) -> String {
        if said.is_practice { self.practice.replace("{name}", &said.name) } else { said.name.clone() }
    }

    fn what(&self, what: What) -> String {
        match what {
            What::UsedUp => self.used_up.clone(),
            What::PercentLeft(percent) => self.percent_left.replace("{n}", &percent.to_string()),
            What::EndsIn(0) | What::WillExpireIn(0) => self.ends_today.clone(),
            What::EndsIn(days) => self.ends_soon.replace("{days}", &self.days(days)),
            What::RunsOutIn(0) => self.runs_out_today.clone(),
            What::RunsOutIn(days) => self.runs_out_soon.replace("{days}", &self.days(days)),
            What::WillExpireIn(days) => self.will_expire.replace("{days}", &self.days(days)),
            What::Guarded(Act::ToManual) => self.guarded_to_manual.clone(),
            What::Guarded(Act::Back) => self.guarded_back.clone(),
            What::Guarded(Act::Allocate) => self.guarded_allocate.clone(),
            What::WouldGuard => self.would_guard.clone(),
            What::GuardStuck => self.guard_stuck.clone(),
            What::UsageHigh => self.usage_high.clone(),
        }
    }

    fn days(&self, days: u32) -> String {
        if days == 1 { self.one_day.clone() } else { self.days.replace("{n}", &days.to_string()) }
    }
}

/// A name as it fits into a line.
fn on_one_line(name: &str) -> String {
    let mut short: String = name.chars().take(NAME).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if name.chars().nth(NAME).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
pub(super) mod tests {
    use billing_core::time::parse_instant;
    use billing_core::{Calls, CallsTotal};

    use super::*;
    use crate::api::Language;
    use crate::channels::words::MessageWords;

    pub(in super::super) fn words() -> MessageWords {
        MessageWords::read(
            include_str!("../../../../ui/src/locales/zh/phone.json"),
            include_str!("../../../../ui/src/locales/en/phone.json"),
        )
    }

    fn raised(alert: Alert) -> Raised {
        Raised {
            id: "1".to_owned(),
            account: "a".to_owned(),
            account_name: "晋味小馆".to_owned(),
            environment: Environment::Live,
            alert,
            at: parse_instant("2026-03-10T12:00:00+08:00").unwrap(),
            read_at: None,
        }
    }

    fn said(alert: Alert, now: &str) -> Said {
        Said::of(&raised(alert), parse_instant(now).unwrap()).unwrap()
    }

    fn low(percent: u8, remaining: u64) -> Alert {
        let remaining = CallsTotal::default().checked_add(Calls::new(remaining).unwrap()).unwrap();
        Alert::PercentLeft { percent, remaining }
    }

    #[test]
    fn both_languages_have_every_text_and_no_other() {
        assert!(words().are_complete());
        assert!(!MessageWords::read("{}", "{}").are_complete());
    }

    #[test]
    fn one_alert_is_said_with_its_name_and_without_counts() {
        let words = words();
        let (zh, en) = (words.of(Language::Zh), words.of(Language::En));
        let lot = || "2026-03-17".to_owned();
        let calls = Calls::new(987_654).unwrap();
        for (alert, now, chinese, english) in [
            (
                low(20, 987_654),
                "2026-03-10T12:00:00+08:00",
                "剩余额度不超过 20%",
                "At most 20% of the quota is left",
            ),
            (low(0, 0), "2026-03-10T12:00:00+08:00", "额度用完了", "The quota is used up"),
            (
                Alert::EndsSoon { lot: lot(), days: 7, remaining: calls },
                "2026-03-11T12:00:00+08:00",
                "有额度再过 6 天到期，还没用完",
                "Quota that is not used up ends in 6 days",
            ),
            (
                Alert::EndsSoon { lot: lot(), days: 7, remaining: calls },
                "2026-03-17T00:00:00+08:00",
                "有额度今天到期，还没用完",
                "Quota that is not used up ends today",
            ),
            (
                Alert::WillExpire { lot: lot(), calls },
                "2026-03-16T12:00:00+08:00",
                "有额度再过 1 天到期，预计用不完",
                "Quota that ends in 1 day is not likely to be used up",
            ),
            (
                Alert::RunsOutSoon { in_days: 3 },
                "2026-03-11T00:00:00+08:00",
                "预计再过 2 天就没有额度可用",
                "The quota is likely to run out in 2 days",
            ),
            (
                Alert::RunsOutSoon { in_days: 3 },
                "2026-03-19T00:00:00+08:00",
                "预计今天就没有额度可用",
                "The quota is likely to run out today",
            ),
        ] {
            let one = [said(alert, now)];
            let message = of_alerts(zh, &one);
            assert_eq!((message.title.as_str(), message.text.as_str()), ("验号管家：晋味小馆", chinese));
            assert_eq!(of_alerts(en, &one).text, english);
            assert!(!message.text.contains("987"), "{message:?}");
        }
    }

    #[test]
    fn several_are_one_message_of_a_size_that_every_receiver_takes() {
        let words = words();
        let zh = words.of(Language::Zh);
        let practice = Raised { environment: Environment::Practice, ..raised(low(0, 0)) };
        let now = parse_instant("2026-03-10T12:00:00+08:00").unwrap();
        let two = [said(low(20, 1), "2026-03-10T12:00:00+08:00"), Said::of(&practice, now).unwrap()];
        let message = of_alerts(zh, &two);
        assert_eq!(message.title, "验号管家：2 条新提醒");
        assert_eq!(message.text, "晋味小馆：剩余额度不超过 20%\n晋味小馆（体验环境）：额度用完了");
        let long = Raised { account_name: "一家名字很长的店\n".repeat(40), ..raised(low(20, 1)) };
        let many: Vec<_> = std::iter::repeat_with(|| Said::of(&long, now).unwrap()).take(10_000).collect();
        let message = of_alerts(zh, &many);
        assert!(message.title.len() + message.text.len() < 2_000, "{}", message.text.len());
        let lines: Vec<_> = message.text.lines().collect();
        let shown = lines.len() - 1;
        assert!(shown > 5, "{lines:?}");
        assert_eq!(*lines.last().unwrap(), format!("另有 {} 条，打开验号管家查看", 10_000 - shown));
    }
}
