//! From bytes to wire shapes, with errors that name a field and never a value.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::error::Category;

use super::error::ClientError;

/// Reads an answer. First as JSON of any shape, to tell "no JSON" and "cut short" from "another shape".
pub(super) fn decode<'a, T: Deserialize<'a>>(host: &str, answer: &'a [u8]) -> Result<T, ClientError> {
    serde_json::from_slice::<IgnoredAny>(answer).map_err(|error| unreadable(host, error.classify(), "."))?;
    let mut json = serde_json::Deserializer::from_slice(answer);
    serde_path_to_error::deserialize(&mut json)
        .map_err(|error| unreadable(host, error.inner().classify(), &error.path().to_string()))
}

fn unreadable(host: &str, why: Category, path: &str) -> ClientError {
    match why {
        Category::Eof => ClientError::Truncated { host: host.to_owned() },
        Category::Data => wrong(host, path),
        Category::Syntax | Category::Io => ClientError::NotJson { host: host.to_owned() },
    }
}

/// `field` is missing or of the wrong kind.
pub(super) fn wrong(host: &str, field: &str) -> ClientError {
    ClientError::UnexpectedShape { host: host.to_owned(), field: field.to_owned() }
}

/// Where a value stands in a JSON answer: names fields in errors.
#[derive(Debug, Clone, Copy)]
pub(super) struct JsonPath<'a> {
    pub(super) host: &'a str,
    /// Empty, or a path that ends with a dot.
    pub(super) path: &'a str,
}

impl JsonPath<'_> {
    /// `field` is missing or wrong here.
    pub(super) fn wrong(self, field: &str) -> ClientError {
        wrong(self.host, &format!("{}{field}", self.path))
    }

    /// The value of `field`, which must be there.
    pub(super) fn need<T>(self, field: &str, value: Option<T>) -> Result<T, ClientError> {
        value.ok_or_else(|| self.wrong(field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Shape {
        rows: Vec<Row>,
    }

    #[derive(Debug, Deserialize)]
    struct Row {
        #[expect(dead_code, reason = "only its kind is looked at")]
        used: u64,
    }

    #[test]
    fn each_kind_of_broken_answer_has_its_own_error() {
        let host = || "h".to_owned();
        let not_json = ClientError::NotJson { host: host() };
        let truncated = ClientError::Truncated { host: host() };
        for (answer, expected) in [
            (&b"<html>busy</html>"[..], not_json.clone()),
            (b"Bad Gateway", not_json.clone()),
            (b"{\"rows\":[]} trailing", not_json.clone()),
            (b"{\"rows\":[{\"used\":1}],}", not_json.clone()),
            (b"{\"ro\xff\xfews\":[], \"rows\": []}", not_json),
            (b"", truncated.clone()),
            (b"{\"rows\":[{\"used\":1", truncated.clone()),
            (b"{\"rows\":[{\"us", truncated.clone()),
            (b"{\"rows\":[], \"more\": tru", truncated),
            (b"{\"rows\":[{\"used\":1},{\"used\":\"planted-word\"}]}", wrong("h", "rows[1].used")),
            (b"{\"rows\":{}}", wrong("h", "rows")),
            (b"\"planted-word\"", wrong("h", ".")),
            (b"[]", wrong("h", ".")),
            (b"true", wrong("h", ".")),
        ] {
            let error = decode::<Shape>("h", answer).unwrap_err();
            assert_eq!(error, expected, "{}", String::from_utf8_lossy(answer));
        }
        assert_eq!(
            decode::<Shape>("h", b"{\"rows\":[{\"used\":7,\"new\":{\"x\":[1]}}]}").unwrap().rows.len(),
            1
        );
    }
}
