//! What follows from what was recorded, and what happens by time alone: alerts, allocations that were asked for,
//! cancellations, lots that come to their end.

use crate::push::watch;
use crate::store::billing::Accounts;
use crate::store::bulk;
use crate::store::error::Stored;
use chrono::{DateTime, Utc};
use rusqlite::Connection;

/// Looks at every account that something was recorded for. [`crate::platform::Platform::write`] ends with it; where many
/// customers come in one transaction, it follows each of them, so that no share they cross is passed over.
pub(crate) fn after_write(connection: &Connection, accounts: &mut Accounts) -> Stored<()> {
    for change in accounts.take_changes() {
        watch::look_at(connection, accounts, &change.app_id, change.capability, change.at)?;
    }
    Ok(())
}

/// Carries out everything that is due, and works out when to look again.
pub(crate) fn carry_out(connection: &Connection, accounts: &mut Accounts, now: DateTime<Utc>) -> Stored<()> {
    let settled = bulk::settle(connection, accounts, now)?;
    after_write(connection, accounts)?;
    for each in settled {
        watch::announce_result(connection, accounts, &each, now)?;
    }
    accounts.set_next_due(bulk::next_due(connection)?);
    // Adds the moments at which lots come nearer to their end.
    watch::scan(connection, accounts, now)
}
