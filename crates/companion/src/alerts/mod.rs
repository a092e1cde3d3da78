//! Alerts: what an account is told about.

pub(crate) mod standing;
