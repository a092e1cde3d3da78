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
    /// The file was written by a newer version of the application.
    #[error("the database is newer than this version")]
    Newer,
    /// The disk failed.
    #[error("the disk failed")]
    Failed,
    /// Another instance holds the home directory.
    #[error("already running")]
    AlreadyRunning,
    /// A mistake of ours: a query or a value that should not exist.
    #[error("unexpected: {0}")]
    Unexpected(String),
}
