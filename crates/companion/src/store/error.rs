use std::io;

use rusqlite::ErrorCode;

use super::columns::UnknownWordIn;

/// Why the store did not serve.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The home directory or a file in it cannot be written.
    #[error("the disk is read-only")]
    ReadOnly,
    /// No room left.
    #[error("the disk is full")]
    Full,
    /// A file is not the database it should be.
    #[error("the database is damaged")]
    Damaged,
    /// The ledger is gone or empty, and its companion files are there.
    #[error("the ledger is missing")]
    Missing,
    /// The file was written by a newer version of the application.
    #[error("the database is newer than this version")]
    Newer,
    /// There is no such backup any more.
    #[error("the backup is gone")]
    BackupGone,
    /// A backup is not the ledger it should be.
    #[error("the backup is damaged")]
    BackupDamaged,
    /// A backup was written by a newer version of the application.
    #[error("the backup is newer than this version")]
    BackupNewer,
    /// A word in the ledger that this version does not know: a newer one wrote it, or nobody did.
    #[error("a word nobody knows in {table}, row {row}")]
    UnknownWord {
        /// Its table.
        table: &'static str,
        /// Its row, by the table's own key.
        row: String,
    },
    /// The disk failed.
    #[error("the disk failed")]
    Failed,
    /// Another instance holds the home directory.
    #[error("already running")]
    AlreadyRunning,
    /// A mistake of ours: a query or a value that should not exist. Says which, and never quotes a value.
    #[error("unexpected: {0}")]
    Unexpected(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let failure = match &error {
            rusqlite::Error::SqliteFailure(failure, _) => failure,
            rusqlite::Error::FromSqlConversionFailure(_, _, cause) => {
                return match cause.downcast_ref::<UnknownWordIn>() {
                    Some(unknown) => Self::UnknownWord { table: unknown.table, row: unknown.row.clone() },
                    None => Self::Unexpected(error.to_string()),
                };
            }
            _ => return Self::Unexpected(error.to_string()),
        };
        match failure.code {
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Self::ReadOnly,
            ErrorCode::DiskFull => Self::Full,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged,
            ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::NoLargeFileSupport => {
                Self::Failed
            }
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::AlreadyRunning,
            _ => Self::Unexpected(error.to_string()),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Failed,
        }
    }
}

impl From<rusqlite_migration::Error> for StoreError {
    fn from(error: rusqlite_migration::Error) -> Self {
        match error {
            rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
            rusqlite_migration::Error::MigrationDefinition(
                rusqlite_migration::MigrationDefinitionError::DatabaseTooFarAhead,
            ) => Self::Newer,
            other => Self::Unexpected(other.to_string()),
        }
    }
}
