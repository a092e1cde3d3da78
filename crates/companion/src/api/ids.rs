//! Identifiers as they cross IPC. Each is a type of its own in TypeScript, so that one is not taken for another.

use std::ops::Deref;

use serde::Deserialize;
use ts_rs::{Config, TS};

macro_rules! texts {
    ($($(#[$attribute:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl TS for $name {
            type WithoutGenerics = Self;
            type OptionInnerType = Self;

            fn name(_: &Config) -> String {
                stringify!($name).to_owned()
            }

            fn inline(config: &Config) -> String {
                Self::name(config)
            }

            fn decl(_: &Config) -> String {
                branded_text(stringify!($name))
            }
        }
    )+ };
}

texts! {
    /// An account of the shop: a mini-program in an environment.
    AccountId,
    /// A service provider.
    ProviderId,
    /// An order: a purchase of ours, or a service provider's in bulk.
    OrderId,
    /// A pack of a price list.
    PackId,
    /// An allocation out of an order in bulk.
    AllocationId,
    /// A change of mode.
    ModeChangeId,
    /// Where alerts go besides this computer.
    ChannelId,
}

/// A text of its own in TypeScript: neither a plain string nor another of these types may stand for it.
pub(super) fn branded_text(name: &str) -> String {
    format!("type {name} = string & {{ readonly __is: \"{name}\" }};")
}
