//! The proxy as it stands in the settings.

use url::Url;

use crate::api::ProxyChoice;
use crate::clients::Proxy;
use crate::store::settings::{self, Setting};
use crate::store::{Db, StoreError};

impl From<&Proxy> for ProxyChoice {
    fn from(proxy: &Proxy) -> Self {
        match proxy {
            Proxy::System => Self::System,
            Proxy::Direct => Self::Direct,
            Proxy::Address(address) => Self::Address(address.to_string()),
        }
    }
}

const DIRECT: &str = "direct";

const SYSTEM: &str = "system";

pub(crate) fn word(proxy: &Proxy) -> String {
    match proxy {
        Proxy::System => SYSTEM.to_owned(),
        Proxy::Direct => DIRECT.to_owned(),
        Proxy::Address(address) => address.to_string(),
    }
}

/// The proxy that was set; the system's until one is.
pub(crate) fn stored(db: &Db<'_>) -> Result<Proxy, StoreError> {
    let stored: Option<String> = settings::get(db, Setting::Proxy)?;
    Ok(match stored.as_deref() {
        None | Some(SYSTEM) => Proxy::System,
        Some(DIRECT) => Proxy::Direct,
        Some(address) => Url::parse(address).map_or(Proxy::System, Proxy::Address),
    })
}
