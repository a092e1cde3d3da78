//! Where the platforms are: the practice platform's own address, or WeChat's, or what the environment says.

use std::sync::Arc;

use companion::{Addresses, Error, Platform, api::ErrorCode, ports::Clock};
use tauri::Url;

pub(crate) const WECHAT_API: &str = "https://api.weixin.qq.com";
/// WeChat's remote disaster recovery, for when the usual address cannot be reached (docs/wechat.md §4.7).
const WECHAT_API_FALLBACK: &str = "https://api2.weixin.qq.com";
const WECHAT_CONSOLE: &str = "https://mp.weixin.qq.com";
const WECHAT_API_URL: &str = "COMPANION_WECHAT_API_URL";
const CONSOLE_URL: &str = "COMPANION_CONSOLE_URL";
const MEMBER_CARD: &str = "COMPANION_MEMBER_CARD_URL";

/// Whether other addresses than WeChat's may be named: secrets go where they say, and what the environment says a script
/// can have set. A shop's own build asks for it by an argument that a person types.
pub(crate) fn is_for_developers() -> bool {
    cfg!(debug_assertions) || std::env::args().skip(1).any(|argument| argument == "--developer")
}

/// Whether secrets of live accounts go elsewhere than to WeChat.
pub(crate) fn are_named() -> bool {
    is_for_developers() && [WECHAT_API_URL, CONSOLE_URL].iter().any(|name| std::env::var_os(name).is_some())
}

/// The shop's member-card platform has an address.
pub(crate) fn has_live_member_card() -> bool {
    std::env::var_os(MEMBER_CARD).is_some()
}

/// Practice serves everything from one address.
pub(crate) fn practice(base: &Url, clock: Arc<dyn Clock>) -> Platform {
    Platform { addresses: Addresses::of_one_server(base), clock }
}

/// WeChat itself, unless a developer's environment names other addresses. Errors: `address_invalid`.
pub(crate) fn live(clock: Arc<dyn Clock>) -> Result<Platform, Error> {
    let named_api = named_by_developer(WECHAT_API_URL)?;
    // An address of one's own has no fallback of WeChat's.
    let fallbacks = match &named_api {
        Some(_) => Vec::new(),
        None => vec![parsed(WECHAT_API_URL, WECHAT_API_FALLBACK)?],
    };
    let addresses = Addresses {
        wechat_api: named_api.map_or_else(|| parsed(WECHAT_API_URL, WECHAT_API), Ok)?,
        wechat_api_fallbacks: fallbacks,
        console: named_by_developer(CONSOLE_URL)?.map_or_else(|| parsed(CONSOLE_URL, WECHAT_CONSOLE), Ok)?,
        member_card: named(MEMBER_CARD)?,
    };
    Ok(Platform { addresses, clock })
}

fn named_by_developer(variable: &str) -> Result<Option<Url>, Error> {
    if is_for_developers() { named(variable) } else { Ok(None) }
}

fn named(variable: &str) -> Result<Option<Url>, Error> {
    std::env::var(variable).ok().map(|text| parsed(variable, &text)).transpose()
}

fn parsed(variable: &str, text: &str) -> Result<Url, Error> {
    text.parse().map_err(|_| Error::refused(ErrorCode::AddressInvalid).with("variable", variable))
}
