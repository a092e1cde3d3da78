//! How often accounts are read without anybody asking.

use crate::api::{ErrorCode, SettingsView, Tag};
use crate::context::Context;
use crate::error::Error;
use crate::settings::page::get_settings;
use crate::store::settings::{self, READ_EVERY};

/// Sets the hours between two readings; `None`: never. Errors: `figures_invalid`.
pub(crate) async fn set_read_every(context: &Context, hours: Option<u32>) -> Result<SettingsView, Error> {
    if hours.is_some_and(|hours| !READ_EVERY.contains(&hours)) {
        return Err(Error::refused(ErrorCode::FiguresInvalid));
    }
    context.store.write_ledger(move |db| settings::set_read_every(db, hours)).await?;
    context.changed_everywhere(&[Tag::App]);
    get_settings(context).await
}
