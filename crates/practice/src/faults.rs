//! Fault switches and call counters, for tests of the other side.

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::api::ApiError;
use crate::connection::Cut;
use crate::platform::Platform;

/// What goes wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Fault {
    /// The answer is this error; nothing is done.
    Errcode { errcode: i64 },
    /// The answer is this HTTP status with a page that is no JSON; nothing is done.
    Status { status: u16 },
    /// The answer is 200 with a page that is no JSON; nothing is done.
    NotJson,
    /// The call is done, but its answer breaks off half-way.
    Truncated,
    /// The call is done, later.
    Delay { millis: u64 },
    /// The answer is this much text; nothing is done.
    Huge { megabytes: u64 },
    /// The connection is reset; nothing is done.
    Reset,
}

/// Longest delay and largest answer that can be asked for.
const DELAY_MAX: Duration = Duration::from_mins(10);
const MEGABYTES_MAX: u64 = 256;

#[derive(Debug)]
struct Switch {
    path: String,
    fault: Fault,
    /// How many calls it still meets; nothing means all.
    times: Option<u32>,
}

#[derive(Debug, Default)]
pub(crate) struct Faults {
    switches: Mutex<Vec<Switch>>,
    calls: Mutex<BTreeMap<&'static str, u64>>,
}

/// Paths that can fail and are counted.
pub(crate) const API_PATHS: [&str; 10] = [
    "/cgi-bin/token",
    "/cgi-bin/stable_token",
    "/wxa/charge/usage/get",
    "/wxa/charge/usage/get_recent_average",
    PHONE_NUMBER,
    "/member-card/v1/settings",
    "/member-card/v1/settings/acquisition-mode",
    "/member-card/v1/statistics",
    "/member-card/v1/sign-ups",
    "/member-card/v1/wechat-usage",
];

/// The call that a shop's backend makes for every customer.
pub(crate) const PHONE_NUMBER: &str = "/wxa/business/getuserphonenumber";

impl Faults {
    /// Adds a switch. Switches of one path act one after the other.
    pub(crate) fn add(&self, path: String, fault: Fault, times: Option<u32>) {
        let mut switches = self.switches.lock().unwrap_or_else(PoisonError::into_inner);
        switches.push(Switch { path, fault, times });
    }

    /// Removes every switch.
    pub(crate) fn clear(&self) {
        self.switches.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The fault of the next call of a path, which uses it up by one.
    fn take(&self, path: &str) -> Option<Fault> {
        let mut switches = self.switches.lock().unwrap_or_else(PoisonError::into_inner);
        let index = switches.iter().position(|switch| switch.path == path)?;
        let switch = switches.get_mut(index)?;
        let fault = switch.fault.clone();
        if let Some(times) = &mut switch.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                switches.remove(index);
            }
        }
        Some(fault)
    }

    fn count(&self, path: &str) {
        if let Some(path) = API_PATHS.into_iter().find(|known| *known == path) {
            *self.calls.lock().unwrap_or_else(PoisonError::into_inner).entry(path).or_default() += 1;
        }
    }

    /// How often each path was called.
    pub(crate) fn calls(&self) -> Vec<(&'static str, u64)> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.iter().map(|(path, count)| (*path, *count)).collect()
    }

    /// The same for practice traffic, which does not wait: a delayed answer arrives.
    pub(crate) fn backend_call_at_once(&self, path: &str) -> bool {
        self.count(path);
        matches!(self.take(path), None | Some(Fault::Delay { .. }))
    }

    /// A call that the practice shop's own backend makes: counted, and subject to the same faults. Whether it gets
    /// its answer.
    pub(crate) async fn backend_call(&self, path: &str) -> bool {
        self.count(path);
        match self.take(path) {
            None => true,
            Some(Fault::Delay { millis }) => {
                tokio::time::sleep(Duration::from_millis(millis).min(DELAY_MAX)).await;
                true
            }
            Some(_) => false,
        }
    }
}

/// Counts a call and lets it fail where a switch says so.
pub(crate) async fn apply(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    platform.faults.count(request.uri().path());
    let Some(fault) = platform.faults.take(request.uri().path()) else { return next.run(request).await };
    match fault {
        Fault::Errcode { errcode } => ApiError::new(errcode, text_of(errcode)).respond(platform.clock.now()),
        Fault::Status { status } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            (status, not_json(status.canonical_reason().unwrap_or("error"))).into_response()
        }
        Fault::NotJson => not_json("200 OK, but not what you expect").into_response(),
        Fault::Delay { millis } => {
            tokio::time::sleep(Duration::from_millis(millis).min(DELAY_MAX)).await;
            next.run(request).await
        }
        Fault::Truncated => truncate(next.run(request).await).await,
        Fault::Huge { megabytes } => huge(megabytes.min(MEGABYTES_MAX)),
        Fault::Reset => {
            if let Some(cut) = request.extensions().get::<axum::extract::ConnectInfo<Cut>>() {
                cut.0.cut();
            }
            // Never reaches the caller: writing it fails.
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

fn not_json(text: &str) -> Response {
    let html = format!("<html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>");
    ([(header::CONTENT_TYPE, "text/html")], html).into_response()
}

/// Half of the body, then the connection ends although more was announced.
async fn truncate(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    parts.headers.insert(header::CONTENT_LENGTH, bytes.len().into());
    let half = bytes.slice(..bytes.len() / 2);
    let end = io::Error::new(io::ErrorKind::ConnectionAborted, "truncated on request");
    let rest = stream::once(async {
        // Gives the server a turn to send the first half before it meets the error.
        tokio::task::yield_now().await;
        Err(end)
    });
    Response::from_parts(parts, Body::from_stream(stream::iter([Ok(half)]).chain(rest)))
}

fn huge(megabytes: u64) -> Response {
    let megabyte = Bytes::from(vec![b' '; 1 << 20]);
    let start = Bytes::from_static(b"{\"errcode\":0,\"detailList\":[");
    let chunks = std::iter::once(start).chain((0..megabytes).map(move |_| megabyte.clone()));
    let body = Body::from_stream(stream::iter(chunks.map(Ok::<_, io::Error>)));
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
}

/// WeChat's words for a code.
fn text_of(errcode: i64) -> &'static str {
    match errcode {
        -1 => "system error",
        40_001 => "invalid credential, access_token is invalid or not latest",
        40_013 => "invalid appid",
        40_014 => "invalid access_token",
        40_029 => "invalid code",
        40_125 => "invalid appsecret",
        40_164 => "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
        40_243 => "appsecret frozen",
        41_001 => "access_token missing",
        42_001 => "access_token expired",
        45_009 => "reach max api daily quota limit",
        45_011 => "api minute-quota reach limit, must slower, retry next minute",
        48_001 => "api unauthorized",
        50_007 => "account frozen",
        61_007 => "api is unauthorized to component",
        _ => "practice fault",
    }
}
