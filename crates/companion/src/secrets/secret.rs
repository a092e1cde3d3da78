use std::fmt;

use serde::{Deserialize, Deserializer, de::Error as _};
use ts_rs::{Config, TS};
use zeroize::{Zeroize, Zeroizing};

/// A value that must not leak: no `Clone`, no `Serialize`, a `Debug` without content, wiped when dropped.
pub struct Secret<T: Zeroize>(Zeroizing<T>);

impl<T: Zeroize> Secret<T> {
    /// Takes the value over; the only other way to it is [`Secret::expose`].
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }
}

impl Secret<String> {
    /// The text itself. Call it as late and as locally as possible, never for a log, a file or an error.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Nothing but white space was given.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// A second, separately wiped copy, for the one call that must send a secret and then store it.
    pub(crate) fn duplicate(&self) -> Self {
        Self::new(self.0.to_string())
    }
}

impl From<String> for Secret<String> {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

impl From<&str> for Secret<String> {
    fn from(value: &str) -> Self {
        Self::new(value.to_owned())
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What a page sends is taken over at once; an error never quotes it.
impl<'de> Deserialize<'de> for Secret<String> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new).map_err(|_| D::Error::custom("not a text"))
    }
}

/// A page writes it as a plain text.
impl TS for Secret<String> {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &Config) -> String {
        "string".to_owned()
    }

    fn inline(config: &Config) -> String {
        Self::name(config)
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_shows_nothing() {
        let secret = Secret::new("planted-word".to_owned());
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(secret.expose(), "planted-word");
    }
}
