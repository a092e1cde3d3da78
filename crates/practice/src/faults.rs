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

use crate::api::{self, error::ApiError};
use crate::connection::Peer;
use crate::ids;
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
    /// The allocation asked for is done that much later, by practice time.
    LateAllocation { seconds: u32 },
    /// The result of the allocation asked for is told twice.
    AllocationToldTwice,
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

/// Paths of the member-card interface.
const MEMBER_CARD_PATHS: [&str; 5] = [
    "/member-card/v1/settings",
    "/member-card/v1/settings/acquisition-mode",
    "/member-card/v1/statistics",
    "/member-card/v1/sign-ups",
    "/member-card/v1/wechat-usage",
];

/// The path as a constant, if calls of it are counted and can fail.
pub(crate) fn known(path: &str) -> Option<&'static str> {
    let member_card = || MEMBER_CARD_PATHS.into_iter().find(|known| *known == path);
    api::interface(path).map(|interface| interface.path).or_else(member_card)
}

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
        if let Some(path) = known(path) {
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
pub(crate) async fn apply(
    State(platform): State<Arc<Platform>>,
    mut request: Request,
    next: Next,
) -> Response {
    platform.faults.count(request.uri().path());
    let Some(fault) = platform.faults.take(request.uri().path()) else { return next.run(request).await };
    match fault {
        // WeChat's interfaces refuse by themselves, so that the refusal can be looked up under its rid.
        Fault::LateAllocation { .. } | Fault::AllocationToldTwice => {
            request.extensions_mut().insert(fault);
            next.run(request).await
        }
        Fault::Errcode { .. } if api::interface(request.uri().path()).is_some() => {
            request.extensions_mut().insert(fault);
            next.run(request).await
        }
        Fault::Errcode { errcode } => {
            let rid = ids::rid(platform.clock.now());
            axum::Json(ApiError::of(errcode).body(&rid)).into_response()
        }
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
            if let Some(cut) = request.extensions().get::<axum::extract::ConnectInfo<Peer>>() {
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
