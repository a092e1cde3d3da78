//! The member-card platform: the interface that the shop's tools speak, and the back office page.

pub(crate) mod api;
pub(crate) mod office;
