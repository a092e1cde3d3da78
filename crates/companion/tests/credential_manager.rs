//! The real Credential Manager of Windows, in entries that no account has. Entries go when a test ends.
#![cfg(windows)]
#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

use companion::api::Environment;
use companion::secrets::{KeyringSecrets, Secret, SecretError, SecretKind, SecretName, SecretStore};

/// The longest secret that Windows keeps, in bytes (`CRED_MAX_CREDENTIAL_BLOB_SIZE` in wincred.h).
const LONGEST: usize = 2_560;

/// Entries of an account that is there for one test.
struct Account(String);

impl Account {
    fn new() -> Self {
        Self(format!("test-{}", uuid::Uuid::now_v7()))
    }

    fn secret(&self, environment: Environment, kind: SecretKind) -> SecretName {
        SecretName::new(environment, &self.0, kind)
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        for environment in [Environment::Practice, Environment::Live] {
            for kind in SecretKind::ALL {
                KeyringSecrets::new().remove(&self.secret(environment, kind)).unwrap();
            }
        }
    }
}

#[test]
fn a_secret_is_kept_replaced_and_removed() {
    let (account, secrets) = (Account::new(), KeyringSecrets::new());
    let name = account.secret(Environment::Practice, SecretKind::Login);
    assert!(secrets.get(&name).unwrap().is_none());
    for text in ["店铺@example.com\nKf7mQ-x2Wd9-h4Tz", "second", "", "ﬀ \u{1f600} \0 end"] {
        secrets.set(&name, &Secret::from(text)).unwrap();
        assert_eq!(KeyringSecrets::new().get(&name).unwrap().unwrap().expose(), text);
    }
    secrets.remove(&name).unwrap();
    assert!(secrets.get(&name).unwrap().is_none());
    secrets.remove(&name).unwrap();
}

#[test]
fn environments_and_kinds_share_nothing() {
    let (account, secrets) = (Account::new(), KeyringSecrets::new());
    let names: Vec<_> = [Environment::Practice, Environment::Live]
        .into_iter()
        .flat_map(|environment| SecretKind::ALL.map(|kind| account.secret(environment, kind)))
        .collect();
    for (number, name) in names.iter().enumerate() {
        secrets.set(name, &Secret::from(&*number.to_string())).unwrap();
    }
    for (number, name) in names.iter().enumerate() {
        assert_eq!(*secrets.get(name).unwrap().unwrap().expose(), number.to_string());
    }
}

#[test]
fn what_is_too_long_is_refused_and_changes_nothing() {
    let (account, secrets) = (Account::new(), KeyringSecrets::new());
    let name = account.secret(Environment::Live, SecretKind::AppSecret);
    let longest = "a".repeat(LONGEST);
    secrets.set(&name, &Secret::from(&*longest)).unwrap();
    let longer = Secret::from(&*"b".repeat(LONGEST + 1));
    assert_eq!(secrets.set(&name, &longer), Err(SecretError::Failed));
    assert_eq!(*secrets.get(&name).unwrap().unwrap().expose(), longest);
}

/// `Enterprise`, which is what an entry has otherwise, goes along to other computers of a company's network.
#[test]
fn a_secret_stays_on_this_computer() {
    let (account, secrets) = (Account::new(), KeyringSecrets::new());
    let name = account.secret(Environment::Live, SecretKind::MemberCardKey);
    secrets.set(&name, &Secret::from("key")).unwrap();
    let entry = keyring_core::Entry::new(&name.service(), &name.user()).unwrap();
    assert_eq!(entry.get_attributes().unwrap()["persistence"], "Local");
    // Replacing keeps it so.
    secrets.set(&name, &Secret::from("other")).unwrap();
    assert_eq!(entry.get_attributes().unwrap()["persistence"], "Local");
}

#[test]
fn accounts_are_written_side_by_side() {
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let (account, secrets) = (Account::new(), KeyringSecrets::new());
                for round in 0..10 {
                    for kind in SecretKind::ALL {
                        let name = account.secret(Environment::Live, kind);
                        let text = format!("{round} of {}", account.0);
                        secrets.set(&name, &Secret::from(&*text)).unwrap();
                        assert_eq!(*secrets.get(&name).unwrap().unwrap().expose(), text);
                    }
                }
            });
        }
    });
}
