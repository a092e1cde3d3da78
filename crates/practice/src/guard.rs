//! Who may speak to the platform at all.
//!
//! It listens on loopback, so every page in every browser on this machine can reach it. A request for another host name (DNS
//! rebinding), from another origin, or sent by another site is refused before anything else looks at it.

use crate::platform::Platform;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use std::sync::Arc;

/// No script at all, one own stylesheet, forms to ourselves only, never in a frame.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Refuses strangers and puts the security headers on every answer.
pub(crate) async fn check(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    let mut response = if is_welcome(&request, platform.port) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "refused: not the practice platform's own address\n").into_response()
    };
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Not "no-referrer": with that, browsers send `Origin: null` with our own forms.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // The server would put the machine's time here, which is not the platform's.
    if let Ok(date) = platform.clock.http_date(TimeDelta::zero()).parse() {
        headers.entry(header::DATE).or_insert(date);
    }
    response
}

fn is_welcome(request: &Request, port: u16) -> bool {
    let headers = request.headers();
    let Some(host) = text(headers, header::HOST) else { return false };
    let ours = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    if !ours.iter().any(|name| name == host) {
        return false;
    }
    if headers.contains_key(header::ORIGIN)
        && text(headers, header::ORIGIN).and_then(|origin| origin.strip_prefix("http://")) != Some(host)
    {
        return false;
    }
    match text(headers, "sec-fetch-site") {
        Some("cross-site" | "same-site") => {
            // Another port of this machine is "same-site", yet as foreign as any. Following a link is harmless.
            request.method() == Method::GET
                && text(headers, "sec-fetch-mode") == Some("navigate")
                && text(headers, "sec-fetch-dest") == Some("document")
        }
        Some(_) | None => true,
    }
}

fn text(headers: &HeaderMap, name: impl header::AsHeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
