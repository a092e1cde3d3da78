//! Prices: the shop's own list over the built-in one.

mod file;
pub(crate) mod list;
pub(crate) mod tariff;
