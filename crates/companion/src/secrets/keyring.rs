use keyring::{Entry, Error};
use zeroize::Zeroizing;

use super::{Secret, SecretError, SecretName, SecretStore};

/// The operating system's keyring: Credential Manager, Keychain or the Secret Service.
#[derive(Debug, Default)]
pub struct KeyringSecrets {
    #[cfg(all(unix, not(target_os = "macos")))]
    service: secret_service_store::Connection,
}

impl KeyringSecrets {
    /// Connects on first use, and again after a failure.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `act` on the entry; where the connection to the keyring was an old one and is broken, once more on a
    /// new one: the keyring's service may have been restarted since.
    #[cfg_attr(
        not(all(unix, not(target_os = "macos"))),
        expect(clippy::unused_self, reason = "only the Secret Service is a connection")
    )]
    fn on_entry<T>(
        &self,
        name: &SecretName,
        act: impl Fn(&Entry) -> Result<T, Error>,
    ) -> Result<T, KeyringTrouble> {
        #[cfg(all(unix, not(target_os = "macos")))]
        {
            let (entry, fresh) = self.service.entry(name)?;
            match act(&entry) {
                Err(Error::PlatformFailure(_)) if !fresh => {
                    self.service.forget();
                    let (entry, _) = self.service.entry(name)?;
                    act(&entry).inspect_err(|_| self.service.forget()).map_err(KeyringTrouble::from)
                }
                Err(Error::NoEntry) => Err(KeyringTrouble::NoEntry),
                Err(error) => {
                    self.service.forget();
                    Err(error.into())
                }
                Ok(value) => Ok(value),
            }
        }
        #[cfg(not(all(unix, not(target_os = "macos"))))]
        {
            Ok(act(&entry(name)?)?)
        }
    }
}

/// Stays on this computer: by default credentials of Windows go along to the other computers of a company's network.
#[cfg(windows)]
fn entry(name: &SecretName) -> Result<Entry, Error> {
    Entry::store_status().as_ref().map_err(|_| Error::NoDefaultStore)?;
    let stays = std::collections::HashMap::from([("persistence", "Local")]);
    let inner = keyring_core::Entry::new_with_modifiers(&name.service(), &name.user(), &stays)?;
    Ok(Entry { inner })
}

#[cfg(target_os = "macos")]
fn entry(name: &SecretName) -> Result<Entry, Error> {
    Entry::new(&name.service(), &name.user())
}

/// What came of a call, apart from success.
enum KeyringTrouble {
    NoEntry,
    Error(SecretError),
}

impl From<Error> for KeyringTrouble {
    fn from(error: Error) -> Self {
        let error = match error {
            Error::NoEntry => return Self::NoEntry,
            Error::NoDefaultStore => SecretError::Absent,
            Error::NoStorageAccess(cause) => access_refused(cause.as_ref()),
            // The text of a platform error can quote attributes: only its kind is used.
            Error::PlatformFailure(cause) => platform_failed(cause.as_ref()),
            _ => SecretError::Failed,
        };
        Self::Error(error)
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn access_refused(cause: &(dyn std::error::Error + Send + Sync + 'static)) -> SecretError {
    match cause.downcast_ref::<secret_service::Error>() {
        // The service runs, but no keyring was ever made.
        Some(secret_service::Error::NoResult) => SecretError::Absent,
        _ => SecretError::Locked,
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn platform_failed(cause: &(dyn std::error::Error + Send + Sync + 'static)) -> SecretError {
    match cause.downcast_ref::<secret_service::Error>() {
        Some(secret_service::Error::Locked | secret_service::Error::Prompt) => SecretError::Locked,
        Some(secret_service::Error::Unavailable) => SecretError::Absent,
        _ => SecretError::Failed,
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn access_refused(_: &(dyn std::error::Error + Send + Sync + 'static)) -> SecretError {
    SecretError::Locked
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn platform_failed(_: &(dyn std::error::Error + Send + Sync + 'static)) -> SecretError {
    SecretError::Failed
}

impl SecretStore for KeyringSecrets {
    fn get(&self, name: &SecretName) -> Result<Option<Secret<String>>, SecretError> {
        match self.on_entry(name, |entry| entry.get_secret().map(Zeroizing::new)) {
            Ok(bytes) => {
                let text = std::str::from_utf8(&bytes).map_err(|_| SecretError::Failed)?;
                Ok(Some(Secret::new(text.to_owned())))
            }
            Err(KeyringTrouble::NoEntry) => Ok(None),
            Err(KeyringTrouble::Error(error)) => Err(error),
        }
    }

    fn set(&self, name: &SecretName, secret: &Secret<String>) -> Result<(), SecretError> {
        match self.on_entry(name, |entry| entry.set_secret(secret.expose().as_bytes())) {
            Ok(()) => Ok(()),
            Err(KeyringTrouble::NoEntry) => Err(SecretError::Failed),
            Err(KeyringTrouble::Error(error)) => Err(error),
        }
    }

    fn remove(&self, name: &SecretName) -> Result<(), SecretError> {
        match self.on_entry(name, Entry::delete_credential) {
            Ok(()) | Err(KeyringTrouble::NoEntry) => Ok(()),
            Err(KeyringTrouble::Error(error)) => Err(error),
        }
    }
}

/// The Secret Service, connected again after every failure. `keyring` itself picks its store once per process, so a
/// keyring that appears later (or a session bus that starts late) would stay invisible until a restart.
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service_store {
    use std::sync::{Arc, Mutex, PoisonError};

    use keyring::Entry;
    use keyring_core::api::CredentialStoreApi;
    use zbus_secret_service_keyring_store::Store;

    use super::KeyringTrouble;
    use crate::secrets::{SecretError, SecretName};

    #[derive(Debug, Default)]
    pub(super) struct Connection(Mutex<Option<Arc<Store>>>);

    impl Connection {
        /// The entry, and whether the connection was made just now.
        pub(super) fn entry(&self, name: &SecretName) -> Result<(Entry, bool), KeyringTrouble> {
            let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let (store, fresh) = match slot.as_ref() {
                Some(store) => (Arc::clone(store), false),
                // No bus, or nobody on it who keeps secrets.
                None => (Store::new().map_err(|_| KeyringTrouble::Error(SecretError::Absent))?, true),
            };
            *slot = Some(Arc::clone(&store));
            let inner = store.build(&name.service(), &name.user(), None)?;
            Ok((Entry { inner }, fresh))
        }

        pub(super) fn forget(&self) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}
