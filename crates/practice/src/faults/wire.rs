//! Faults on the wire.

use super::{DELAY_MAX, Fault, MEGABYTES_MAX};
use crate::api::{self, error::ApiError};
use crate::connection::Peer;
use crate::ids;
use crate::member_card;
use crate::platform::Platform;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use futures_util::{StreamExt, stream};
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// No call of an interface is larger.
const BODY_MAX: usize = 1 << 20;

/// Counts a call and lets it fail where a switch says so.
pub(crate) async fn apply(
    State(platform): State<Arc<Platform>>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    platform.faults.count(path);
    let Some(fault) = platform.faults.take(request.uri()) else { return next.run(request).await };
    match fault {
        Fault::Errcode { errcode } if api::interface(path).is_none() => {
            let rid = ids::rid(platform.clock.now());
            axum::Json(ApiError::of(errcode).body(&rid)).into_response()
        }
        // WeChat's interfaces do these themselves. A refusal can then be looked up under its rid.
        Fault::Errcode { .. }
        | Fault::ExpiresIn { .. }
        | Fault::DuplicateRows { .. }
        | Fault::MovingRows { .. }
        | Fault::LateAllocation { .. }
        | Fault::AllocationToldTwice
        | Fault::NoEffect => {
            request.extensions_mut().insert(fault);
            next.run(request).await
        }
        Fault::Status { status } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            (status, not_json(status.canonical_reason().unwrap_or("error"))).into_response()
        }
        Fault::NotOffered => member_card::answer::not_offered(),
        Fault::NotJson => not_json("200 OK, but not what you expect").into_response(),
        Fault::Delay { millis } => {
            tokio::time::sleep(Duration::from_millis(millis).min(DELAY_MAX)).await;
            next.run(request).await
        }
        Fault::Huge { megabytes } => huge(megabytes.min(MEGABYTES_MAX)),
        Fault::Reset => reset(&request),
        Fault::Adrift { millis } => {
            // Read before the connection is gone.
            let (first, second) = copied(request).await;
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(millis).min(DELAY_MAX)).await;
                drop(next.run(first).await);
            });
            reset(&second)
        }
        Fault::Twice => {
            let (first, second) = copied(request).await;
            drop(next.clone().run(first).await);
            next.run(second).await
        }
        Fault::Truncated => truncated(next.run(request).await).await,
        Fault::CutJson => cut_json(next.run(request).await).await,
        Fault::SlowBody { millis } => {
            slow_body(next.run(request).await, Duration::from_millis(millis).min(DELAY_MAX)).await
        }
        Fault::ContentType { content_type } => {
            with_header(next.run(request).await, header::CONTENT_TYPE, &content_type)
        }
        Fault::Date { seconds } => {
            let date = platform.clock.http_date(TimeDelta::try_seconds(seconds).unwrap_or_default());
            with_header(next.run(request).await, header::DATE, &date)
        }
    }
}

/// Resets the connection; the answer never reaches the caller, for writing it fails.
fn reset(request: &Request) -> Response {
    if let Some(peer) = request.extensions().get::<ConnectInfo<Peer>>() {
        peer.0.cut();
    }
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

/// The call two times over.
async fn copied(request: Request) -> (Request, Request) {
    let (parts, body) = request.into_parts();
    // A body that cannot be read or is larger than any call's is left out, and the call refused for it.
    let bytes = axum::body::to_bytes(body, BODY_MAX).await.unwrap_or_default();
    let copy = Request::from_parts(parts.clone(), Body::from(bytes.clone()));
    (Request::from_parts(parts, Body::from(bytes)), copy)
}

fn not_json(text: &str) -> Response {
    let html = format!("<html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>");
    ([(header::CONTENT_TYPE, "text/html")], html).into_response()
}

/// The answer with another header; as it was where the value cannot be one.
fn with_header(mut response: Response, name: header::HeaderName, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// The answer in its parts, with the length of its body no longer announced.
async fn taken_apart(response: Response) -> (axum::http::response::Parts, Bytes) {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    // Bodies of ours are in memory already: reading them cannot fail.
    (parts, axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default())
}

/// Half of the body, then the connection ends although more was announced.
async fn truncated(response: Response) -> Response {
    let (mut parts, bytes) = taken_apart(response).await;
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

/// Half of the body, as if that were all.
async fn cut_json(response: Response) -> Response {
    let (parts, bytes) = taken_apart(response).await;
    Response::from_parts(parts, Body::from(bytes.slice(..bytes.len() / 2)))
}

/// The number of pieces of a slow body.
const PIECES: u32 = 8;

async fn slow_body(response: Response, whole: Duration) -> Response {
    let (parts, bytes) = taken_apart(response).await;
    let size = bytes.len().div_ceil(usize::try_from(PIECES).unwrap_or(1)).max(1);
    let pieces: Vec<Bytes> = bytes.chunks(size).map(Bytes::copy_from_slice).collect();
    let slow = stream::iter(pieces).then(move |piece| async move {
        tokio::time::sleep(whole / PIECES).await;
        Ok::<_, io::Error>(piece)
    });
    Response::from_parts(parts, Body::from_stream(slow))
}

fn huge(megabytes: u64) -> Response {
    let megabyte = Bytes::from(vec![b' '; 1 << 20]);
    let start = Bytes::from_static(b"{\"errcode\":0,\"detailList\":[");
    let chunks = std::iter::once(start).chain((0..megabytes).map(move |_| megabyte.clone()));
    let body = Body::from_stream(stream::iter(chunks.map(Ok::<_, io::Error>)));
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
}
