//! Secrets live in the operating system's keyring and nowhere else: there is no file fallback, ever.
//!
//! Calls may block (a locked keyring asks the person), so callers run them on a blocking thread.

mod failing;
mod keyring;
mod memory;
mod secret;

pub use failing::{FailingSecrets, Failure};
pub use keyring::KeyringSecrets;
pub use memory::MemorySecrets;
pub use secret::Secret;

use std::fmt;

use crate::api::Environment;

/// The secrets of an account, and that of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecretKind {
    /// The mini-program's login e-mail and password: one entry, so that neither can be new while the other is old.
    Login,
    /// The mini-program's AppSecret.
    AppSecret,
    /// The access key of the member-card platform.
    MemberCardKey,
    /// A third-party platform's token and the mini-program's refresh token: one entry, as they belong together.
    Authorisation,
    /// The address of a channel, with its signing key: one entry, as they belong together.
    Channel,
}

impl SecretKind {
    /// Every kind that an account has, for removing its secrets.
    pub const ALL: [Self; 4] = [Self::Login, Self::AppSecret, Self::MemberCardKey, Self::Authorisation];

    /// Its word in the keyring's user names and in the ledger; no word ever changes.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::AppSecret => "app-secret",
            Self::MemberCardKey => "member-card-key",
            Self::Authorisation => "authorisation",
            Self::Channel => "channel",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Channel]).find(|kind| kind.name() == name)
    }
}

/// Names one secret: of an account in an environment, or of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretName {
    environment: &'static str,
    account: String,
    kind: SecretKind,
}

impl SecretName {
    /// The secret `kind` of `account`. Practice and live never share a name.
    pub fn new(environment: Environment, account: &str, kind: SecretKind) -> Self {
        let environment = match environment {
            Environment::Practice => "practice",
            Environment::Live => "live",
        };
        Self { environment, account: account.to_owned(), kind }
    }

    /// The address and signing key of a channel, which belongs to no environment.
    pub fn of_channel(channel: &str) -> Self {
        Self { environment: "channels", account: channel.to_owned(), kind: SecretKind::Channel }
    }

    /// The keyring's service name, such as `merchant-companion/live`.
    pub fn service(&self) -> String {
        format!("merchant-companion/{}", self.environment)
    }

    /// The keyring's user name: `<id>/<what>`.
    pub fn user(&self) -> String {
        format!("{}/{}", self.account, self.kind.name())
    }

    /// What the name stands for.
    pub fn kind(&self) -> SecretKind {
        self.kind
    }
}

/// Why the keyring did not serve. Carries no text of the platform, which could quote an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// There is no keyring on this computer, or its service does not run.
    #[error("no keyring is available")]
    Absent,
    /// The keyring exists, but stays locked: the person did not unlock it, or denied access.
    #[error("the keyring is locked")]
    Locked,
    /// Anything else the keyring said.
    #[error("the keyring failed")]
    Failed,
}

/// A store of secrets. Every call may block for as long as the person takes to unlock it.
pub trait SecretStore: Send + Sync + fmt::Debug {
    /// The secret, or `None` when nothing is stored under the name.
    fn get(&self, name: &SecretName) -> Result<Option<Secret<String>>, SecretError>;
    /// Stores or replaces the secret.
    fn set(&self, name: &SecretName, secret: &Secret<String>) -> Result<(), SecretError>;
    /// Removes the secret; nothing there is success.
    fn remove(&self, name: &SecretName) -> Result<(), SecretError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_secrets_never_change() {
        let words = ["login", "app-secret", "member-card-key", "authorisation", "channel"];
        for (kind, word) in SecretKind::ALL.into_iter().chain([SecretKind::Channel]).zip(words) {
            assert_eq!((kind.name(), SecretKind::named(word)), (word, Some(kind)));
        }
        assert_eq!(SecretKind::named("password"), None);
    }
}
