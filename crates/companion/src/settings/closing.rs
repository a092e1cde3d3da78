//! What closing the main window does.

use crate::api::{Closing, Tag};
use crate::context::Context;
use crate::error::Error;
use crate::store::settings::{self, Setting};

/// Returns what the shop chose; `None` until it did.
pub(crate) async fn get_closing(context: &Context) -> Result<Option<Closing>, Error> {
    Ok(context.store.ledger(|db| settings::get(db, Setting::Closing)).await?)
}

/// Remembers what the shop chose.
pub(crate) async fn set_closing(context: &Context, closing: Closing) -> Result<(), Error> {
    context.store.write_ledger(move |db| settings::set(db, Setting::Closing, closing)).await?;
    context.changed_everywhere(&[Tag::App]);
    Ok(())
}
