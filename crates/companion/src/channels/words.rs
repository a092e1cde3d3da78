//! The words of messages to the owner's phone. They stand in the locale files, which are handed in where the
//! application is put together.

use serde::Deserialize;

use crate::api::Language;

/// The words in every language of the application.
#[derive(Debug, Clone, Default)]
pub struct MessageWords {
    zh: Texts,
    en: Texts,
}

impl MessageWords {
    /// Reads the locale files. A file that cannot be read gives empty words, which [`MessageWords::are_complete`] tells.
    pub fn read(zh: &str, en: &str) -> Self {
        let read = |text| serde_json::from_str(text).unwrap_or_default();
        Self { zh: read(zh), en: read(en) }
    }

    /// Whether both files had every text and no other.
    pub fn are_complete(&self) -> bool {
        !self.zh.app.is_empty() && !self.en.app.is_empty()
    }

    pub(super) fn of(&self, language: Language) -> &Texts {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// The words of one language.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    /// The application's name: a keyword that a robot may insist on.
    pub(super) app: String,
    /// With `{what}`; begins with the application's name.
    pub(super) title: String,
    /// With `{name}` and `{what}`: an alert among several.
    pub(super) line: String,
    /// With `{name}`: a mini-program of practice.
    pub(super) practice: String,
    /// With `{n}`: several alerts.
    pub(super) digest: String,
    /// With `{n}`: alerts for which there is no room.
    pub(super) more: String,
    pub(super) one_day: String,
    /// With `{n}`.
    pub(super) days: String,
    pub(super) used_up: String,
    /// With `{n}`, a percentage.
    pub(super) percent_left: String,
    /// With `{days}`, as the others.
    pub(super) ends_soon: String,
    pub(super) ends_today: String,
    pub(super) runs_out_soon: String,
    pub(super) runs_out_today: String,
    pub(super) will_expire: String,
    pub(super) guarded_to_manual: String,
    pub(super) guarded_back: String,
    pub(super) guarded_allocate: String,
    pub(super) would_guard: String,
    pub(super) guard_stuck: String,
    pub(super) usage_high: String,
    pub(super) test: TestTexts,
}

/// The message that the test button sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TestTexts {
    pub(super) title: String,
    pub(super) text: String,
}
