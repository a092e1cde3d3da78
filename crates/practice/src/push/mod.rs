//! 消息推送: events to an address that an account configured, signed and if wanted encrypted **W** (§3 of the reference).
//!
//! | module | what it does |
//! |---|---|
//! | [`event`] | the events and their fields, as JSON or XML |
//! | [`watch`] | which share or day was crossed |
//! | [`envelope`] | signature and encryption |
//! | [`courier`] | delivery, and the check of a new address |
//!
//! Practice speaks to this computer only, so that no figure of it reaches anybody by mistake.

pub(crate) mod courier;
pub(crate) mod envelope;
pub(crate) mod event;
pub(crate) mod watch;

use url::{Host, Url};

words! {
    /// Whether the body is readable, encrypted, or both.
    Mode {
        /// 明文
        Plain = "plain",
        /// 兼容
        Compatible = "compatible",
        /// 安全
        Secure = "secure",
    }
}

words! {
    /// 数据格式
    Format {
        /// One object.
        Json = "json",
        /// One flat element.
        Xml = "xml",
    }
}

/// A configured address.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) url: Url,
    pub(crate) token: String,
    pub(crate) key: Option<envelope::Key>,
    pub(crate) mode: Mode,
    pub(crate) format: Format,
}

/// Why an address cannot be configured.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadAddress {
    #[error("the address must be http:// on this computer")]
    NotHere,
    #[error("the token must have 3 to 32 letters and digits")]
    BadToken,
    #[error("the EncodingAESKey must have 43 letters and digits, and only plain mode goes without")]
    BadKey,
}

impl Address {
    /// Checks what was typed **W**; the port is free here, as nobody wants to run tests as root.
    pub(crate) fn new(
        url: &str,
        token: String,
        aes_key: Option<&str>,
        mode: Mode,
        format: Format,
    ) -> Result<Self, BadAddress> {
        let url = Url::parse(url).map_err(|_| BadAddress::NotHere)?;
        let here = match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        if url.scheme() != "http" || !here {
            return Err(BadAddress::NotHere);
        }
        let plain = token.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !plain || !(3..=32).contains(&token.len()) {
            return Err(BadAddress::BadToken);
        }
        let key =
            aes_key.map(envelope::Key::new).transpose().map_err(|envelope::NoKey| BadAddress::BadKey)?;
        if mode != Mode::Plain && key.is_none() {
            return Err(BadAddress::BadKey);
        }
        Ok(Self { url, token, key, mode, format })
    }
}
