//! The way out to the web: through which proxy.

use crate::api::{ErrorCode, ProxyChoice, Tag};
use crate::clients::{Http, HttpLimits, Proxy};
use crate::context::Context;
use crate::error::Error;
use crate::settings::proxy::{stored, word};
use crate::store::settings::{self, Setting};

/// Through which proxy the web is reached.
pub(crate) async fn get_proxy(context: &Context) -> Result<ProxyChoice, Error> {
    Ok(ProxyChoice::from(&context.store.ledger(stored).await?))
}

/// Sets the proxy; it holds from the next question on. Errors: `proxy_invalid`.
pub(crate) async fn set_proxy(context: &Context, choice: ProxyChoice) -> Result<ProxyChoice, Error> {
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
    let stored = word(&proxy);
    context.store.write_ledger(move |db| settings::set(db, Setting::Proxy, stored)).await?;
    context.set_http_client(http);
    context.changed_everywhere(&[Tag::App]);
    get_proxy(context).await
}
