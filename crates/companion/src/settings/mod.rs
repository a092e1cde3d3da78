//! What the settings page shows and changes.

pub(crate) mod alerting;
pub(crate) mod backup;
pub(crate) mod closing;
pub(crate) mod errand;
pub(crate) mod hosts;
pub(crate) mod network;
pub(crate) mod page;
pub(crate) mod proxy;
pub(crate) mod reading;
