//! Where sources show more than one form of an answer: which one is written.
//!
//! The newest documented form is the usual one; an administrator chooses another to see whether a client minds.

use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};

/// One choice for each contradiction between sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Choices {
    /// `errmsg` in a successful usage detail: in the table, not in the sample.
    pub(crate) usage_errmsg: bool,
    /// `source` in its rows: in the table, not in the sample.
    pub(crate) usage_source: bool,
    /// `countryCode` as a number: in older samples.
    pub(crate) country_code_number: bool,
    /// `averageData` as text: a library reads both.
    pub(crate) average_text: bool,
    /// The code of an allocation asked for again after it was done: 10121009 on the page, 10121031 seen in 2024 **C**.
    pub(crate) repeated_assign: i64,
    /// `orderId` in the rows of a provider's usage: in the older sample.
    pub(crate) provider_rows_with_order: bool,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            usage_errmsg: false,
            usage_source: true,
            country_code_number: false,
            average_text: false,
            repeated_assign: 10_121_009,
            provider_rows_with_order: false,
        }
    }
}

/// The choices in force, until practice is stopped.
#[derive(Debug, Default)]
pub(crate) struct Variants(Mutex<Choices>);

impl Variants {
    pub(crate) fn read(&self) -> Choices {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, choices: Choices) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = choices;
    }
}
