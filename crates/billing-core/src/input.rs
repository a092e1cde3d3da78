//! Strict reading of JSON: a refusal names the field, and nothing is silently dropped.
//!
//! serde refuses unknown fields where a type asks for it, but keeps the last of two equal keys wherever a value is
//! buffered. So the text is read twice: once for keys that occur twice, anywhere, and once for its meaning.

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use serde_json::de::SliceRead;
use std::collections::HashSet;
use std::fmt;
use std::io;
use std::marker::PhantomData;

/// Why an input was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct InputError {
    /// The field, like `events[3].calls`; `.` is the whole input.
    pub path: String,
    /// What is wrong with it.
    pub message: String,
}

impl InputError {
    /// A refusal of the field at `path`.
    pub fn new(path: impl Into<String>, message: impl fmt::Display) -> Self {
        let path = path.into();
        Self { path: if path.is_empty() { ".".to_owned() } else { path }, message: message.to_string() }
    }
}

/// Why an input could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] InputError),
    /// It could not be got at.
    #[error(transparent)]
    Stream(#[from] io::Error),
}

/// A JSON text that can be read from its beginning as often as needed.
pub(crate) trait Text {
    /// How serde reads it.
    type Read<'a>: serde_json::de::Read<'a>
    where
        Self: 'a;
    /// Starts at the beginning.
    fn open(&self) -> io::Result<serde_json::Deserializer<Self::Read<'_>>>;
}

impl Text for [u8] {
    type Read<'a> = SliceRead<'a>;
    fn open(&self) -> io::Result<serde_json::Deserializer<SliceRead<'_>>> {
        Ok(serde_json::Deserializer::from_slice(self))
    }
}

/// Reads one JSON value of type `T`, and nothing after it.
pub fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, InputError> {
    named(json, PhantomData).map_err(|error| match error {
        ReadError::Refused(refused) => refused,
        ReadError::Stream(error) => InputError::new("", error),
    })
}

/// Reads one JSON value, and nothing after it. Fast, but a refusal does not name the field, and keys that occur twice are
/// found only where `seed` looks for them, as derived types do: what is refused here is for [`named`] to explain.
pub(crate) fn unnamed<'a, T: Text + ?Sized, S: DeserializeSeed<'a>>(
    text: &'a T,
    seed: S,
) -> serde_json::Result<S::Value> {
    let mut json = text.open().map_err(serde_json::Error::io)?;
    let value = seed.deserialize(&mut json)?;
    json.end()?;
    Ok(value)
}

/// Reads one JSON value, and nothing after it; a refusal names the field.
pub(crate) fn named<'a, T: Text + ?Sized, S: DeserializeSeed<'a>>(
    text: &'a T,
    seed: S,
) -> Result<S::Value, ReadError> {
    check_keys(text)?;
    let mut track = serde_path_to_error::Track::new();
    let mut json = text.open()?;
    match seed.deserialize(serde_path_to_error::Deserializer::new(&mut json, &mut track)) {
        Ok(value) => match json.end() {
            Ok(()) => Ok(value),
            Err(error) => Err(refusal("", error)),
        },
        Err(error) => Err(refusal(track.path().to_string(), error)),
    }
}

fn refusal(path: impl Into<String>, error: serde_json::Error) -> ReadError {
    if error.is_io() { ReadError::Stream(error.into()) } else { InputError::new(path, error).into() }
}

/// For `deserialize_with`, beside `default`: the field may be missing, but `null` is no value.
pub(crate) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The value of a field that may not be missing.
pub(crate) fn required<T>(value: Option<T>, path: &str, field: &str) -> Result<T, InputError> {
    let full = if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") };
    value.ok_or_else(|| InputError::new(full, "the field is missing"))
}

/// A JSON object. Derived types would also take an array, field by field, which no scenario means.
#[derive(Debug)]
pub(crate) struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = T;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields))
            }
        }
        deserializer.deserialize_map(Fields(PhantomData)).map(Self)
    }
}

/// A JSON string that is one of the words of `T`. Derived enums would also take `{"word": null}`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Letters<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Letters<T> {
            type Value = T;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a word")
            }
            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<T, E> {
                T::deserialize(word.into_deserializer())
            }
        }
        deserializer.deserialize_str(Letters(PhantomData)).map(Self)
    }
}

/// Refuses text that is no JSON and keys that occur twice in one object.
fn check_keys<T: Text + ?Sized>(text: &T) -> Result<(), ReadError> {
    let mut found = Trail { path: String::new(), refused_at: None };
    let mut json = text.open()?;
    match (Keys { trail: &mut found }).deserialize(&mut json).and_then(|()| json.end()) {
        Ok(()) => Ok(()),
        Err(error) => Err(refusal(found.refused_at.unwrap_or(found.path), error)),
    }
}

/// Where the reader is, and where it stopped.
struct Trail {
    path: String,
    refused_at: Option<String>,
}

struct Keys<'a> {
    trail: &'a mut Trail,
}

impl<'de> DeserializeSeed<'de> for Keys<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        let length = self.trail.path.len();
        while let Some(key) = map.next_key::<String>()? {
            if !self.trail.path.is_empty() {
                self.trail.path.push('.');
            }
            self.trail.path.push_str(&key);
            if seen.contains(&key) {
                self.trail.refused_at = Some(self.trail.path.clone());
                return Err(A::Error::custom(format_args!("the key {key:?} occurs twice")));
            }
            seen.insert(key);
            map.next_value_seed(Keys { trail: &mut *self.trail })?;
            self.trail.path.truncate(length);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let length = self.trail.path.len();
        for index in 0_usize.. {
            self.trail.path.push('[');
            self.trail.path.push_str(&index.to_string());
            self.trail.path.push(']');
            if items.next_element_seed(Keys { trail: &mut *self.trail })?.is_none() {
                self.trail.path.truncate(length);
                break;
            }
            self.trail.path.truncate(length);
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}
