//! Values from their columns.

use super::error::{Stored, invalid_row};
use billing_core::Capability;
use chrono::{DateTime, Utc};

/// An instant from its column.
pub(crate) fn instant(seconds: i64) -> Stored<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0).ok_or_else(|| invalid_row(format_args!("time {seconds}")))
}

/// A count from its column.
pub(crate) fn count(value: i64) -> Stored<u64> {
    u64::try_from(value).map_err(|_| invalid_row(format_args!("count {value}")))
}

/// A capability from its column.
pub(crate) fn capability_from(text: &str) -> Stored<Capability> {
    match text {
        "quick" => Ok(Capability::Quick),
        "realtime" => Ok(Capability::Realtime),
        other => Err(invalid_row(other)),
    }
}
