//! One exchange over HTTP: deadlines, limits, repeats, and errors without addresses.

use std::error::Error;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method, Response, StatusCode, redirect};
use tokio::time::{Instant, timeout_at};
use url::{Host, Url};
use zeroize::Zeroizing;

use super::error::{ClientError, Waited};
use crate::secrets::Secret;

/// How the app names itself to platforms.
const USER_AGENT: &str = concat!("MerchantCompanion/", env!("CARGO_PKG_VERSION"));

/// How long to wait and how much to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpLimits {
    /// Name lookup, connection and TLS handshake.
    pub connect: Duration,
    /// From asking to the first byte of the answer, connecting included.
    pub first_byte: Duration,
    /// One question from start to end, repeats included.
    pub whole: Duration,
    /// Size of an answer in bytes. Real answers are a few kilobytes.
    pub body_bytes: usize,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_secs(20),
            whole: Duration::from_secs(30),
            body_bytes: 4 * 1_024 * 1_024,
        }
    }
}

/// How often a question is repeated when it failed in a way that passes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// Repeats after the first try.
    pub extra_tries: usize,
    /// Wait before the first repeat; it doubles each time and up to as much again is added at random.
    pub first_wait: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Self { extra_tries: 2, first_wait: Duration::from_millis(300) }
    }
}

/// The shared HTTP client; cheap to clone.
#[derive(Clone)]
pub struct Http {
    /// For this computer: no proxy.
    local: Client,
    /// For everyone else: https only, through the system's proxy. `None` where the system has no trusted certificates.
    web: Option<Client>,
    limits: HttpLimits,
    retries: Retries,
}

/// A platform's address.
#[derive(Clone)]
pub(super) struct Base {
    url: Url,
    host: String,
}

/// One question, ready to be asked any number of times without a second effect.
pub(super) struct Question {
    /// Names the operation in the log.
    name: &'static str,
    method: Method,
    url: Url,
    host: String,
    bearer: Option<HeaderValue>,
    body: Option<Zeroizing<Vec<u8>>>,
}

impl Http {
    /// A client with these limits and the usual [`Retries`].
    pub fn new(limits: HttpLimits) -> Result<Self, ClientError> {
        // An error means that a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let common = || {
            Client::builder()
                .user_agent(USER_AGENT)
                .redirect(redirect::Policy::none())
                .referer(false)
                .connect_timeout(limits.connect)
        };
        // `localhost` must mean this computer, whatever a name server says.
        let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        let local =
            || common().no_proxy().resolve_to_addrs("localhost", &loopback.map(|ip| SocketAddr::new(ip, 0)));
        // A system without trusted certificates (a bare container) still reaches a platform on this computer.
        let local = local()
            .build()
            .or_else(|_| local().tls_certs_only([]).build())
            .map_err(|_| ClientError::Setup)?;
        let web = common().https_only(true).build().ok();
        Ok(Self { local, web, limits, retries: Retries::default() })
    }

    /// The same client with other repeats.
    #[must_use]
    pub fn with_retries(self, retries: Retries) -> Self {
        Self { retries, ..self }
    }

    /// Asks until `read` makes sense of an answer of status 200, an error is there to stay, or time is up.
    pub(super) async fn ask<T>(
        &self,
        question: &Question,
        read: impl Fn(&[u8]) -> Result<T, ClientError>,
    ) -> Result<T, ClientError> {
        let until = Instant::now() + self.limits.whole;
        let waits = ExponentialBuilder::new()
            .with_jitter()
            .with_min_delay(self.retries.first_wait)
            .with_max_times(self.retries.extra_tries);
        (|| async { read(&self.exchange(question, until).await?) })
            .retry(waits)
            .when(ClientError::is_passing)
            // A repeat that cannot be answered in time would only hide the error behind a timeout.
            .adjust(|_, wait| wait.filter(|wait| Instant::now() + *wait < until))
            .notify(|error, wait| {
                tracing::info!(question = question.name, host = question.host, %error, ?wait, "asking again");
            })
            .await
    }

    /// One request, one answer of status 200.
    async fn exchange(&self, question: &Question, until: Instant) -> Result<Zeroizing<Vec<u8>>, ClientError> {
        let host = &question.host;
        let client = self.client_for(&question.url, host)?;
        let mut request =
            client.request(question.method.clone(), question.url.clone()).header(ACCEPT, "application/json");
        if let Some(bearer) = &question.bearer {
            request = request.header(AUTHORIZATION, bearer);
        }
        if let Some(body) = &question.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_vec());
        }
        let too_slow = |waited, limit| ClientError::Timeout { host: host.clone(), waited, limit };
        let whole = || too_slow(Waited::Whole, self.limits.whole);
        let head_until = until.min(Instant::now() + self.limits.first_byte);
        let response = match timeout_at(head_until, request.send()).await {
            Ok(sent) => sent.map_err(|error| self.unsent(&error, host))?,
            Err(_) if head_until == until => return Err(whole()),
            Err(_) => return Err(too_slow(Waited::FirstByte, self.limits.first_byte)),
        };
        if response.status() != StatusCode::OK {
            return Err(ClientError::HttpStatus { host: host.clone(), status: response.status().as_u16() });
        }
        timeout_at(until, self.body(response, host)).await.map_err(|_| whole())?
    }

    /// Reads at most the allowed number of bytes; dropping the response closes the connection on the rest.
    async fn body(&self, mut response: Response, host: &str) -> Result<Zeroizing<Vec<u8>>, ClientError> {
        let limit = self.limits.body_bytes;
        let too_large = || ClientError::TooLarge { host: host.to_owned(), limit };
        let announced = response.content_length().unwrap_or_default();
        let announced = usize::try_from(announced).map_err(|_| too_large())?;
        if announced > limit {
            return Err(too_large());
        }
        // A token may be in here: reserved at once, so that growing leaves fewer copies behind.
        let mut body = Zeroizing::new(Vec::with_capacity(announced.max(4_096)));
        loop {
            // Whatever ends a body early (closed, reset, broken chunks), half an answer is what we have.
            let chunk =
                response.chunk().await.map_err(|_| ClientError::Truncated { host: host.to_owned() })?;
            let Some(chunk) = chunk else { return Ok(body) };
            if chunk.len() > limit.saturating_sub(body.len()) {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
    }

    fn client_for(&self, url: &Url, host: &str) -> Result<&Client, ClientError> {
        match (url.scheme(), is_this_computer(url)) {
            ("http" | "https", true) => Ok(&self.local),
            ("https", false) => {
                self.web.as_ref().ok_or_else(|| ClientError::TlsFailed { host: host.to_owned() })
            }
            _ => Err(ClientError::NotEncrypted { host: host.to_owned() }),
        }
    }

    /// Why no answer began. The library's error names the address, so nothing of it is kept.
    fn unsent(&self, error: &reqwest::Error, host: &str) -> ClientError {
        let host = host.to_owned();
        if error.is_builder() {
            ClientError::Setup
        } else if is_about_tls(error) {
            ClientError::TlsFailed { host }
        } else if error.is_connect() && error.is_timeout() {
            ClientError::Timeout { host, waited: Waited::Connect, limit: self.limits.connect }
        } else {
            ClientError::Unreachable { host }
        }
    }
}

impl fmt::Debug for Http {
    /// Without the clients: theirs may show a proxy's password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http")
            .field("limits", &self.limits)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}

impl Base {
    /// The address everything on a platform begins with; a path is kept, user name, query and fragment are not.
    pub(super) fn new(mut url: Url) -> Self {
        url.set_query(None);
        url.set_fragment(None);
        // Neither can fail on an address with a host, and one without is refused before anything is sent.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        let host = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => String::new(),
        };
        Self { url, host }
    }

    /// The name errors and log lines use: host, and port where it is not the usual one.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// A question to `path`, which begins with a slash.
    pub(super) fn question(&self, name: &'static str, method: Method, path: &str) -> Question {
        let mut url = self.url.clone();
        url.set_path(&format!("{}{path}", self.url.path().trim_end_matches('/')));
        Question { name, method, url, host: self.host.clone(), bearer: None, body: None }
    }
}

impl fmt::Debug for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)
    }
}

impl Question {
    /// Adds to the query string, escaped.
    pub(super) fn query(mut self, name: &str, value: &str) -> Self {
        self.url.query_pairs_mut().append_pair(name, value);
        self
    }

    /// Signs with an access key. A key that cannot stand in a header (a line break got in) is no key.
    pub(super) fn bearer(mut self, key: &Secret<String>) -> Result<Self, ClientError> {
        let text = Zeroizing::new(format!("Bearer {}", key.expose()));
        let mut value =
            HeaderValue::from_str(&text).map_err(|_| ClientError::KeyRefused { host: self.host.clone() })?;
        value.set_sensitive(true);
        self.bearer = Some(value);
        Ok(self)
    }

    /// Sends a JSON body.
    pub(super) fn json(mut self, body: &impl serde::Serialize) -> Result<Self, ClientError> {
        self.body = Some(Zeroizing::new(serde_json::to_vec(body).map_err(|_| ClientError::Setup)?));
        Ok(self)
    }
}

fn is_this_computer(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// TLS errors travel inside `io::Error`s, whose `source` skips the error they wrap.
fn is_about_tls(error: &(dyn Error + 'static)) -> bool {
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>()
        || wrapped.is_some_and(|inner| is_about_tls(inner))
        || error.source().is_some_and(is_about_tls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_on_this_computer() {
        let http = Http::new(HttpLimits::default()).unwrap();
        for (base, allowed) in [
            ("http://127.0.0.1:8080", true),
            ("http://127.9.9.9", true),
            ("http://[::1]:8080/", true),
            ("http://LOCALHOST:1", true),
            ("http://api.weixin.qq.com", false),
            ("http://localhost.example.com", false),
            ("http://0.0.0.0", false),
            ("http://[::ffff:127.0.0.1]", false),
            ("http://192.168.1.2", false),
            ("ftp://127.0.0.1", false),
            ("data:text/plain,hi", false),
        ] {
            let url = Url::parse(base).unwrap();
            assert_eq!(http.client_for(&url, "h").is_ok(), allowed, "{base}");
        }
    }

    #[test]
    fn a_base_keeps_its_path_and_drops_what_could_be_secret() {
        let base =
            Base::new(Url::parse("https://user:word@card.example.com:8443/api/?key=word#word").unwrap());
        assert_eq!(base.host(), "card.example.com:8443");
        assert_eq!(format!("{base:?}"), "card.example.com:8443");
        let question = base.question("q", Method::GET, "/v1/settings").query("a", "1&2 3");
        assert_eq!(question.url.as_str(), "https://card.example.com:8443/api/v1/settings?a=1%262+3");
        let question = Base::new(Url::parse("https://api.weixin.qq.com").unwrap()).question(
            "q",
            Method::GET,
            "/cgi-bin/x",
        );
        assert_eq!(question.url.as_str(), "https://api.weixin.qq.com/cgi-bin/x");
    }

    #[test]
    fn a_key_is_marked_so_that_no_library_shows_it() {
        let base = Base::new(Url::parse("https://card.example.com").unwrap());
        let question = base.question("q", Method::GET, "/").bearer(&Secret::new("word".to_owned())).unwrap();
        assert_eq!(format!("{:?}", question.bearer), "Some(Sensitive)");
    }

    #[test]
    fn a_key_with_a_line_break_is_refused_before_it_is_sent() {
        let base = Base::new(Url::parse("https://card.example.com").unwrap());
        let question = base.question("q", Method::GET, "/").bearer(&Secret::new("ab\ncd".to_owned()));
        assert_eq!(question.err(), Some(ClientError::KeyRefused { host: "card.example.com".to_owned() }));
    }
}
