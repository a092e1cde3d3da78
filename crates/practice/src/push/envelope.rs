//! Signature and encryption **W**: SHA-1 over the sorted parts; AES-256-CBC with PKCS#7 to 32 bytes around 16 random bytes,
//! the length, the message and the AppID.

use super::address::{Address, Format, Key, Mode};
use super::event::Fields;
use crate::assumed::start_vector;
use crate::ids;
use aes::Aes256;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};
use sha1::{Digest, Sha1};
use std::fmt::Write;

/// Encrypts a message for an account. `random` is 16 bytes.
fn encrypt(key: &Key, message: &str, app_id: &str, random: &str) -> String {
    const BLOCK: usize = 32;
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    let mut plain = Vec::with_capacity(message.len() + 2 * BLOCK);
    plain.extend_from_slice(random.as_bytes());
    plain.extend_from_slice(&length.to_be_bytes());
    plain.extend_from_slice(message.as_bytes());
    plain.extend_from_slice(app_id.as_bytes());
    // To blocks of 32 bytes: twice what the cipher's own padding knows.
    let padding = BLOCK - plain.len() % BLOCK;
    plain.resize(plain.len() + padding, u8::try_from(padding).unwrap_or_default());
    let encryptor = cbc::Encryptor::<Aes256>::new_from_slices(key.bytes(), start_vector(key.bytes()));
    let encrypted = encryptor.map(|encryptor| encryptor.encrypt_padded_vec::<NoPadding>(&plain));
    STANDARD.encode(encrypted.unwrap_or_default())
}

/// SHA-1 of the parts, sorted and put together.
pub(crate) fn signature(parts: &mut [&str]) -> String {
    parts.sort_unstable();
    let hash = Sha1::digest(parts.concat());
    hash.iter().fold(String::with_capacity(40), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// What is sent: parameters of the address, and the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sealed {
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) body: String,
    pub(crate) content_type: &'static str,
}

/// Seals an event for an address, at a Unix time, with a nonce.
pub(crate) fn seal(address: &Address, app_id: &str, event: &Fields, timestamp: i64, nonce: &str) -> Sealed {
    let (timestamp, message) = (timestamp.to_string(), event.write(address.format));
    let mut query = vec![
        ("signature", signature(&mut [&address.token, &timestamp, nonce])),
        ("timestamp", timestamp.clone()),
        ("nonce", nonce.to_owned()),
        ("openid", event.get("FromUserName").unwrap_or_default().to_owned()),
    ];
    let content_type = match address.format {
        Format::Json => "application/json; charset=utf-8",
        Format::Xml => "text/xml; charset=utf-8",
    };
    let (Some(key), true) = (&address.key, address.mode != Mode::Plain) else {
        return Sealed { query, body: message, content_type };
    };
    let encrypted = encrypt(key, &message, app_id, &ids::random_16());
    let parts = &mut [address.token.as_str(), timestamp.as_str(), nonce, encrypted.as_str()];
    query.push(("encrypt_type", "aes".to_owned()));
    query.push(("msg_signature", signature(parts)));
    let open = match address.mode {
        Mode::Compatible => event.clone(),
        Mode::Plain | Mode::Secure => {
            Fields(Vec::new()).text("ToUserName", event.get("ToUserName").unwrap_or_default())
        }
    };
    Sealed { query, body: open.text("Encrypt", &encrypted).write(address.format), content_type }
}

#[cfg(test)]
mod tests {
    use super::{Key, encrypt, signature};

    /// The worked example on WeChat's page: what its servers send for this token, time and nonce.
    #[test]
    fn signatures_are_those_of_the_page() {
        let signed = signature(&mut ["AAAAA", "1714036504", "1514711492"]);
        assert_eq!(signed, "f464b24fc39322e44b38aa78f5edd27bd1441696");
    }

    /// The same page: this message, key and AppID give this text and this signature.
    #[test]
    fn encryption_is_that_of_the_page() {
        let key = Key::new(&"A".repeat(43)).unwrap();
        let encrypted =
            encrypt(&key, r#"{"demo_resp":"good luck"}"#, "wxba5fad812f8e6fb9", "707722b803182950");
        let expected =
            "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==";
        assert_eq!(encrypted, expected);
        let signed = signature(&mut ["AAAAA", "1713424427", "415670741", expected]);
        assert_eq!(signed, "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1");
    }
}
