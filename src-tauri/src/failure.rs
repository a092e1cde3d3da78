//! What a command answers when it fails: the closed `ErrorView`, whatever it was that failed.

use companion::{
    Error,
    ports::SystemRandomness,
    views::{ErrorCode, ErrorView},
};
use serde::Serialize;

/// A failed command, as it crosses IPC.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct Failure(pub(crate) ErrorView);

/// A command's answer.
pub(crate) type Answer<T> = Result<T, Failure>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error.report(&SystemRandomness))
    }
}

impl From<tauri::Error> for Failure {
    fn from(error: tauri::Error) -> Self {
        tracing::error!(%error, "a window failed");
        Error::refused(ErrorCode::WindowFailed).into()
    }
}

impl From<arboard::Error> for Failure {
    fn from(error: arboard::Error) -> Self {
        tracing::error!(%error, "the clipboard failed");
        Error::refused(ErrorCode::ClipboardFailed).into()
    }
}
