//! The sync of all accounts that is under way.

use tokio::sync::watch;

use crate::views::SyncAllView;

/// One sync of all accounts.
#[derive(Debug)]
pub(crate) struct SyncRun {
    pub(crate) progress: watch::Sender<SyncAllView>,
    pub(crate) cancelled: watch::Sender<bool>,
}
