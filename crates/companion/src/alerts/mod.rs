//! Alerts: those that stand on an account, and the inbox of those that were raised.

pub(crate) mod inbox;
pub(crate) mod raise;
pub(crate) mod standing;
pub(crate) mod watch;

#[cfg(test)]
mod year;
