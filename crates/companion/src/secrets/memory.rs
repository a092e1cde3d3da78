use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::{Secret, SecretError, SecretName, SecretStore};

/// Keeps secrets until the process ends. For tests and for walking through the app without a desktop.
#[derive(Default)]
pub struct MemorySecrets {
    secrets: Mutex<BTreeMap<SecretName, Secret<String>>>,
}

impl MemorySecrets {
    /// Names of what is stored, in order.
    pub fn names(&self) -> Vec<SecretName> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }
}

impl fmt::Debug for MemorySecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemorySecrets")
    }
}

impl SecretStore for MemorySecrets {
    fn get(&self, name: &SecretName) -> Result<Option<Secret<String>>, SecretError> {
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(secrets.get(name).map(Secret::duplicate))
    }

    fn set(&self, name: &SecretName, secret: &Secret<String>) -> Result<(), SecretError> {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.insert(name.clone(), secret.duplicate());
        Ok(())
    }

    fn remove(&self, name: &SecretName) -> Result<(), SecretError> {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.remove(name);
        Ok(())
    }
}
