//! One exchange over HTTP: deadlines, limits, repeats, fail-over, and errors without addresses.

mod hosts;
mod question;
mod way_out;

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use tokio::time::{Instant, timeout_at};
use url::Url;
use zeroize::Zeroizing;

pub use hosts::Hosts;
pub(super) use question::Question;
pub use way_out::Proxy;

use super::error::{ClientError, Waited};
pub(super) use way_out::is_this_computer;
use way_out::{WayOut, is_about_tls};

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
            // A third of `whole`: an address nobody answers at leaves time for its fallback.
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
    /// Repeats after the first attempt.
    pub extra_tries: usize,
    /// Wait before the first repeat; it doubles each time and up to as much again is added at random.
    pub first_wait: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Self { extra_tries: 2, first_wait: Duration::from_millis(300) }
    }
}

/// A JSON message, ready to be sent. Its address may be a secret.
pub(super) struct Posted {
    pub(super) url: Url,
    /// What errors and log lines call the receiver.
    pub(super) host: String,
    pub(super) body: Zeroizing<Vec<u8>>,
}

/// The answer to a message, of whatever status.
#[derive(Debug)]
pub(super) struct Replied {
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    pub(super) body: Zeroizing<Vec<u8>>,
}

/// Longest `Retry-After` that is believed: a day.
const RETRY_AFTER_MAX: Duration = Duration::from_hours(24);

/// The shared HTTP client; cheap to clone.
#[derive(Clone)]
pub struct Http {
    way_out: WayOut,
    limits: HttpLimits,
    retries: Retries,
}

impl Http {
    /// A client with these limits, the system's proxy and the usual [`Retries`].
    pub fn new(limits: HttpLimits) -> Result<Self, ClientError> {
        Self::through(&Proxy::System, limits)
    }

    /// A client that reaches the web through `proxy`.
    pub fn through(proxy: &Proxy, limits: HttpLimits) -> Result<Self, ClientError> {
        Ok(Self { way_out: WayOut::new(limits, proxy)?, limits, retries: Retries::default() })
    }

    /// The same client with other repeats.
    #[must_use]
    pub fn with_retries(self, retries: Retries) -> Self {
        Self { retries, ..self }
    }

    /// Asks until `read` makes sense of an answer of status 200, an error is there to stay, or time is up. `read` gets
    /// the name of the host that answered, for its errors.
    pub(super) async fn ask<T>(
        &self,
        question: &Question,
        read: impl Fn(&str, &[u8]) -> Result<T, ClientError>,
    ) -> Result<T, ClientError> {
        let until = Instant::now() + self.limits.whole;
        let waits = ExponentialBuilder::new()
            .with_jitter()
            .with_min_delay(self.retries.first_wait)
            .with_max_times(self.retries.extra_tries);
        let turn = AtomicUsize::new(question.hosts.first_turn());
        let once = || async {
            let this = turn.load(Ordering::Relaxed);
            let answer = self.exchange(question, this, until).await;
            if answer.as_ref().is_err_and(ClientError::is_unsent) {
                turn.fetch_add(1, Ordering::Relaxed);
            } else {
                question.hosts.reached(this);
            }
            read(&question.hosts.at(this).name, &answer?)
        };
        once.retry(waits)
            .when(|error| if question.once { error.is_unsent() } else { error.is_passing() })
            .adjust(|error, wait| {
                let wait = wait.map(|wait| wait.max(error.asked_wait().unwrap_or_default()));
                // A repeat that cannot be answered in time would only turn the error into a timeout.
                wait.filter(|wait| Instant::now() + *wait < until)
            })
            .notify(|error, wait| tracing::info!(question = question.name, %error, ?wait, "asking again"))
            .await
    }

    /// Sends a message once, whatever comes of it: it has an effect each time it arrives. The answer may have any status.
    ///
    /// # Errors
    /// [`ClientError::is_certainly_unsent`] tells those after which nothing can have arrived.
    pub(super) async fn send_once(&self, posted: &Posted) -> Result<Replied, ClientError> {
        let until = Instant::now() + self.limits.whole;
        let host = &posted.host;
        let too_slow = || ClientError::Timeout {
            host: host.clone(),
            waited: Waited::WholeExchange,
            limit: self.limits.whole,
        };
        let client = self.way_out.client_for(&posted.url, host)?;
        let request = client
            .post(posted.url.clone())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            // A connection that was left open may be closed by the other side just when it is used again; whether the
            // message arrived would not be known.
            .header(CONNECTION, "close")
            .body(posted.body.to_vec());
        let response = timeout_at(until, request.send()).await.map_err(|_| too_slow())?;
        let response = response.map_err(|error| self.unsent(&error, host))?;
        let (status, retry_after) = (response.status().as_u16(), asked_to_wait(response.headers()));
        let body = timeout_at(until, self.body(response, host)).await.map_err(|_| too_slow())??;
        Ok(Replied { status, retry_after, body })
    }

    /// The same client with other limits; that on connecting stays.
    pub(super) fn with_limits(self, limits: HttpLimits) -> Self {
        Self { limits, ..self }
    }

    /// One request, one answer of status 200.
    async fn exchange(
        &self,
        question: &Question,
        turn: usize,
        until: Instant,
    ) -> Result<Zeroizing<Vec<u8>>, ClientError> {
        let host = &question.hosts.at(turn).name;
        let url = question.url(turn);
        let client = self.way_out.client_for(&url, host)?;
        let mut request = client.request(question.method.clone(), url).header(ACCEPT, "application/json");
        if let Some(bearer) = &question.bearer {
            request = request.header(AUTHORIZATION, bearer);
        }
        if let Some(body) = &question.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_vec());
        }
        let too_slow = |waited, limit| ClientError::Timeout { host: host.clone(), waited, limit };
        let whole = || too_slow(Waited::WholeExchange, self.limits.whole);
        let head_until = until.min(Instant::now() + self.limits.first_byte);
        let response = match timeout_at(head_until, request.send()).await {
            Ok(sent) => sent.map_err(|error| self.unsent(&error, host))?,
            Err(_) if head_until == until => return Err(whole()),
            Err(_) => return Err(too_slow(Waited::FirstByte, self.limits.first_byte)),
        };
        if response.status() != StatusCode::OK {
            return Err(self.refusal(question, response, host, until).await);
        }
        timeout_at(until, self.body(response, host)).await.map_err(|_| whole())?
    }

    /// What an answer of another status means. Its body is looked at only where the platform says more in it.
    async fn refusal(
        &self,
        question: &Question,
        response: Response,
        host: &str,
        until: Instant,
    ) -> ClientError {
        let status = response.status();
        let (retry_after, number) = (asked_to_wait(response.headers()), status.as_u16());
        let plain = ClientError::HttpStatus { host: host.to_owned(), status: number, retry_after };
        let Some(read) = question.read_status.filter(|_| status.is_client_error()) else { return plain };
        match timeout_at(until, self.body(response, host)).await {
            Ok(Ok(body)) => read(host, number, &body).unwrap_or(plain),
            Ok(Err(_)) | Err(_) => plain,
        }
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
        // A token may be in here: reserved at once, so that growing leaves fewer copies.
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

    /// Why no answer began. The library's error names the address, so it is dropped.
    fn unsent(&self, error: &reqwest::Error, host: &str) -> ClientError {
        let host = host.to_owned();
        if error.is_builder() {
            ClientError::Setup
        } else if is_about_tls(error) {
            ClientError::TlsFailed { host }
        } else if error.is_connect() && error.is_timeout() {
            ClientError::Timeout { host, waited: Waited::Connect, limit: self.limits.connect }
        } else {
            ClientError::Unreachable { host, sent: !error.is_connect() }
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

/// `Retry-After` in seconds. Its other form, a date, would need the platform's clock to be right.
fn asked_to_wait(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(RETRY_AFTER_MAX))
}
