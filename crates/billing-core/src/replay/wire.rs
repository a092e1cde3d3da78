//! The scenario as written. Every field is optional here, so that a missing one can be named by its path.
//!
//! Events are handed on one by one as they are read: a history need not fit into memory.

use crate::account::EventId;
use crate::input::{self, InputError, Object, ReadError, Text, Word, present};
use crate::time::{NotAnInstant, parse_instant};
use crate::{AccountKind, Calls, Capability, Category, Days, SubjectType, Yuan};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Reads a scenario and hands its events to `each` with their place in the file.
pub(super) fn read<T: Text + ?Sized>(
    text: &T,
    mut each: impl FnMut(usize, EventWire) -> Result<(), InputError>,
) -> Result<SettingWire, ReadError> {
    let mut refused = None;
    let error = match input::unnamed(text, Scenario { each: &mut each, refused: &mut refused }) {
        Ok(setting) => return Ok(setting),
        Err(error) => error,
    };
    match refused {
        Some(refused) => Err(refused.into()),
        None if error.is_io() => Err(ReadError::Stream(error.into())),
        None => {
            // It was refused once: the second, slower reader only says where.
            let found = input::named(text, Scenario { each: |_, _| Ok(()), refused: &mut None });
            Err(found.err().unwrap_or_else(|| InputError::new("", error).into()))
        }
    }
}

/// A scenario without its events.
#[derive(Debug, Default)]
pub(super) struct SettingWire {
    pub account: Option<Object<AccountWire>>,
    pub capability: Option<Word<Capability>>,
    pub charging_starts: Option<Instant>,
    pub trial: Option<Calls>,
    pub report_at: Option<Instant>,
    /// Whether there was a list of events, be it empty.
    pub events: Option<()>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    Account,
    Capability,
    ChargingStarts,
    Trial,
    Events,
    ReportAt,
}

struct Scenario<'a, F> {
    each: F,
    /// Why `each` refused an event.
    refused: &'a mut Option<InputError>,
}

impl<'de, F: FnMut(usize, EventWire) -> Result<(), InputError>> DeserializeSeed<'de> for Scenario<'_, F> {
    type Value = SettingWire;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<SettingWire, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: FnMut(usize, EventWire) -> Result<(), InputError>> Visitor<'de> for Scenario<'_, F> {
    type Value = SettingWire;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<SettingWire, A::Error> {
        let mut setting = SettingWire::default();
        while let Some(field) = map.next_key()? {
            match field {
                Field::Account => once(&mut setting.account, map.next_value()?)?,
                Field::Capability => once(&mut setting.capability, map.next_value()?)?,
                Field::ChargingStarts => once(&mut setting.charging_starts, map.next_value()?)?,
                Field::Trial => once(&mut setting.trial, map.next_value()?)?,
                Field::ReportAt => once(&mut setting.report_at, map.next_value()?)?,
                Field::Events => {
                    once(&mut setting.events, ())?;
                    map.next_value_seed(Events(&mut self))?;
                }
            }
        }
        Ok(setting)
    }
}

/// Fills a field that must not be there twice.
fn once<T, E: Error>(field: &mut Option<T>, value: T) -> Result<(), E> {
    match field.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::custom("the key occurs twice")),
    }
}

struct Events<'a, 'b, F>(&'a mut Scenario<'b, F>);

impl<'de, F: FnMut(usize, EventWire) -> Result<(), InputError>> DeserializeSeed<'de> for Events<'_, '_, F> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(usize, EventWire) -> Result<(), InputError>> Visitor<'de> for Events<'_, '_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Scenario { each, refused } = self.0;
        for index in 0_usize.. {
            let Some(Object(event)) = items.next_element()? else { break };
            if let Err(error) = each(index, event) {
                **refused = Some(error);
                return Err(A::Error::custom("refused"));
            }
        }
        Ok(())
    }
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

#[derive(Debug, Clone, Copy)]
pub(super) struct Instant(pub DateTime<Utc>);

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;
        impl Visitor<'_> for Written {
            type Value = Instant;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time with an offset as text")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Instant, E> {
                parse_instant(text).map(Instant).map_err(|error: NotAnInstant| E::custom(error))
            }
        }
        deserializer.deserialize_str(Written)
    }
}
