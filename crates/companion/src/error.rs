//! One error type for everything the application refuses or cannot do.
//!
//! Inside, errors are matched by variant, never by text. What crosses IPC is an [`ErrorView`]: a code of a closed
//! list, values for the text, whether trying again helps, and a short reference that also stands in the log.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::api::{ErrorCode, ErrorView, Instant, Retry};
use crate::clients::ClientError;
use crate::ports::{Randomness, new_reference};
use crate::secrets::SecretError;
use crate::store::StoreError;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// This computer's disk or database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keyring.
    #[error(transparent)]
    Secrets(#[from] SecretError),
    /// A platform did not answer usably, or said no.
    #[error("{source}")]
    Client {
        /// What happened.
        source: ClientError,
        /// Whether and when asking again can help.
        retry: Retry,
    },
    /// What was typed or asked for cannot be done as things are.
    #[error("refused: {code:?}")]
    Refused {
        /// Which refusal.
        code: ErrorCode,
        /// Values for the text; never secrets.
        params: BTreeMap<String, String>,
        /// Whether the same call can succeed later.
        retry: Retry,
    },
    /// Already reported under this reference; reported again to those who waited for the same call.
    #[error("reported as {}", .0.reference)]
    Reported(ErrorView),
}

impl ErrorCode {
    /// The keyring is the cause: asking again may ask the person.
    pub(crate) fn is_of_keyring(self) -> bool {
        matches!(self, Self::KeyringAbsent | Self::KeyringLocked | Self::KeyringFailed)
    }
}

impl Error {
    /// A platform's answer, seen at `now` on its own clock.
    pub fn client(source: ClientError, now: DateTime<Utc>) -> Self {
        let retry = source.retry(now);
        Self::Client { source, retry }
    }

    /// Refuses with `code`; the same call would fail again until something changes.
    pub fn refused(code: ErrorCode) -> Self {
        Self::Refused { code, params: BTreeMap::new(), retry: Retry::Never }
    }

    /// What a refused charge read means for a mini-game: no fault of the shop's, since WeChat documents these reads for
    /// mini-programs only (docs/wechat.md §1).
    #[must_use]
    pub(crate) fn of_mini_game(self) -> Self {
        match self {
            Self::Client { source, retry } if source.code() == ErrorCode::NotPermitted => {
                Self::Refused { code: ErrorCode::MiniGameNotRead, params: source.params(), retry }
            }
            other => other,
        }
    }

    /// Adds a value for the text.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        if let Self::Refused { params, .. } = &mut self {
            params.insert(name.to_owned(), value.to_string());
        }
        self
    }

    /// The same call may be repeated at once.
    #[must_use]
    pub fn retry_now(mut self) -> Self {
        if let Self::Refused { retry, .. } = &mut self {
            *retry = Retry::Now;
        }
        self
    }

    /// The same call may be repeated from this instant on.
    #[must_use]
    pub fn retry_later(mut self, at: DateTime<Utc>) -> Self {
        if let Self::Refused { retry, .. } = &mut self {
            *retry = Retry::Later(Instant(at));
        }
        self
    }

    /// Which of the errors a person can meet this is.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Store(error) => match error {
                StoreError::ReadOnly => ErrorCode::DiskReadOnly,
                StoreError::Full => ErrorCode::DiskFull,
                StoreError::Damaged => ErrorCode::DatabaseDamaged,
                StoreError::Missing => ErrorCode::DatabaseMissing,
                StoreError::Newer => ErrorCode::DatabaseNewer,
                StoreError::BackupGone => ErrorCode::BackupGone,
                StoreError::BackupDamaged => ErrorCode::BackupDamaged,
                StoreError::BackupNewer => ErrorCode::BackupNewer,
                StoreError::UnknownWord { .. } => ErrorCode::StoredWordUnknown,
                StoreError::Failed => ErrorCode::DiskFailed,
                StoreError::AlreadyRunning => ErrorCode::AlreadyRunning,
                StoreError::Unexpected(_) => ErrorCode::Internal,
            },
            Self::Secrets(error) => match error {
                SecretError::Absent => ErrorCode::KeyringAbsent,
                SecretError::Locked => ErrorCode::KeyringLocked,
                SecretError::Failed => ErrorCode::KeyringFailed,
            },
            Self::Client { source, .. } => source.code(),
            Self::Refused { code, .. } => *code,
            Self::Reported(view) => view.code,
        }
    }

    /// The keyring did not serve: asking it again may bother the person.
    pub fn is_of_keyring(&self) -> bool {
        self.code().is_of_keyring()
    }

    fn params(&self) -> BTreeMap<String, String> {
        match self {
            Self::Client { source, .. } => source.params(),
            Self::Refused { params, .. } => params.clone(),
            Self::Reported(view) => view.params.clone(),
            Self::Store(StoreError::UnknownWord { table, row }) => {
                BTreeMap::from([("table".to_owned(), (*table).to_owned()), ("row".to_owned(), row.clone())])
            }
            Self::Store(_) | Self::Secrets(_) => BTreeMap::new(),
        }
    }

    /// Whether trying again can help, and when.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Client { retry, .. } | Self::Refused { retry, .. } => *retry,
            Self::Reported(view) => view.retry,
            // The disk can be freed, the keyring unlocked, the other window closed: the same call is safe then.
            Self::Secrets(_)
            | Self::Store(
                StoreError::ReadOnly | StoreError::Full | StoreError::Failed | StoreError::AlreadyRunning,
            ) => Retry::Now,
            Self::Store(
                StoreError::Damaged
                | StoreError::Missing
                | StoreError::Newer
                | StoreError::BackupGone
                | StoreError::BackupDamaged
                | StoreError::BackupNewer
                | StoreError::UnknownWord { .. }
                | StoreError::Unexpected(_),
            ) => Retry::Never,
        }
    }

    /// Logs the error under a new reference and makes what the UI gets.
    pub fn report(&self, randomness: &dyn Randomness) -> ErrorView {
        if let Self::Reported(view) = self {
            return view.clone();
        }
        let reference = new_reference(randomness);
        let view = ErrorView { code: self.code(), params: self.params(), retry: self.retry(), reference };
        // The name of a file can be a customer's.
        let params: BTreeMap<_, _> = view.params.iter().filter(|(key, _)| *key != "name").collect();
        tracing::warn!(reference = %view.reference, code = ?view.code, ?params, cause = %self, "reported");
        view
    }
}
