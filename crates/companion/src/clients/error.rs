//! Every way in which a question to a platform can fail.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::refusal::{Refusal, next_minute};
use crate::api::{ErrorCode, Instant, Retry};

/// What a deadline was set for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// Name lookup, connection and TLS handshake.
    Connect,
    /// The first byte of the answer.
    FirstByte,
    /// The whole exchange, repeats included.
    WholeExchange,
    /// Every page of a list.
    WholeList,
}

/// A question that got no usable answer.
///
/// Nothing in here comes from an address, a header or an answer, except the host, WeChat's codes and names of fields
/// that we know; so an error can be logged and shown as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// Name not found, connection refused, or closed before any answer. `sent`: the question may have arrived.
    #[error("{host} cannot be reached")]
    Unreachable { host: String, sent: bool },
    /// A deadline passed.
    #[error("{host} was too slow: {waited:?} took more than {limit:?}")]
    Timeout { host: String, waited: Waited, limit: Duration },
    /// A status other than 200. Redirects are not followed. `retry_after`: how long the platform wants to be left alone.
    #[error("{host} answered with HTTP status {status}")]
    HttpStatus { host: String, status: u16, retry_after: Option<Duration> },
    /// The answer is something else than JSON.
    #[error("{host} answered with something else than JSON")]
    NotJson { host: String },
    /// The answer ended before it was complete.
    #[error("the answer of {host} stopped half-way")]
    Truncated { host: String },
    /// The answer is larger than `limit` bytes; reading stopped there.
    #[error("the answer of {host} is larger than {limit} bytes")]
    TooLarge { host: String, limit: usize },
    /// JSON of another shape: `field` is missing or of the wrong kind.
    #[error("{field} is missing or wrong in the answer of {host}")]
    UnexpectedShape { host: String, field: String },
    /// No trusted, encrypted connection could be made.
    #[error("the certificate of {host} was refused")]
    TlsFailed { host: String },
    /// The base address is neither https nor http on this computer; nothing was sent.
    #[error("{host} would have to be asked without encryption")]
    NotEncrypted { host: String },
    /// WeChat said no.
    #[error("WeChat refused: {0}")]
    Refused(Refusal),
    /// WeChat's list changed repeatedly while its pages were read.
    #[error("the list of {host} changed again and again while it was read")]
    Unsettled { host: String },
    /// The member-card platform does not accept the access key.
    #[error("{host} does not accept the access key")]
    KeyRefused { host: String },
    /// The member-card platform has no such call, or cannot serve it.
    #[error("{host} does not offer this")]
    NotOffered { host: String },
    /// The member-card platform knows this request id from another change. Ours are never used twice.
    #[error("{host} knows the request id from another change")]
    RequestIdReused { host: String },
    /// Another mode is in force on the member-card platform than the one that was seen; nothing was changed.
    #[error("another mode is in force at {host} than was seen")]
    ModeDiffers { host: String },
    /// Another computer of the shop guards; nothing was changed.
    #[error("{host} says that another computer guards")]
    LeaseHeld { host: String, label: Option<String> },
    /// The HTTP client could not be set up, or a request could not be built.
    #[error("the HTTP client is not usable")]
    Setup,
}

impl ClientError {
    /// What to tell the shop.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Unreachable { .. } => ErrorCode::Unreachable,
            Self::Timeout { .. } => ErrorCode::Timeout,
            Self::HttpStatus { .. } => ErrorCode::HttpStatus,
            Self::NotJson { .. } => ErrorCode::NotJson,
            Self::Truncated { .. } => ErrorCode::Truncated,
            Self::TooLarge { .. } => ErrorCode::TooLarge,
            Self::UnexpectedShape { .. } => ErrorCode::UnexpectedShape,
            Self::TlsFailed { .. } | Self::NotEncrypted { .. } => ErrorCode::TlsFailed,
            Self::Refused(refusal) => refusal.code(),
            // To the shop the same as -1: WeChat is not settled now, ask again.
            Self::Unsettled { .. } => ErrorCode::WechatBusy,
            Self::KeyRefused { .. } => ErrorCode::MemberCardKeyWrong,
            Self::NotOffered { .. } => ErrorCode::MemberCardNotOffered,
            Self::ModeDiffers { .. } => ErrorCode::ModeChangedElsewhere,
            Self::LeaseHeld { .. } => ErrorCode::GuardedElsewhere,
            Self::RequestIdReused { .. } | Self::Setup => ErrorCode::Internal,
        }
    }

    /// Values for the text of [`ClientError::code`], as listed there. Never secrets.
    pub fn params(&self) -> BTreeMap<String, String> {
        let mut params = BTreeMap::new();
        let mut put = |name: &str, value: String| params.insert(name.to_owned(), value);
        if let Some(host) = self.host() {
            put("host", host.to_owned());
        }
        match self {
            Self::Timeout { limit, .. } => {
                put("seconds", limit.as_millis().div_ceil(1_000).to_string());
            }
            Self::HttpStatus { status, .. } => {
                put("status", status.to_string());
            }
            Self::TooLarge { limit, .. } => {
                put("limit_mb", limit.div_ceil(1_024 * 1_024).to_string());
            }
            Self::LeaseHeld { label, .. } => {
                put("label", label.clone().unwrap_or_default());
            }
            Self::UnexpectedShape { field, .. } => {
                put("field", field.clone());
            }
            Self::Refused(refusal) => {
                put("errcode", refusal.errcode().to_string());
                if let Some(rid) = refusal.rid() {
                    put("rid", rid.to_owned());
                }
                if matches!(refusal.code(), ErrorCode::IpNotAllowed | ErrorCode::ComponentIpNotAllowed) {
                    put("ip", refusal.ip().map(|ip| ip.to_string()).unwrap_or_default());
                }
            }
            _ => {}
        }
        params
    }

    /// Whether and when asking again can help, seen from `now` on the platform's clock.
    pub fn retry(&self, now: DateTime<Utc>) -> Retry {
        match self {
            // The platform says itself when; 429 alone is the HTTP form of 45011: wait for the next minute.
            Self::HttpStatus { status: 429 | 503, retry_after: Some(wait), .. } => {
                let at = TimeDelta::from_std(*wait).ok().and_then(|wait| now.checked_add_signed(wait));
                at.map_or(Retry::Now, |at| Retry::Later(Instant(at)))
            }
            Self::HttpStatus { status: 429, .. } => {
                next_minute(now).map_or(Retry::Now, |at| Retry::Later(Instant(at)))
            }
            // A redirect is how a network asks for a sign-in of its own; it passes, as 408 and the 5xx do.
            Self::HttpStatus { status, .. } => {
                if matches!(status, 300..=399 | 408 | 500..=599) {
                    Retry::Now
                } else {
                    Retry::Never
                }
            }
            Self::Unreachable { .. }
            | Self::Timeout { .. }
            | Self::NotJson { .. }
            | Self::Truncated { .. }
            | Self::Unsettled { .. } => Retry::Now,
            Self::Refused(refusal) => refusal.retry(now),
            Self::TooLarge { .. }
            | Self::UnexpectedShape { .. }
            | Self::TlsFailed { .. }
            | Self::NotEncrypted { .. }
            | Self::KeyRefused { .. }
            | Self::NotOffered { .. }
            | Self::RequestIdReused { .. }
            | Self::ModeDiffers { .. }
            | Self::LeaseHeld { .. }
            | Self::Setup => Retry::Never,
        }
    }

    /// The access token is no longer good: get it once more and repeat the call once.
    pub fn is_token_stale(&self) -> bool {
        self.code() == ErrorCode::TokenStale
    }

    /// Who did not answer usably; `None` where the answer itself is the error.
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Unreachable { host, .. }
            | Self::Timeout { host, .. }
            | Self::HttpStatus { host, .. }
            | Self::NotJson { host }
            | Self::Truncated { host }
            | Self::TooLarge { host, .. }
            | Self::UnexpectedShape { host, .. }
            | Self::TlsFailed { host }
            | Self::NotEncrypted { host }
            | Self::Unsettled { host }
            | Self::KeyRefused { host }
            | Self::NotOffered { host }
            | Self::RequestIdReused { host }
            | Self::ModeDiffers { host }
            | Self::LeaseHeld { host, .. } => Some(host),
            Self::Refused(_) | Self::Setup => None,
        }
    }

    /// No address of the question's host took the question: another address may.
    pub(crate) fn is_unsent(&self) -> bool {
        matches!(self, Self::Unreachable { sent: false, .. } | Self::Timeout { waited: Waited::Connect, .. })
    }

    /// Nothing can have arrived, for there was no connection that it could have taken.
    pub(crate) fn is_certainly_unsent(&self) -> bool {
        self.is_unsent() || matches!(self, Self::TlsFailed { .. } | Self::NotEncrypted { .. } | Self::Setup)
    }

    /// How long the platform wants to be left alone before the question is repeated.
    pub(super) fn asked_wait(&self) -> Option<Duration> {
        match self {
            Self::HttpStatus { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Passes by itself within moments, and the question may be repeated without harm.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Timeout { waited: Waited::Connect, .. } => true,
            Self::HttpStatus { status, .. } => (500..=599).contains(status),
            Self::Refused(refusal) => refusal.code() == ErrorCode::WechatBusy,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host() -> String {
        "api.weixin.qq.com".to_owned()
    }

    fn now() -> DateTime<Utc> {
        billing_core::time::parse_instant("2023-08-28T12:00:10+08:00").unwrap()
    }

    fn params(error: &ClientError) -> Vec<(String, String)> {
        error.params().into_iter().collect()
    }

    #[test]
    fn params_are_those_the_code_lists() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let at_host = pair("host", "api.weixin.qq.com");
        let slow = ClientError::Timeout {
            host: host(),
            waited: Waited::FirstByte,
            limit: Duration::from_millis(1_001),
        };
        assert_eq!(params(&slow), [at_host.clone(), pair("seconds", "2")]);
        let large = ClientError::TooLarge { host: host(), limit: 4 * 1_024 * 1_024 };
        assert_eq!(params(&large), [at_host.clone(), pair("limit_mb", "4")]);
        let status = ClientError::HttpStatus { host: host(), status: 502, retry_after: None };
        assert_eq!(params(&status), [at_host.clone(), pair("status", "502")]);
        let shape = ClientError::UnexpectedShape { host: host(), field: "detailList[0].all".to_owned() };
        assert_eq!(params(&shape), [pair("field", "detailList[0].all"), at_host.clone()]);
        assert_eq!(params(&ClientError::TlsFailed { host: host() }), [at_host]);
    }

    #[test]
    fn statuses_that_pass_may_be_repeated_and_others_not() {
        let later = |at: &str| {
            let at = billing_core::time::parse_instant(&format!("2023-08-28T{at}+08:00")).unwrap();
            Retry::Later(Instant(at))
        };
        for (status, retry_after, expected) in [
            (302, None, Retry::Now),
            (400, None, Retry::Never),
            (403, None, Retry::Never),
            (404, None, Retry::Never),
            (408, None, Retry::Now),
            (429, None, later("12:01:00")),
            (429, Some(7), later("12:00:17")),
            (500, None, Retry::Now),
            (503, None, Retry::Now),
            (503, Some(120), later("12:02:10")),
            (404, Some(120), Retry::Never),
        ] {
            let retry_after = retry_after.map(Duration::from_secs);
            let error = ClientError::HttpStatus { host: host(), status, retry_after };
            assert_eq!(error.retry(now()), expected, "{status}, {retry_after:?}");
        }
    }
}
