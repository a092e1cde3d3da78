//! Buying: the catalogue, the purchase under way, and all orders.

pub(crate) mod orders;
mod packs;
pub(crate) mod purchase;
pub(crate) mod status;
