//! A guard in lines of text, in the words of its page.

use std::sync::LazyLock;

use companion::api::{
    ErrorCode, GuardAct, GuardActState, GuardActView, GuardMeasure, GuardNow, GuardState, GuardView,
    GuardWhy, Language,
};
use serde::Deserialize;

use crate::words;

static CHINESE: LazyLock<GuardWords> =
    LazyLock::new(|| read(include_str!("../../../ui/src/locales/zh/guard.json")));
static ENGLISH: LazyLock<GuardWords> =
    LazyLock::new(|| read(include_str!("../../../ui/src/locales/en/guard.json")));

/// Acts that are printed; the page and the JSON have more.
const ACTS: usize = 5;
const BETWEEN: &str = " · ";

/// Whether somebody has to do something so that it can guard. Another computer that guards is no trouble.
pub(super) fn is_stuck(guard: &GuardView) -> bool {
    let trouble = guard.trouble.as_ref().filter(|trouble| trouble.code != ErrorCode::GuardedElsewhere);
    guard.rule.state != GuardState::Off && (trouble.is_some() || !guard.reads_by_itself)
}

/// Those texts of the page that are printed.
#[derive(Debug, Default, Deserialize)]
pub(super) struct GuardWords {
    state: States,
    explained: Explained,
    never_reads: String,
    now: Now,
    act: ActNames,
    acts: Acts,
    /// With `{time}`.
    trouble: String,
}

#[derive(Debug, Default, Deserialize)]
struct States {
    off: String,
    dry_run: String,
    on: String,
}

/// With `{below}` and `{back}`; the pool with `{provider}` and `{calls}`, the rest with `{acts}`.
#[derive(Debug, Default, Deserialize)]
struct Explained {
    calls: String,
    days: String,
    pool: String,
    rest: String,
}

#[derive(Debug, Default, Deserialize)]
struct Now {
    unknown: String,
    enough: String,
    manual_by_person: String,
    authorized_by_person: String,
    waits_for_refill: String,
    waits_for_allocation: String,
    daily_limit: String,
    change_under_way: String,
    /// With `{act}`.
    would: String,
}

#[derive(Debug, Default, Deserialize)]
struct ActNames {
    to_manual: String,
    back: String,
    allocate: String,
}

#[derive(Debug, Default, Deserialize)]
struct Acts {
    calls_below: String,
    calls_back: String,
    days_below: String,
    days_back: String,
    days_long: String,
    /// With `{calls}`.
    allocated: String,
    dry_run: String,
    open: String,
    done: String,
    failed: String,
}

fn read(text: &str) -> GuardWords {
    serde_json::from_str(text).unwrap_or_default()
}

impl GuardWords {
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::Zh => &CHINESE,
            Language::En => &ENGLISH,
        }
    }

    /// Its rule, then what it does, what keeps it from its work, and its last acts.
    pub(super) fn lines(&self, guard: &GuardView, provider: Option<&str>, language: Language) -> Vec<String> {
        let mut lines = vec![self.rule(guard, provider)];
        if guard.rule.state != GuardState::Off {
            lines.push(if guard.reads_by_itself { self.now(guard.now) } else { self.never_reads.clone() });
        }
        if let Some(trouble) = &guard.trouble {
            let since = self.trouble.replace("{time}", &trouble.since.to_string());
            let mut why = words::error(language, trouble.code);
            for (name, value) in &trouble.params {
                why = why.replace(&format!("{{{name}}}"), value);
            }
            lines.push([since, why].join(BETWEEN));
        }
        lines.extend(guard.acts.iter().take(ACTS).map(|act| self.act(act)));
        lines
    }

    fn rule(&self, guard: &GuardView, provider: Option<&str>) -> String {
        let rule = &guard.rule;
        let state = match rule.state {
            GuardState::Off => return self.state.off.clone(),
            GuardState::DryRun => &self.state.dry_run,
            GuardState::On => &self.state.on,
        };
        let thresholds = match rule.measure {
            GuardMeasure::Calls => &self.explained.calls,
            GuardMeasure::Days => &self.explained.days,
        };
        let thresholds = thresholds
            .replace("{below}", &rule.act_below.to_string())
            .replace("{back}", &rule.back_at.to_string());
        let pool = rule.pool.as_ref().map(|pool| {
            let name = provider.unwrap_or(&pool.provider);
            self.explained.pool.replace("{calls}", &pool.calls_a_day.to_string()).replace("{provider}", name)
        });
        let rest = self.explained.rest.replace("{acts}", &rule.acts_a_day.to_string());
        let parts = [Some(state.clone()), Some(thresholds), pool, Some(rest)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(BETWEEN)
    }

    fn now(&self, now: GuardNow) -> String {
        let words = &self.now;
        match now {
            GuardNow::Would { act } => words.would.replace("{act}", self.name(act)),
            GuardNow::Nothing { why } => match why {
                GuardWhy::Unknown => words.unknown.clone(),
                GuardWhy::Enough => words.enough.clone(),
                GuardWhy::ManualByPerson => words.manual_by_person.clone(),
                GuardWhy::AuthorizedByPerson => words.authorized_by_person.clone(),
                GuardWhy::WaitsForRefill => words.waits_for_refill.clone(),
                GuardWhy::WaitsForAllocation => words.waits_for_allocation.clone(),
                GuardWhy::DailyLimit => words.daily_limit.clone(),
                GuardWhy::ChangeUnderWay => words.change_under_way.clone(),
            },
        }
    }

    fn name(&self, act: GuardAct) -> &str {
        match act {
            GuardAct::ToManual => &self.act.to_manual,
            GuardAct::Back => &self.act.back,
            GuardAct::Allocate => &self.act.allocate,
        }
    }

    fn act(&self, act: &GuardActView) -> String {
        let words = &self.acts;
        let why = match (act.measure, act.act) {
            (GuardMeasure::Calls, GuardAct::Back) => &words.calls_back,
            (GuardMeasure::Calls, _) => &words.calls_below,
            (GuardMeasure::Days, GuardAct::Back) => &words.days_back,
            (GuardMeasure::Days, _) => &words.days_below,
        };
        let days = act.cover_days.map_or_else(|| words.days_long.clone(), |days| days.to_string());
        let why = why
            .replace("{calls}", &act.remaining.to_string())
            .replace("{days}", &days)
            .replace("{threshold}", &act.threshold.to_string());
        let allocated = act.calls.map(|calls| words.allocated.replace("{calls}", &calls.to_string()));
        let ended = match act.state {
            _ if act.dry_run => &words.dry_run,
            GuardActState::Open => &words.open,
            GuardActState::Done => &words.done,
            GuardActState::Failed => &words.failed,
        };
        let head = format!("{} {}", act.at, self.name(act.act));
        let parts = [Some(head), Some(why), allocated, Some(ended.clone())];
        parts.into_iter().flatten().collect::<Vec<_>>().join(BETWEEN)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::DateTime;
    use companion::api::{GuardPool, GuardRule, GuardTrouble, Instant};

    use super::*;

    fn guard(state: GuardState) -> GuardView {
        GuardView {
            rule: GuardRule {
                state,
                measure: GuardMeasure::Calls,
                act_below: 200,
                back_at: 500,
                acts_a_day: 4,
                pool: Some(GuardPool { provider: "p".to_owned(), calls_a_day: 250 }),
                this_computer: false,
            },
            can_guard: true,
            reads_by_itself: true,
            now: GuardNow::Nothing { why: GuardWhy::WaitsForRefill },
            trouble: None,
            label: None,
            acts_today: 1,
            acts: vec![GuardActView {
                id: "a".to_owned(),
                act: GuardAct::ToManual,
                dry_run: false,
                state: GuardActState::Done,
                at: Instant(DateTime::UNIX_EPOCH),
                measure: GuardMeasure::Calls,
                threshold: 200,
                remaining: 199,
                cover_days: None,
                calls: None,
                code: None,
            }],
        }
    }

    fn in_trouble(code: ErrorCode) -> GuardView {
        let params = BTreeMap::from([("label".to_owned(), "6C0B".to_owned())]);
        let trouble = GuardTrouble { code, since: Instant(DateTime::UNIX_EPOCH), params };
        GuardView { trouble: Some(trouble), ..guard(GuardState::On) }
    }

    #[test]
    fn it_is_stuck_where_a_person_has_to_do_something() {
        for (view, expected) in [
            (guard(GuardState::On), false),
            (in_trouble(ErrorCode::MemberCardKeyWrong), true),
            (in_trouble(ErrorCode::GuardedElsewhere), false),
            (GuardView { reads_by_itself: false, ..guard(GuardState::On) }, true),
            (GuardView { reads_by_itself: false, ..guard(GuardState::Off) }, false),
        ] {
            assert_eq!(is_stuck(&view), expected, "{view:?}");
        }
    }

    #[test]
    fn both_languages_say_rule_state_trouble_and_acts() {
        for language in [Language::Zh, Language::En] {
            let words = GuardWords::of(language);
            let view = in_trouble(ErrorCode::GuardedElsewhere);
            let lines = words.lines(&view, Some("晋业微"), language);
            assert_eq!(lines.len(), 4, "{lines:?}");
            let text = lines.join("\n");
            for figure in ["200", "500", "250", "晋业微", "6C0B", "199"] {
                assert!(text.contains(figure), "{figure}: {text}");
            }
            assert!(!text.contains('{') && lines.iter().all(|line| !line.is_empty()), "{text}");
            assert_eq!(
                words.lines(&guard(GuardState::Off), None, language).len(),
                2,
                "its state, and what it did"
            );
        }
    }
}
