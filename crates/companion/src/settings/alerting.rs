//! When the shop wants to hear of an account, and when it does not.

use crate::api::{ErrorCode, SettingsView, Tag};
use crate::channels::delivery::send_in_background;
use crate::context::Context;
use crate::error::Error;
use crate::settings::page::get_settings;
use crate::store::settings::{self, QuietHours, WARN_DAYS};

/// Sets the days of cover, and the hours in which the system shows nothing; from and to the same hour, or `None`: it always
/// may. Errors: `figures_invalid`.
pub(crate) async fn set_alerting(
    context: &Context,
    warn_days: u32,
    quiet_from: Option<u32>,
    quiet_to: Option<u32>,
) -> Result<SettingsView, Error> {
    let invalid = || Error::refused(ErrorCode::FiguresInvalid);
    let days = u16::try_from(warn_days).ok().filter(|days| WARN_DAYS.contains(days)).ok_or_else(invalid)?;
    let quiet = match (quiet_from, quiet_to) {
        (Some(from), Some(to)) if from < 24 && to < 24 => (from != to).then_some(QuietHours { from, to }),
        (None, None) => None,
        _ => return Err(invalid()),
    };
    context.store.write_ledger(move |db| settings::set_alerting(db, days, quiet)).await?;
    context.changed_everywhere(&[Tag::App, Tag::Inbox]);
    send_in_background(context).await?;
    get_settings(context).await
}
