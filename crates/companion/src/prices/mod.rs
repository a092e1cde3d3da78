//! Prices: the shop's own list over the built-in one.

pub(crate) mod file;
pub(crate) mod list;
