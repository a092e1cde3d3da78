//! Buying: the catalogue, the purchase under way, and all orders.

pub(crate) mod arrival;
pub(crate) mod order_book;
mod orders;
mod packs;
mod purchase;
mod status;
pub(crate) mod view;
