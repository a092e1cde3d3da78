//! Scenario files: a history goes in, the statement comes out.
//!
//! [`parse`] reads a scenario into memory; [`Stream::open`] reads one that is in time order event by event, so that its
//! length does not matter. [`Statement::of`] applies either to an [`Account`](crate::Account). Events are applied by time,
//! equal times in the order of the file.

mod check;
mod repeats;
mod statement;
mod stream;
mod wire;

pub use statement::{EventResult, Free, Statement, run};
pub use stream::Stream;

use crate::account::Event;
use crate::input::{InputError, ReadError};
use crate::{AccountTerms, Verdict};
use chrono::{DateTime, Utc};
use repeats::{Ids, Repeats};

/// What a scenario says besides its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// What the account pays; never `NotEligible`, which [`parse`] refuses.
    pub verdict: Verdict,
    /// What holds from the beginning.
    pub terms: AccountTerms,
    /// When the statement is drawn up; no event is later.
    pub report_at: DateTime<Utc>,
}

/// A history that can be gone through from its beginning as often as needed.
pub trait History {
    /// What is known besides the events.
    fn setting(&self) -> &Setting;

    /// Hands over every event in the order in which it is applied, and whether its id came before. Stops at the first
    /// error.
    fn each(&self, apply: impl FnMut(&Event, bool) -> Result<(), InputError>) -> Result<(), ReadError>;
}

/// A checked scenario in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    setting: Setting,
    events: Vec<Event>,
    repeats: Repeats,
}

impl Scenario {
    /// Puts events in the order in which they are applied.
    pub fn new(setting: Setting, mut events: Vec<Event>) -> Self {
        events.sort_by_key(|event| event.at);
        let mut ids = Ids::default();
        for event in &events {
            ids.add(&event.id);
        }
        Self { setting, events, repeats: ids.repeats() }
    }

    /// What happened, in the order in which it is applied.
    pub fn events(&self) -> &[Event] {
        &self.events
    }
}

impl History for Scenario {
    fn setting(&self) -> &Setting {
        &self.setting
    }

    fn each(&self, mut apply: impl FnMut(&Event, bool) -> Result<(), InputError>) -> Result<(), ReadError> {
        let mut walk = self.repeats.walk();
        for event in &self.events {
            apply(event, walk.is_repeat(&event.id))?;
        }
        Ok(())
    }
}

/// Reads a scenario. What is not understood is refused with the path of the field.
///
/// ```
/// let refused = billing_core::replay::parse(br#"{ "account": { "kind": "mini_shop" } }"#).unwrap_err();
/// assert_eq!(refused.path, "account.kind");
/// ```
pub fn parse(json: &[u8]) -> Result<Scenario, InputError> {
    collect(json).map_err(|error| match error {
        ReadError::Refused(refused) => refused,
        ReadError::Stream(error) => InputError::new("", error),
    })
}

fn collect<T: crate::input::Text + ?Sized>(text: &T) -> Result<Scenario, ReadError> {
    let mut events = Vec::new();
    let wire = wire::read(text, |index, event| {
        events.push(check::event(index, event)?);
        Ok(())
    })?;
    let setting = check::setting(wire)?;
    for (index, event) in events.iter().enumerate() {
        check::not_later(index, event, setting.report_at)?;
    }
    Ok(Scenario::new(setting, events))
}
