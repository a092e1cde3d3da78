//! A request, as far as the platform looks at it.

use super::error::{Answer, ApiError};
use crate::connection::Peer;
use crate::faults::Fault;
use crate::ids;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Request};
use axum::http::Method;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

/// Largest request body.
const BODY_MAX: usize = 64 * 1024;

#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    query: HashMap<String, String>,
    /// The parameters in the address, as they came.
    pub(crate) parameters: String,
    pub(crate) body: Bytes,
    pub(crate) peer: IpAddr,
    pub(crate) started: Instant,
    /// What shall go wrong inside, if anything.
    pub(crate) fault: Option<Fault>,
    /// The body was larger than any the platform reads.
    too_large: bool,
}

impl Call {
    /// Reads a request. Of a parameter given twice the first counts.
    pub(crate) async fn read(request: Request) -> Self {
        let started = Instant::now();
        let parameters = request.uri().query().unwrap_or_default().to_owned();
        let mut query = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(parameters.as_bytes()) {
            query.entry(name.into_owned()).or_insert_with(|| value.into_owned());
        }
        let method = request.method().clone();
        let peer = request.extensions().get::<ConnectInfo<Peer>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.address());
        let fault = request.extensions().get::<Fault>().cloned();
        let body = axum::body::to_bytes(request.into_body(), BODY_MAX).await;
        let too_large = body.is_err();
        let body = body.unwrap_or_default();
        Self { method, query, parameters, body, peer, started, fault, too_large }
    }

    /// Returns a parameter of the address; an empty one counts as missing.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The JSON object in the body.
    pub(crate) fn object(&self) -> Answer<Map<String, Value>> {
        if self.too_large {
            return Err(ApiError::of(47_001));
        }
        if self.body.is_empty() {
            return Err(ApiError::of(44_002));
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) | Err(_) => Err(ApiError::of(47_001)),
        }
    }

    /// The presented token, if its form is right.
    pub(crate) fn token(&self) -> Answer<&str> {
        // Third-party platforms name theirs differently on older pages.
        let token = self.parameter("access_token").or_else(|| self.parameter("component_access_token"));
        match token {
            None => Err(ApiError::of(41_001)),
            Some(token) if !ids::looks_like_token(token) => Err(ApiError::of(40_014)),
            Some(token) => Ok(token),
        }
    }
}

impl Call {
    /// How long a token that is handed out says to live.
    pub(crate) const fn expires_in(&self, seconds: i64) -> i64 {
        match self.fault {
            Some(Fault::ExpiresIn { seconds }) => seconds,
            _ => seconds,
        }
    }
}

/// Returns a text of a body; an empty one counts as missing.
pub(crate) fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    let text = object.get(name).and_then(Value::as_str);
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Which rows of a list: `offset` from 0, `limit` from 1 to [`LIMIT_MAX`].
#[derive(Debug)]
pub(crate) struct Page<'a> {
    offset: u64,
    limit: u64,
    fault: Option<&'a Fault>,
}

/// Most rows of one page **W**.
const LIMIT_MAX: u64 = 20;

impl<'a> Page<'a> {
    /// From what was given; nothing is a number that is missing or makes no sense.
    pub(crate) fn new(offset: Option<u64>, limit: Option<u64>, call: &'a Call) -> Answer<Self> {
        let offset = offset.ok_or_else(|| ApiError::bad_parameter("offset"))?;
        let limit = limit.ok_or_else(|| ApiError::bad_parameter("limit"))?;
        match limit {
            0 => Err(ApiError::bad_parameter("limit")),
            1..=LIMIT_MAX => Ok(Self { offset, limit, fault: call.fault.as_ref() }),
            _ => Err(ApiError::of(10_120_003)),
        }
    }

    /// From the address.
    pub(crate) fn of(call: &'a Call) -> Answer<Self> {
        let number = |name: &str| {
            let digits = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
            call.parameter(name).filter(digits).and_then(|text| text.parse::<u64>().ok())
        };
        Self::new(number("offset"), number("limit"), call)
    }

    /// Keeps the rows of this page; the answer is how many there are on all pages.
    pub(crate) fn cut<T: Clone>(self, rows: &mut Vec<T>) -> usize {
        let (offset, total) = self.moved(rows.len());
        let skipped = usize::try_from(offset).unwrap_or(usize::MAX).min(rows.len());
        rows.drain(..skipped);
        rows.truncate(usize::try_from(self.limit).unwrap_or(usize::MAX));
        match (self.fault, rows.last().cloned()) {
            (Some(Fault::DuplicateRows { counted }), Some(last)) => {
                rows.push(last);
                total.saturating_add(usize::from(*counted))
            }
            _ => total,
        }
    }

    /// Where this page begins, and how many rows there are, if rows have moved since the first page.
    fn moved(&self, total: usize) -> (u64, usize) {
        match self.fault {
            Some(Fault::MovingRows { by, counted }) if self.offset > 0 => {
                let moved = self.offset.saturating_add_signed(-i64::from(*by));
                let total = if *counted { total.saturating_add_signed(isize::from(*by)) } else { total };
                (moved, total)
            }
            _ => (self.offset, total),
        }
    }
}
