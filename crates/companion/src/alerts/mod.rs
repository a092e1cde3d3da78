//! Alerts of an account.

pub(crate) mod answer;
pub(crate) mod standing;
