//! Everybody whose secrets the keyring may hold.

use rusqlite::Connection;

use super::accounts::{self, Account};
use super::allocations::{self, Provider};
use super::channels::{self, Channel};
use super::secret_intents::{self, SecretIntent};
use super::{StoreError, backups, file};
use crate::paths::Paths;

/// What one ledger knows of.
#[derive(Debug)]
pub(crate) struct SecretOwners {
    /// Archived ones and those on their way out too.
    pub(crate) accounts: Vec<Account>,
    /// Removed ones too.
    pub(crate) providers: Vec<Provider>,
    pub(crate) channels: Vec<Channel>,
    pub(crate) intents: Vec<SecretIntent>,
}

pub(crate) fn all(db: &Connection) -> Result<SecretOwners, StoreError> {
    let mut accounts = accounts::stored(db)?;
    accounts.extend(accounts::leaving(db)?);
    Ok(SecretOwners {
        accounts,
        providers: allocations::every_provider(db)?,
        channels: channels::all(db)?,
        intents: secret_intents::all(db)?,
    })
}

/// Those in backups: a restored ledger does not know who came after it was copied. A backup that cannot be read is passed
/// over. Blocks.
pub(crate) fn of_backups(paths: &Paths) -> Result<Vec<SecretOwners>, StoreError> {
    let read = |name: &str| all(&file::open_ledger_to_read(&paths.backups().join(name))?);
    let found = backups::list(paths)?.into_iter().filter_map(|backup| {
        let owners = read(&backup.name);
        owners.inspect_err(|error| tracing::warn!(%error, "a backup cannot be read")).ok()
    });
    Ok(found.collect())
}
