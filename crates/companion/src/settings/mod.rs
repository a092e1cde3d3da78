//! What the settings page shows and changes.

pub(crate) mod network;
mod page;
