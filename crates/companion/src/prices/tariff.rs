//! The rules' data with the shop's own price list over it.

use billing_core::Tariff;
use billing_core::tariff::PriceList;

use crate::store::price_lists::{self, StoredList};
use crate::store::{Db, StoreError};

/// The rules' data with the shop's list over it, at the start of the application.
pub(crate) fn stored(db: &Db<'_>) -> Result<Tariff, StoreError> {
    let stored = price_lists::newest(db)?;
    Ok(stored.and_then(|stored| over_built_in(&stored)).unwrap_or_else(|| Tariff::embedded().clone()))
}

/// Nothing where the shop's rows and newer built-in ones do not go together.
pub(crate) fn over_built_in(stored: &StoredList) -> Option<Tariff> {
    let put = PriceList::new(stored.packs.clone()).and_then(|list| Tariff::embedded().with_price_list(&list));
    put.inspect_err(|refused| tracing::error!(at = %refused.path, "the shop's price list does not fit")).ok()
}
