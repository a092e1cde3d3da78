//! Why the store cannot do what it was asked.

use rusqlite::ErrorCode;

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// A newer version of the program wrote it.
    #[error("a newer version wrote the practice database (its version {found}, known {known})")]
    Newer {
        /// Version of the file.
        found: i64,
        /// Newest version this program knows.
        known: i64,
    },
    /// The file or its folder cannot be written.
    #[error("the practice database cannot be written")]
    ReadOnly,
    /// No room is left on the disk.
    #[error("no room is left for the practice database")]
    Full,
    /// The file is damaged, or no database of ours.
    #[error("the practice database is damaged: {0}")]
    Damaged(String),
    /// Another process has it open.
    #[error("another process uses the practice database")]
    InUse,
    /// Anything else.
    #[error("the practice database cannot be used: {0}")]
    Other(String),
}

impl From<rusqlite::Error> for DatabaseError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse,
            _ => Self::Other(error.to_string()),
        }
    }
}

/// Why something could not be done although it was asked for properly. Callers see "system busy".
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    #[error("an account refused an event: {0}")]
    Billing(#[from] billing_core::EventError),
    #[error("a stored value makes no sense: {0}")]
    Invalid(String),
    #[error("the worker stopped")]
    Stopped,
    #[error("too many passwords are being checked")]
    Busy,
}

pub(crate) type Stored<T> = Result<T, StoreError>;

/// A stored value that the schema should have refused.
pub(crate) fn invalid_row(what: impl std::fmt::Display) -> StoreError {
    StoreError::Invalid(what.to_string())
}

pub(super) fn migration_error(error: rusqlite_migration::Error) -> DatabaseError {
    match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
        other => DatabaseError::Other(other.to_string()),
    }
}

pub(super) fn replay_error(error: StoreError) -> DatabaseError {
    match error {
        StoreError::Database(error) => error.into(),
        other => DatabaseError::Damaged(other.to_string()),
    }
}
