//! Where an account's events go: the address, its token and its key.

use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use url::{Host, Url};

/// The AES key that an EncodingAESKey stands for.
#[derive(Clone)]
pub(crate) struct Key {
    text: String,
    bytes: [u8; 32],
}

/// The text is no EncodingAESKey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoKey;

impl Key {
    /// 43 characters: base64 of 32 bytes without its `=`. The last one carries two bits too many, which do not count.
    pub(crate) fn new(text: &str) -> Result<Self, NoKey> {
        let lenient = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
        if text.len() != 43 || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(NoKey);
        }
        let bytes = GeneralPurpose::new(&ALPHABET, lenient).decode(format!("{text}=")).map_err(|_| NoKey)?;
        Ok(Self { text: text.to_owned(), bytes: bytes.try_into().map_err(|_| NoKey)? })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(super) const fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
}

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
    pub(crate) key: Option<Key>,
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
    /// Checks what was typed **W**; the port is free here, so that tests need no root.
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
        let key = aes_key.map(Key::new).transpose().map_err(|NoKey| BadAddress::BadKey)?;
        if mode != Mode::Plain && key.is_none() {
            return Err(BadAddress::BadKey);
        }
        Ok(Self { url, token, key, mode, format })
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn keys_have_43_letters_and_digits() {
        assert!(Key::new(&"z".repeat(43)).is_ok(), "two bits too many do not count");
        for bad in ["", "short", &"A".repeat(42), &"A".repeat(44), &"=".repeat(43)] {
            assert!(Key::new(bad).is_err(), "{bad}");
        }
    }
}
