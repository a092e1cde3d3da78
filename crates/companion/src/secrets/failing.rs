use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::{MemorySecrets, Secret, SecretError, SecretKind, SecretName, SecretStore};

/// Which calls fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Every call.
    Always(SecretError),
    /// Writing one kind of secret; reading and removing work.
    Writing(SecretKind, SecretError),
}

/// A memory store that fails on request and recovers on request: locked, absent or denied.
pub struct FailingSecrets {
    memory: MemorySecrets,
    failure: Mutex<Option<Failure>>,
}

impl FailingSecrets {
    /// A store that works until a test makes it fail.
    pub fn new() -> Self {
        Self { memory: MemorySecrets::default(), failure: Mutex::new(None) }
    }

    /// From now on fail like this; `None` recovers.
    pub fn fail(&self, failure: Option<Failure>) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }

    /// Names of what is stored, in order.
    pub fn names(&self) -> Vec<SecretName> {
        self.memory.names()
    }

    fn failure(&self) -> Option<Failure> {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unless_always(&self) -> Result<(), SecretError> {
        match self.failure() {
            Some(Failure::Always(error)) => Err(error),
            Some(Failure::Writing(..)) | None => Ok(()),
        }
    }
}

impl Default for FailingSecrets {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for FailingSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FailingSecrets")
    }
}

impl SecretStore for FailingSecrets {
    fn get(&self, name: &SecretName) -> Result<Option<Secret<String>>, SecretError> {
        self.unless_always()?;
        self.memory.get(name)
    }

    fn set(&self, name: &SecretName, secret: &Secret<String>) -> Result<(), SecretError> {
        self.unless_always()?;
        match self.failure() {
            Some(Failure::Writing(kind, error)) if kind == name.kind() => Err(error),
            _ => self.memory.set(name, secret),
        }
    }

    fn remove(&self, name: &SecretName) -> Result<(), SecretError> {
        self.unless_always()?;
        self.memory.remove(name)
    }
}
