//! The way out to the web: through which proxy.

use url::Url;

use crate::app::Companion;
use crate::clients::{Http, HttpLimits, Proxy};
use crate::error::Error;
use crate::store::settings::{self, Setting};
use crate::store::{Db, StoreError};
use crate::views::{ErrorCode, ProxyChoice, Tag};

impl Companion {
    /// Through which proxy the web is reached.
    pub async fn get_proxy(&self) -> Result<ProxyChoice, Error> {
        Ok(ProxyChoice::from(&self.shared.store.ledger(stored).await?))
    }

    /// Sets the proxy; it holds from the next question on. Errors: `proxy_invalid`.
    pub async fn set_proxy(&self, choice: ProxyChoice) -> Result<ProxyChoice, Error> {
        let invalid = || Error::refused(ErrorCode::ProxyInvalid);
        let proxy = match choice {
            ProxyChoice::System => Proxy::System,
            ProxyChoice::Direct => Proxy::Direct,
            ProxyChoice::Address(text) => {
                let address = text.trim().parse().ok().filter(Proxy::is_usable);
                Proxy::Address(address.ok_or_else(invalid)?)
            }
        };
        let http = Http::through(&proxy, HttpLimits::default()).map_err(|_| invalid())?;
        let kept = word(&proxy);
        self.shared.store.ledger(move |db| settings::set(db, Setting::Proxy, kept)).await?;
        self.go_through(http);
        self.changed_everywhere(&[Tag::App]);
        self.get_proxy().await
    }
}

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

fn word(proxy: &Proxy) -> String {
    match proxy {
        Proxy::System => SYSTEM.to_owned(),
        Proxy::Direct => DIRECT.to_owned(),
        Proxy::Address(address) => address.to_string(),
    }
}

/// The proxy that was set; the system's until one is.
pub(crate) fn stored(db: &Db<'_>) -> Result<Proxy, StoreError> {
    let kept: Option<String> = settings::get(db, Setting::Proxy)?;
    Ok(match kept.as_deref() {
        None | Some(SYSTEM) => Proxy::System,
        Some(DIRECT) => Proxy::Direct,
        Some(address) => Url::parse(address).map_or(Proxy::System, Proxy::Address),
    })
}
