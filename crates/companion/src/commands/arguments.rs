//! The arguments of a command: exactly those that the table names, each of its own type.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error as _};
use serde_json::{Map, Value};
use ts_rs::{Config, TS};

use super::command::{Command, camel_case};
use crate::{Error, api::ErrorCode};

/// The arguments as they came, by their names in camel case.
pub(crate) struct Arguments {
    command: &'static str,
    values: Map<String, Value>,
}

impl Arguments {
    /// Errors: `argument_missing`, `argument_unknown`. An argument that may be nothing is `null`, never left out.
    pub(super) fn of(command: &Command, values: Value) -> Result<Self, Error> {
        let values = match values {
            Value::Object(values) => values,
            _ => Map::new(),
        };
        let refused = |code, argument: &str| {
            Error::refused(code).with("command", command.name).with("argument", argument)
        };
        let names: Vec<String> = command.arguments.iter().map(|argument| camel_case(argument.name)).collect();
        if let Some(missing) = names.iter().find(|name| !values.contains_key(*name)) {
            return Err(refused(ErrorCode::ArgumentMissing, missing));
        }
        if values.len() > names.len() {
            // Not its name: that is the caller's text, and could be anything.
            return Err(Error::refused(ErrorCode::ArgumentUnknown).with("command", command.name));
        }
        Ok(Self { command: command.name, values })
    }

    pub(super) fn command(&self) -> &'static str {
        self.command
    }

    /// Errors: `argument_invalid`, which never quotes the value, since that may be a secret.
    pub(super) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Error> {
        let value = self.values.remove(&camel_case(name)).unwrap_or_default();
        serde_path_to_error::deserialize(value).map_err(|error| {
            let path = error.path().to_string();
            let argument = camel_case(name);
            let path_of_value = if path == "." { argument } else { format!("{argument}.{path}") };
            Error::refused(ErrorCode::ArgumentInvalid)
                .with("command", self.command)
                .with("argument", path_of_value)
        })
    }
}

/// A file that a person picked: base64 text, which JSON carries as it is.
#[derive(Debug)]
pub struct Base64Bytes(pub Vec<u8>);

impl<'de> Deserialize<'de> for Base64Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // The text itself is the person's file: an error must not quote it.
        STANDARD.decode(text.as_bytes()).map(Self).map_err(|_| D::Error::custom("not base64"))
    }
}

impl TS for Base64Bytes {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &Config) -> String {
        "string".to_owned()
    }

    fn inline(config: &Config) -> String {
        Self::name(config)
    }
}
