//! What the keyring holds of a channel.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::api::{ChannelKind, ErrorCode};
use crate::clients::robots::{Access, BadAccess};
use crate::error::Error;
use crate::secrets::Secret;

/// An address and the key that signs for it: one entry, so that they cannot come apart.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct StoredAccess {
    address: String,
    signing: Option<String>,
}

impl StoredAccess {
    pub(crate) fn new(address: &Secret<String>, signing: Option<&Secret<String>>) -> Self {
        let trimmed = |secret: &Secret<String>| secret.expose().trim().to_owned();
        Self {
            address: trimmed(address),
            signing: signing.map(trimmed).filter(|signing| !signing.is_empty()),
        }
    }

    /// The same address with another key that signs for it.
    pub(crate) fn signed_by(&self, signing: Option<&Secret<String>>) -> Self {
        match signing {
            Some(_) => Self::new(&Secret::from(self.address.as_str()), signing),
            None => Self { address: self.address.clone(), signing: self.signing.clone() },
        }
    }

    pub(crate) fn read(secret: &Secret<String>) -> Option<Self> {
        serde_json::from_str(secret.expose()).ok()
    }

    pub(crate) fn secret(&self) -> Result<Secret<String>, Error> {
        let text = serde_json::to_string(self).map_err(|_| Error::refused(ErrorCode::Internal))?;
        Ok(Secret::new(text))
    }

    /// Returns where and how to send. Errors: what is stored fits no longer.
    pub(crate) fn access(&self, kind: ChannelKind) -> Result<Access, BadAccess> {
        let (address, signing) =
            (Secret::from(self.address.as_str()), self.signing.as_deref().map(Secret::from));
        Access::of(kind, &address, signing.as_ref())
    }
}
