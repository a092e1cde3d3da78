//! What happens by time alone: allocations that were asked for, cancellations, lots that come to their end.

use crate::push::watch;
use crate::store::billing::Accounts;
use crate::store::{Stored, bulk};
use chrono::{DateTime, Utc};
use rusqlite::Connection;

/// Carries out everything that is due, and works out when to look again.
pub(crate) fn carry_out(connection: &Connection, accounts: &mut Accounts, now: DateTime<Utc>) -> Stored<()> {
    for settled in bulk::settle(connection, accounts, now)? {
        watch::tell_settled(connection, accounts, &settled, now)?;
    }
    accounts.set_next_due(bulk::next_due(connection)?);
    // Adds the moments at which lots come nearer to their end.
    watch::look_around(connection, accounts, now)
}
