//! Profiles of windows with foreign pages: cookies are shared within one and never between two.
//!
//! Windows and Linux keep a profile in a folder of the app's home. macOS keeps it under sixteen bytes of ours from
//! version 14 on, and before that has one for all windows; then [`are_separate`] says so to the shop.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use companion::Paths;
use tauri::{AppHandle, Manager as _};
use uuid::Uuid;

use crate::shell::Shell;

/// Whose cookies a window uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Profile {
    /// The console of one account.
    Account(String),
    /// The customers' and the shop's own devices in practice.
    Practice,
}

/// Sixteen bytes of our own choice for the profile that belongs to no account. Never change them.
const PRACTICE: [u8; 16] = *b"companion-pract.";

impl Profile {
    /// The folder's name.
    fn name(&self) -> &str {
        match self {
            Self::Account(account) => account,
            Self::Practice => "practice",
        }
    }

    /// Where Windows and Linux keep it. Under WebDriver every window shares the first profile: WebKitGTK lets only one
    /// web context be automated.
    pub(crate) fn folder(&self, paths: &Paths) -> PathBuf {
        let automated = cfg!(debug_assertions)
            && std::env::var("TAURI_WEBVIEW_AUTOMATION").is_ok_and(|value| value == "true");
        if automated { paths.home().join("webview") } else { paths.profile(self.name()) }
    }

    /// Under what macOS keeps it: an account's id is sixteen bytes already, unique and lasting. `None` for an id that
    /// is none of ours.
    pub(crate) fn identifier(&self) -> Option<[u8; 16]> {
        match self {
            Self::Account(account) => Uuid::parse_str(account).ok().map(Uuid::into_bytes),
            Self::Practice => Some(PRACTICE),
        }
    }
}

/// Whether this system keeps profiles apart. Where it does not, a second mini-program signs the first one out.
#[cfg(target_os = "macos")]
pub(crate) fn are_separate() -> bool {
    objc2::available!(macos = 14.0)
}

/// Whether this system keeps profiles apart: here, in folders.
#[cfg(not(target_os = "macos"))]
pub(crate) const fn are_separate() -> bool {
    true
}

/// Deletes what the console of an account has stored. For the account's own deletion: its window has to be closed.
/// Errors: the folder is in use, which on Windows it is for a moment after the window has closed; then
/// [`forget_unknown`] deletes it at the next start.
pub(crate) fn forget(app: &AppHandle, account: &str) -> io::Result<()> {
    let profile = Profile::Account(account.to_owned());
    #[cfg(target_os = "macos")]
    if let Some(identifier) = profile.identifier().filter(|_| are_separate()) {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            if let Err(error) = app.remove_data_store(identifier).await {
                tracing::warn!(%error, "a console's data could not be deleted");
            }
        });
    }
    remove(&app.state::<Shell>().paths.profile(profile.name()))
}

/// Deletes what is left of accounts that are gone.
pub(crate) fn forget_unknown(app: &AppHandle, accounts: &BTreeSet<String>) {
    for account in unknown(&app.state::<Shell>().paths, accounts) {
        if let Err(error) = forget(app, &account) {
            tracing::warn!(%error, "the profile of an account that is gone could not be deleted");
        }
    }
}

/// Names of profiles of ours that belong to none of these accounts. What is no account's id is left alone.
fn unknown(paths: &Paths, accounts: &BTreeSet<String>) -> Vec<String> {
    let folders = fs::read_dir(paths.profiles()).into_iter().flatten().flatten();
    let names = folders.filter_map(|folder| folder.file_name().into_string().ok());
    names.filter(|name| Uuid::parse_str(name).is_ok() && !accounts.contains(name)).collect()
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "0191d3a0-5b7c-7000-8000-000000000001";
    const OTHER: &str = "0191d3a0-5b7c-7000-8000-000000000002";

    fn account(id: &str) -> Profile {
        Profile::Account(id.to_owned())
    }

    #[test]
    fn identifiers_are_stable_and_differ() {
        let bytes = account(ONE).identifier().unwrap();
        assert_eq!(bytes, [1, 0x91, 0xd3, 0xa0, 0x5b, 0x7c, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(account(ONE).identifier(), account(&ONE.to_uppercase()).identifier());
        assert_ne!(account(ONE).identifier(), account(OTHER).identifier());
        assert_ne!(account(ONE).identifier(), Profile::Practice.identifier());
        assert_eq!(account("../elsewhere").identifier(), None);
    }

    #[test]
    fn folders_differ_and_stay_in_the_home() {
        let home = Path::new("home");
        let paths = Paths::new(home);
        let folders = [account(ONE), account(OTHER), Profile::Practice].map(|profile| profile.folder(&paths));
        assert_eq!(folders[0], home.join("profiles").join(ONE));
        assert!(folders[0] != folders[1] && folders[1] != folders[2] && folders[0] != folders[2]);
    }

    #[test]
    fn only_profiles_of_accounts_that_are_gone_are_deleted() {
        let home = tempfile::tempdir().unwrap();
        for name in [ONE, OTHER, "practice", "somebody-elses"] {
            let cookies = home.path().join("profiles").join(name).join("cookies");
            fs::create_dir_all(&cookies).unwrap();
            fs::write(cookies.join("store"), "signed in").unwrap();
        }
        let paths = Paths::new(home.path());
        let gone = unknown(&paths, &BTreeSet::from([ONE.to_owned()]));
        assert_eq!(gone, [OTHER]);
        let folder = home.path().join("profiles").join(OTHER);
        remove(&folder).unwrap();
        assert!(!folder.exists());
        remove(&folder).unwrap();
        assert!(unknown(&paths, &BTreeSet::from([ONE.to_owned()])).is_empty());
        assert!(unknown(&Paths::new(home.path().join("nowhere")), &BTreeSet::new()).is_empty());
    }
}
