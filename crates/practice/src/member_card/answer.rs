//! Answers and refusals of the member-card interface, in the form of `openapi/member-card.yaml`.

use crate::platform::Platform;
use crate::store::billing::Accounts;
use crate::store::error::{StoreError, Stored};
use crate::store::shops::{self, Mode, Shop};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use billing_core::time::beijing_text;
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use serde_json::json;

pub(super) const BODY_MAX: usize = 16 * 1024;

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refused {
    BadKey,
    BadRequest(String),
    BadCursor,
    RequestIdReused,
    /// Another mode is in force than the caller saw.
    ModeDiffers(Mode),
    /// Another computer of the shop guards.
    LeaseHeld {
        label: String,
        until: DateTime<Utc>,
    },
    /// The change depends on a lease that its holder has not, or no longer.
    LeaseLost,
    NotFound,
    MethodNotAllowed,
    Busy,
}

impl From<StoreError> for Refused {
    fn from(_: StoreError) -> Self {
        Self::Busy
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, code, message) = match &self {
            Self::BadKey => (StatusCode::UNAUTHORIZED, "bad_key", "the access key is missing or wrong"),
            Self::BadRequest(what) => (StatusCode::BAD_REQUEST, "bad_request", what.as_str()),
            Self::BadCursor => (StatusCode::BAD_REQUEST, "bad_cursor", "no cursor of this walk"),
            Self::RequestIdReused => {
                (StatusCode::CONFLICT, "request_id_reused", "this request_id was used for another mode")
            }
            Self::ModeDiffers(_) => {
                (StatusCode::CONFLICT, "mode_differs", "another mode is in force than if_mode")
            }
            Self::LeaseHeld { .. } => (StatusCode::CONFLICT, "lease_held", "another computer guards"),
            Self::LeaseLost => (StatusCode::CONFLICT, "lease_lost", "this lease is not in force"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found", "there is no such path"),
            Self::MethodNotAllowed => {
                (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "not with this method")
            }
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy", "try again later"),
        };
        let mut body = json!({ "error": { "code": code, "message": message } });
        if let Self::ModeDiffers(mode) = &self {
            body["error"]["acquisition_mode"] = json!(mode);
        }
        if let Self::LeaseHeld { label, until } = &self {
            body["error"]["label"] = json!(label);
            body["error"]["until"] = json!(beijing_text(*until));
        }
        let mut response = (status, json_answer(body.to_string())).into_response();
        if self == Self::Busy {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// The answer of a platform that has no such call.
pub(crate) fn not_offered() -> Response {
    Refused::NotFound.into_response()
}

pub(super) fn json_answer(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
}

/// The answer for the shop that a key belongs to.
pub(super) async fn answer(
    platform: &Platform,
    key: String,
    read: impl FnOnce(&Connection, &Accounts, Shop, DateTime<Utc>) -> Stored<Result<String, Refused>>
    + Send
    + 'static,
) -> Result<String, Refused> {
    platform
        .read(move |connection, accounts, now| match shops::find_by_key(connection, &key)? {
            Some(shop) => read(connection, accounts, shop, now),
            None => Ok(Err(Refused::BadKey)),
        })
        .await?
}

/// The secret of `Authorization: Bearer …`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim().to_owned())
}

pub(super) fn key(headers: &HeaderMap) -> Result<String, Refused> {
    bearer(headers).ok_or(Refused::BadKey)
}
