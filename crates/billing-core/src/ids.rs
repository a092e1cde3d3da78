//! Names of events and of lots.

use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::fmt;

/// The name of an event; for a purchase or an allocation also the name of its lot. Never empty, never `trial`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventId(Box<str>);

/// Why a text is no event id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadEventId {
    /// The text is empty.
    #[error("an id is empty")]
    Empty,
    /// The trial's lot has this name.
    #[error("the id \"trial\" is reserved")]
    Reserved,
}

impl EventId {
    /// Checks the text.
    pub fn new(id: impl Into<String>) -> Result<Self, BadEventId> {
        let id = id.into();
        match id.as_str() {
            "" => Err(BadEventId::Empty),
            TRIAL => Err(BadEventId::Reserved),
            _ => Ok(Self(id.into_boxed_str())),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for EventId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for EventId {
    type Error = BadEventId;
    fn try_from(id: String) -> Result<Self, BadEventId> {
        Self::new(id)
    }
}

impl From<EventId> for String {
    fn from(id: EventId) -> Self {
        id.0.into()
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The id of the trial's lot. No event may have it.
pub const TRIAL: &str = "trial";

/// The name of a lot: the id of the event that granted it, or `trial`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct LotId(String);

impl LotId {
    /// The trial's lot.
    pub fn trial() -> Self {
        Self(TRIAL.to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&EventId> for LotId {
    fn from(id: &EventId) -> Self {
        Self(id.as_str().to_owned())
    }
}

impl fmt::Display for LotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A lot among those of one account: the trial first, then the others in the order in which they were granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LotNumber(usize);

impl LotNumber {
    /// The trial's lot.
    pub const TRIAL: Self = Self(0);

    /// The lot that was granted after `place` others.
    pub(crate) const fn dated(place: usize) -> Self {
        Self(place.saturating_add(1))
    }

    /// Its place among the lots that have a validity; nothing for the trial.
    pub(crate) const fn place(self) -> Option<usize> {
        self.0.checked_sub(1)
    }
}
