//! Practice time passes, and customers come meanwhile.

use super::traffic;
use crate::model::Habits;
use crate::platform::{NotMoved, Platform};
use crate::store;
use crate::store::error::Stored;
use crate::store::shops;
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

/// Moves practice time forward, with the customers who come meanwhile.
///
/// Where customers come by themselves, time passes day by day, each in a transaction of its own: others get their turn,
/// and a crash in between leaves a day that is either over or not.
pub(crate) async fn advance(platform: &Platform, step: Duration) -> Result<DateTime<Utc>, NotMoved> {
    platform.clock.offset_after(step)?;
    let mut left = step;
    while !left.is_zero() {
        let slice = if platform.has_traffic() { left.min(DAY) } else { left };
        let faults = Arc::clone(&platform.faults);
        platform
            .pass(slice, move |connection, accounts, then| {
                traffic::catch_up(connection, accounts, &faults, then)
            })
            .await?;
        left -= slice;
    }
    platform.news.notify_one();
    Ok(platform.clock.now())
}

/// Lets customers come to a shop by themselves, or no more. Returns whether there is such a shop.
pub(crate) async fn set_traffic(platform: &Platform, app_id: String, habits: Option<Habits>) -> Stored<bool> {
    let any = platform
        .write(move |connection, _, now| {
            if shops::find(connection, &app_id)?.is_none() {
                return Ok(None);
            }
            store::traffic::set(connection, &app_id, habits, now)?;
            Ok(Some(!store::traffic::all(connection)?.is_empty()))
        })
        .await?;
    if let Some(any) = any {
        platform.set_has_traffic(any);
    }
    Ok(any.is_some())
}

/// Lets everybody come who is due by now.
pub(crate) async fn catch_up(platform: &Platform) -> Stored<()> {
    if !platform.has_traffic() {
        return Ok(());
    }
    let faults = Arc::clone(&platform.faults);
    platform
        .write(move |connection, accounts, now| traffic::catch_up(connection, accounts, &faults, now))
        .await
}
