//! Whether the application could work on this computer, found out before it is opened. Nothing of it is left afterwards.

use std::path::Path;

use crate::api::Environment;
use crate::error::Error;
use crate::paths::Paths;
use crate::ports::{Randomness, new_reference};
use crate::secrets::{Secret, SecretError, SecretKind, SecretName, SecretStore};
use crate::store::{Store, StoreError};

/// What is looked at, in the order in which the application needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A file can be made where the home is, or will be.
    Home,
    /// No other instance holds the home.
    Lock,
    /// The ledger is sound, or not made yet.
    Ledger,
    /// It can be brought up to this version: done on a copy in memory.
    Migrations,
    /// The system's keyring takes a secret, gives it back and forgets it.
    Secrets,
    /// A file can be made where tables are exported to.
    Exports,
}

/// Looks at files and keyring. Blocks, and may ask the person to unlock the keyring.
pub fn self_check(
    paths: &Paths,
    secrets: &dyn SecretStore,
    randomness: &dyn Randomness,
) -> Vec<(Part, Result<(), Error>)> {
    vec![
        (Part::Home, can_write(paths.home()).map_err(Error::from)),
        (Part::Lock, Store::examine_lock(paths).map_err(Error::from)),
        (Part::Ledger, Store::examine_ledger(paths).map_err(Error::from)),
        (Part::Migrations, Store::examine_migrations(paths).map_err(Error::from)),
        (Part::Secrets, round_trip(secrets, randomness).map_err(Error::from)),
        (Part::Exports, can_write(&paths.exports()).map_err(Error::from)),
    ]
}

/// In the folder, or in the nearest one above it that is there.
fn can_write(folder: &Path) -> Result<(), StoreError> {
    let there = folder.ancestors().find(|folder| folder.exists()).ok_or(StoreError::Failed)?;
    // A file without a name, or one that goes with its handle.
    tempfile::tempfile_in(there)?.set_len(1)?;
    Ok(())
}

fn round_trip(secrets: &dyn SecretStore, randomness: &dyn Randomness) -> Result<(), SecretError> {
    let (account, secret) = (new_reference(randomness), new_reference(randomness));
    let name =
        SecretName::new(Environment::Practice, &format!("self-check-{account}"), SecretKind::AppSecret);
    let stored = secrets.set(&name, &Secret::new(secret.clone())).and_then(|()| secrets.get(&name));
    // Whatever came of it, nothing stays.
    let removed = secrets.remove(&name);
    let came_back = stored?.is_some_and(|found| *found.expose() == secret);
    removed?;
    let gone = secrets.get(&name)?.is_none();
    if came_back && gone { Ok(()) } else { Err(SecretError::Failed) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::api::ErrorCode;
    use crate::ports::SystemRandomness;
    use crate::secrets::{FailingSecrets, Failure, MemorySecrets};

    fn found(paths: &Paths, secrets: &dyn SecretStore) -> Vec<(Part, ErrorCode)> {
        let checked = self_check(paths, secrets, &SystemRandomness);
        checked.into_iter().filter_map(|(part, result)| Some((part, result.err()?.code()))).collect()
    }

    fn names(folder: &Path) -> Vec<std::ffi::OsString> {
        std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    }

    #[test]
    fn a_first_start_would_work_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["晋味 小馆", "a folder", "🍜"] {
            let paths = Paths::new(folder.path().join(name).join("home"));
            assert_eq!(found(&paths, &MemorySecrets::default()), []);
        }
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_home_that_is_open_or_broken_is_said_and_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::new(folder.path());
        let open = Store::open(&paths).unwrap();
        assert_eq!(found(&paths, &MemorySecrets::default()), [(Part::Lock, ErrorCode::AlreadyRunning)]);
        // The examination has a connection of its own, which must not be the last one to close.
        open.examined()().unwrap();
        drop(open);
        let files = names(folder.path());
        assert_eq!(found(&paths, &MemorySecrets::default()), []);
        assert_eq!(names(folder.path()), files, "nothing is left");
        std::fs::write(paths.ledger(), b"this was a ledger before the disk failed".repeat(200)).unwrap();
        let before = std::fs::read(paths.ledger()).unwrap();
        let damaged = ErrorCode::DatabaseDamaged;
        assert_eq!(
            found(&paths, &MemorySecrets::default()),
            [(Part::Ledger, damaged), (Part::Migrations, damaged)]
        );
        assert!(std::fs::read(paths.ledger()).unwrap() == before);
        std::fs::remove_file(paths.ledger()).unwrap();
        assert_eq!(found(&paths, &MemorySecrets::default()), [(Part::Ledger, ErrorCode::DatabaseMissing)]);
    }

    #[test]
    fn a_keyring_that_takes_nothing_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = FailingSecrets::new();
        secrets.fail(Some(Failure::Always(SecretError::Locked)));
        let paths = Paths::new(folder.path());
        assert_eq!(found(&paths, &secrets), [(Part::Secrets, ErrorCode::KeyringLocked)]);
    }
}
