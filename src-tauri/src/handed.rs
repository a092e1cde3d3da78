//! A file that a person picked, as it comes through IPC: base64 text, which the web view makes and JSON carries as it is.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, de::Error as _};

/// The bytes of a file.
pub(crate) struct HandedBytes(pub(crate) Vec<u8>);

impl<'de> Deserialize<'de> for HandedBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        // The text itself is the person's file: an error must not quote it.
        STANDARD.decode(text.as_bytes()).map(Self).map_err(|_| D::Error::custom("not base64"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_and_nothing_else_is_quoted() {
        let bytes: HandedBytes = serde_json::from_str("\"AP+A\"").unwrap();
        assert_eq!(bytes.0, [0x00, 0xff, 0x80]);
        let refused = serde_json::from_str::<HandedBytes>("\"13800138000!\"").err().unwrap();
        assert!(!refused.to_string().contains("138"), "{refused}");
    }
}
