//! One question, ready to be asked any number of times without a second effect.

use reqwest::Method;
use reqwest::header::HeaderValue;
use url::Url;
use url::form_urlencoded::Serializer;
use zeroize::Zeroizing;

use super::hosts::Hosts;
use crate::clients::error::ClientError;
use crate::secrets::Secret;

/// What an answer of another status than 200 means, read from its body; `None`: nothing more than its status.
pub(in crate::clients) type ReadStatus = fn(host: &str, status: u16, body: &[u8]) -> Option<ClientError>;

/// Every question is safe to repeat: it only reads, or carries a request id that the platform carries out once, or asks
/// for a token that is the same however often it is asked for. A question without that property does not belong here.
pub(in crate::clients) struct Question {
    /// Names the operation in the log.
    pub(super) name: &'static str,
    pub(super) method: Method,
    pub(super) hosts: Hosts,
    path: &'static str,
    /// Escaped; WeChat wants the access token in it.
    query: Zeroizing<String>,
    pub(super) bearer: Option<HeaderValue>,
    pub(super) body: Option<Zeroizing<Vec<u8>>>,
    pub(super) read_status: Option<ReadStatus>,
    /// Asked once only, unless it did not get out at all.
    pub(super) once: bool,
}

impl Question {
    /// A question to `path`, which begins with a slash.
    pub(in crate::clients) fn new(
        hosts: &Hosts,
        name: &'static str,
        method: Method,
        path: &'static str,
    ) -> Self {
        Self {
            name,
            method,
            hosts: hosts.clone(),
            path,
            query: Zeroizing::default(),
            bearer: None,
            body: None,
            read_status: None,
            once: false,
        }
    }

    /// Adds to the query string, escaped.
    pub(in crate::clients) fn query(mut self, name: &str, value: &str) -> Self {
        let query = std::mem::take(&mut *self.query);
        self.query = Zeroizing::new(Serializer::new(query).append_pair(name, value).finish());
        self
    }

    /// Adds to the query string if there is something to add.
    pub(in crate::clients) fn maybe_query(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Signs with an access key. A key that cannot stand in a header (a line break got in) is no key.
    pub(in crate::clients) fn bearer(mut self, key: &Secret<String>) -> Result<Self, ClientError> {
        let text = Zeroizing::new(format!("Bearer {}", key.expose()));
        let refused = |_| ClientError::KeyRefused { host: self.hosts.at(0).name.clone() };
        let mut value = HeaderValue::from_str(&text).map_err(refused)?;
        value.set_sensitive(true);
        self.bearer = Some(value);
        Ok(self)
    }

    /// Sends a JSON body.
    pub(in crate::clients) fn json(mut self, body: &impl serde::Serialize) -> Result<Self, ClientError> {
        self.body = Some(Zeroizing::new(serde_json::to_vec(body).map_err(|_| ClientError::Setup)?));
        Ok(self)
    }

    /// Reads more out of a status than its number.
    pub(in crate::clients) fn reading_status(self, read_status: ReadStatus) -> Self {
        Self { read_status: Some(read_status), ..self }
    }

    /// Leaves repeating to the caller, who has to write down first that this is a repeat.
    pub(in crate::clients) fn once(self) -> Self {
        Self { once: true, ..self }
    }

    /// Where the question goes on the address whose turn it is.
    pub(super) fn url(&self, turn: usize) -> Url {
        let mut url = self.hosts.at(turn).url.clone();
        let path = format!("{}{}", url.path().trim_end_matches('/'), self.path);
        url.set_path(&path);
        url.set_query(Some(self.query.as_str()).filter(|query| !query.is_empty()));
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(base: &str, path: &'static str) -> Question {
        Question::new(&Hosts::from(Url::parse(base).unwrap()), "q", Method::GET, path)
    }

    #[test]
    fn a_path_of_the_address_stays_and_the_query_is_escaped() {
        let asked = question("https://card.example.com:8443/api/", "/v1/settings")
            .query("a", "1&2 3")
            .query("b", "=");
        assert_eq!(asked.url(0).as_str(), "https://card.example.com:8443/api/v1/settings?a=1%262+3&b=%3D");
        let plain = question("https://api.weixin.qq.com", "/cgi-bin/x").maybe_query("a", None);
        assert_eq!(plain.url(0).as_str(), "https://api.weixin.qq.com/cgi-bin/x");
    }

    #[test]
    fn a_key_is_marked_so_that_no_library_shows_it() {
        let asked = question("https://card.example.com", "/").bearer(&Secret::from("word")).unwrap();
        assert_eq!(format!("{:?}", asked.bearer), "Some(Sensitive)");
    }

    #[test]
    fn a_key_with_a_line_break_is_refused_before_it_is_sent() {
        let asked = question("https://card.example.com", "/").bearer(&Secret::from("ab\ncd"));
        assert_eq!(asked.err(), Some(ClientError::KeyRefused { host: "card.example.com".to_owned() }));
    }
}
