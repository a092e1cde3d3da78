//! Alerts of an account.

pub(crate) mod standing;
