//! Work that would hold up the threads which answer the window.

use crate::error::Error;
use crate::store::StoreError;

/// Runs `work` on a thread that may block. Errors: `internal` when it panics or the runtime is going down.
pub(crate) async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let outcome = tokio::task::spawn_blocking(work).await;
    outcome.map_err(|stopped| StoreError::Unexpected(stopped.to_string()).into())
}
