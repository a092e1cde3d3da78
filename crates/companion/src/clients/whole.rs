//! Whole numbers as platforms send them.
//!
//! WeChat writes 64-bit numbers as decimal strings and smaller ones as numbers; the pages, the samples and the field do
//! not always agree which is which. Both are read everywhere.

use std::fmt;

use billing_core::Calls;
use serde::de::{self, Deserializer, Visitor};

/// A whole number, 0 to 10^12: calls, seconds since 1970, counters. More is no figure of this field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WireInt(pub(super) u64);

/// Milliseconds since 1970, 0 to 10^15: far beyond any calendar of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Millis(pub(super) u64);

/// WeChat's verdict: 0 is success, -1 is busy, anything else a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Errcode(pub(super) i64);

/// Reads a number from 0 to `max`, or its digits in a string.
struct UpTo {
    max: u64,
}

impl Visitor<'_> for UpTo {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from 0 to {}, or its digits in a string", self.max)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<u64, E> {
        // Without the value: an answer may hold anything, an error must not.
        if value <= self.max { Ok(value) } else { Err(E::custom("out of range")) }
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<u64, E> {
        // `parse` alone would take a leading plus sign.
        if !value.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(E::custom("not a whole number"));
        }
        value.parse().map_err(|_| E::custom("not a whole number")).and_then(|number| self.visit_u64(number))
    }
}

impl<'de> de::Deserialize<'de> for WireInt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UpTo { max: Calls::MAX.get() }).map(Self)
    }
}

impl<'de> de::Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UpTo { max: 1_000_000_000_000_000 }).map(Self)
    }
}

struct ErrcodeVisitor;

impl Visitor<'_> for ErrcodeVisitor {
    type Value = Errcode;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an errcode")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Errcode, E> {
        Ok(Errcode(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Errcode, E> {
        i64::try_from(value).map(Errcode).map_err(|_| E::custom("not an errcode"))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Errcode, E> {
        value.parse().map(Errcode).map_err(|_| E::custom("not an errcode"))
    }
}

impl<'de> de::Deserialize<'de> for Errcode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ErrcodeVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::{Errcode, WireInt};

    #[test]
    fn whole_numbers_come_as_numbers_or_as_digits() {
        for (json, expected) in [
            ("0", Some(0)),
            ("194", Some(194)),
            (r#""194""#, Some(194)),
            (r#""00194""#, Some(194)),
            ("4294967295", Some(4_294_967_295)),
            ("1000000000000", Some(1_000_000_000_000)),
            ("1000000000001", None),
            (r#""1000000000001""#, None),
            (r#""18446744073709551616""#, None),
            ("-1", None),
            (r#""-1""#, None),
            (r#""+1""#, None),
            (r#"" 1""#, None),
            (r#""""#, None),
            ("1.5", None),
            ("true", None),
            ("null", None),
            ("[1]", None),
        ] {
            assert_eq!(serde_json::from_str::<WireInt>(json).ok().map(|whole| whole.0), expected, "{json}");
        }
    }

    #[test]
    fn a_refused_number_is_not_quoted() {
        let error = serde_json::from_str::<WireInt>(r#""planted-word""#).unwrap_err().to_string();
        assert!(!error.contains("planted-word"), "{error}");
    }

    #[test]
    fn errcodes_may_be_negative() {
        for (json, expected) in [
            ("0", Some(0)),
            ("-1", Some(-1)),
            ("40001", Some(40_001)),
            (r#""-1""#, Some(-1)),
            ("0.5", None),
            ("{}", None),
        ] {
            assert_eq!(serde_json::from_str::<Errcode>(json).ok().map(|code| code.0), expected, "{json}");
        }
    }
}
