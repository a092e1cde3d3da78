//! Buying: the catalogue, the purchase under way, and all orders.

pub(crate) mod arrival;
pub(crate) mod order_book;
pub(crate) mod orders;
pub(crate) mod packs;
pub(crate) mod purchase;
mod status;
pub(crate) mod view;
