//! What reading usage holds in memory.

use std::sync::{Arc, Mutex};

use crate::api::ErrorView;
use crate::infra::single_flight::SingleFlight;
use crate::infra::write_batcher::WriteBatcher;
use crate::usage::reading::ReadingOutcome;
use crate::usage::sync_run::SyncRun;
use crate::wechat_auth::token_cache::Tokens;

/// Readings under way.
#[derive(Debug)]
pub(crate) struct Usage {
    pub(crate) tokens: Arc<Tokens>,
    /// At the platform, by account.
    pub(super) readings: SingleFlight<Result<(), ErrorView>>,
    /// On their way into the store.
    pub(super) batch: WriteBatcher<ReadingOutcome, Result<(), ErrorView>>,
    /// The sync of all accounts that is under way, or the last one.
    pub(super) run: Mutex<Option<Arc<SyncRun>>>,
}

impl Usage {
    pub(crate) fn new(tokens: Arc<Tokens>) -> Self {
        Self {
            tokens,
            readings: SingleFlight::default(),
            batch: WriteBatcher::default(),
            run: Mutex::default(),
        }
    }

    /// A reading of the account is under way.
    pub(crate) fn is_being_read(&self, account: &str) -> bool {
        self.readings.is_under_way(account)
    }
}
