//! What the settings page shows and changes.

mod network;
mod page;
pub(crate) mod proxy;
