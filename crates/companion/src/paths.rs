//! Where the application keeps its files. One home directory; everything else follows.

use std::path::{Path, PathBuf};

/// Every file and folder the application touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    home: PathBuf,
    exports: PathBuf,
}

impl Paths {
    /// All files under `home`, which is made when it is missing.
    pub fn new(home: impl Into<PathBuf>) -> Self {
        let home = home.into();
        Self { exports: home.join("exports"), home }
    }

    /// What the shop exports goes elsewhere: where it looks for files it fetched.
    #[must_use]
    pub fn exporting_to(self, folder: impl Into<PathBuf>) -> Self {
        Self { exports: folder.into(), ..self }
    }

    /// The folder that holds everything.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Acknowledged facts. Never thrown away.
    pub fn ledger(&self) -> PathBuf {
        self.home.join("ledger.db")
    }

    /// Copies of the ledger.
    pub fn backups(&self) -> PathBuf {
        self.home.join("backups")
    }

    /// What a restored ledger is put together in, until it takes its name.
    pub fn restored_ledger(&self) -> PathBuf {
        self.home.join("ledger-restored.db")
    }

    /// Says that a restored ledger is whole and takes the ledger's name at the next start.
    pub fn restore_order(&self) -> PathBuf {
        self.home.join("ledger-restored.order")
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

    /// Cookies and storage of windows with foreign pages, a folder each.
    pub fn profiles(&self) -> PathBuf {
        self.home.join("profiles")
    }

    /// Those of an account's console window.
    pub fn profile(&self, account: &str) -> PathBuf {
        self.profiles().join(account)
    }

    /// Tables the shop exported. Only ever added to.
    pub fn exports(&self) -> PathBuf {
        self.exports.clone()
    }

    /// The embedded practice platform's own files.
    pub fn practice(&self) -> PathBuf {
        self.home.join("practice")
    }
}
