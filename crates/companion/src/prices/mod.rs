//! Prices: the shop's own list over the built-in one.

mod file;
mod list;
pub(crate) mod tariff;
