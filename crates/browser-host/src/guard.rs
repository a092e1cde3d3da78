//! Who may ask: a page of this host, by this address, with the token of this start.

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::Shared;

/// The one address and the one token.
pub(crate) struct Guard {
    host: String,
    origin: String,
    token: String,
}

impl Guard {
    pub(crate) fn new(port: u16, token: String) -> Self {
        let host = format!("127.0.0.1:{port}");
        Self { origin: format!("http://{host}"), host, token }
    }

    fn knows(&self, headers: &HeaderMap, uri: &Uri) -> bool {
        let bearer = value(headers, header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        // An event source cannot send a header of ours.
        let query = uri.query().and_then(|query| query.strip_prefix("token="));
        bearer.or(query) == Some(self.token.as_str())
    }
}

fn value(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

pub(crate) fn refused(status: StatusCode, error: &str, means: &str) -> Response {
    (status, Json(serde_json::json!({ "error": error, "means": means }))).into_response()
}

/// Refuses another host name and a page from elsewhere.
pub(crate) async fn came_by_this_address(
    State(shared): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    if value(headers, header::HOST) != Some(&shared.guard.host) {
        return refused(
            StatusCode::MISDIRECTED_REQUEST,
            "foreign_host",
            "Asked by another host name than this one's.",
        );
    }
    if headers.contains_key(header::ORIGIN) && value(headers, header::ORIGIN) != Some(&shared.guard.origin) {
        return refused(StatusCode::FORBIDDEN, "foreign_origin", "Asked by a page from elsewhere.");
    }
    next.run(request).await
}

/// Refuses whoever does not know the token.
pub(crate) async fn needs_token(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    if !shared.guard.knows(request.headers(), request.uri()) {
        return refused(
            StatusCode::UNAUTHORIZED,
            "token_missing",
            "The token of this start is missing or wrong.",
        );
    }
    next.run(request).await
}
