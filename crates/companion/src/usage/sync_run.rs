//! The sync of all accounts that is under way.

use std::collections::VecDeque;
use std::sync::Mutex;

use tokio::sync::watch;

use crate::api::SyncAllView;
use crate::store::accounts::Account;
use crate::store::connections::Connection;

/// An account that waits to be read.
pub(crate) type Due = (Account, Connection);

/// One sync of all accounts.
#[derive(Debug)]
pub(crate) struct SyncRun {
    pub(crate) progress: watch::Sender<SyncAllView>,
    pub(crate) cancelled: watch::Sender<bool>,
    pub(crate) queue: Mutex<VecDeque<Due>>,
}
