//! The scenario as written. Every field is optional here, so that a missing one can be named by its path.

use crate::account::EventId;
use crate::input::{Object, Word, present};
use crate::time::parse_instant;
use crate::{AccountKind, Calls, Capability, Category, Days, SubjectType, Yuan};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::fmt;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScenarioWire {
    #[serde(default, deserialize_with = "present")]
    pub account: Option<Object<AccountWire>>,
    #[serde(default, deserialize_with = "present")]
    pub capability: Option<Word<Capability>>,
    #[serde(default, deserialize_with = "present")]
    pub charging_starts: Option<Instant>,
    #[serde(default, deserialize_with = "present")]
    pub trial: Option<Calls>,
    #[serde(default, deserialize_with = "present")]
    pub events: Option<Vec<Object<EventWire>>>,
    #[serde(default, deserialize_with = "present")]
    pub report_at: Option<Instant>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountWire {
    #[serde(default, deserialize_with = "present")]
    pub kind: Option<Word<AccountKind>>,
    #[serde(default, deserialize_with = "present")]
    pub subject: Option<Word<SubjectType>>,
    #[serde(default, deserialize_with = "present")]
    pub category: Option<Word<Category>>,
    #[serde(default, deserialize_with = "present")]
    pub verified: Option<bool>,
}

/// Flat rather than tagged by `type`: serde buffers tagged values, and loses the path of a bad field on the way.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventWire {
    #[serde(default, deserialize_with = "present")]
    pub id: Option<EventId>,
    #[serde(default, deserialize_with = "present")]
    pub at: Option<Instant>,
    #[serde(default, deserialize_with = "present", rename = "type")]
    pub kind: Option<Word<EventKind>>,
    #[serde(default, deserialize_with = "present")]
    pub calls: Option<Calls>,
    #[serde(default, deserialize_with = "present")]
    pub days: Option<Days>,
    #[serde(default, deserialize_with = "present")]
    pub price: Option<Yuan>,
    #[serde(default, deserialize_with = "present")]
    pub order: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum EventKind {
    Purchase,
    Allocate,
    Use,
    Query,
    Refund,
}

impl EventKind {
    pub(super) const fn has_calls(self) -> bool {
        matches!(self, Self::Purchase | Self::Allocate | Self::Use)
    }
    pub(super) const fn has_days(self) -> bool {
        matches!(self, Self::Purchase | Self::Allocate)
    }
    pub(super) const fn has_price(self) -> bool {
        matches!(self, Self::Purchase)
    }
    pub(super) const fn has_order(self) -> bool {
        matches!(self, Self::Refund)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Purchase => "purchase",
            Self::Allocate => "allocate",
            Self::Use => "use",
            Self::Query => "query",
            Self::Refund => "refund",
        })
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Instant(pub DateTime<Utc>);

impl TryFrom<String> for Instant {
    type Error = crate::time::NotAnInstant;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        parse_instant(&text).map(Self)
    }
}
