//! Where the application keeps its files. One home directory; everything else follows.

use std::path::{Path, PathBuf};

/// Every file and folder the application touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    home: PathBuf,
}

impl Paths {
    /// All files under `home`, which is made when it is missing.
    pub fn new(home: impl Into<PathBuf>) -> Self {
        Self { home: home.into() }
    }

    /// The folder that holds everything.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Acknowledged facts. Never thrown away.
    pub fn ledger(&self) -> PathBuf {
        self.home.join("ledger.db")
    }

    /// Readings. May be thrown away at any time.
    pub fn cache(&self) -> PathBuf {
        self.home.join("cache.db")
    }

    /// Held while the application runs.
    pub fn lock(&self) -> PathBuf {
        self.home.join("companion.lock")
    }

    /// Daily log files.
    pub fn logs(&self) -> PathBuf {
        self.home.join("logs")
    }

    /// The embedded practice platform's own files.
    pub fn practice(&self) -> PathBuf {
        self.home.join("practice")
    }
}
