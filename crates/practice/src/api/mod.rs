//! `api.weixin.qq.com`: HTTP 200 always, `errcode` in the body, `rid` at the end of every error message **W**.

mod phone_number;
pub(crate) mod token;
pub(crate) mod usage;

use crate::ids;
use crate::platform::Platform;
use crate::store::tokens::{self, Presented};
use crate::store::{StoreError, Stored};
use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

pub(crate) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/cgi-bin/token", any(token::plain))
        .route("/cgi-bin/stable_token", any(token::stable))
        .route("/wxa/charge/usage/get", any(usage::detail))
        .route("/wxa/charge/usage/get_recent_average", any(usage::average))
        .route(crate::faults::PHONE_NUMBER, any(phone_number::exchange))
}

/// An error as the platform reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    errcode: i64,
    text: String,
}

impl ApiError {
    pub(crate) fn new(errcode: i64, text: impl Into<String>) -> Self {
        Self { errcode, text: text.into() }
    }

    /// The body, with a fresh rid.
    pub(crate) fn body(&self, now: DateTime<Utc>) -> Value {
        let errmsg = format!("{} rid: {}", self.text, ids::rid(now));
        serde_json::json!({ "errcode": self.errcode, "errmsg": errmsg })
    }

    pub(crate) fn respond(&self, now: DateTime<Utc>) -> Response {
        json(self.body(now).to_string())
    }
}

impl From<StoreError> for ApiError {
    fn from(_: StoreError) -> Self {
        Self::new(-1, "system error")
    }
}

pub(crate) type Answer<T> = Result<T, ApiError>;

fn json(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
}

/// The answer of a handler as the platform writes it.
fn respond<T: Serialize>(platform: &Platform, answer: Answer<T>) -> Response {
    let written =
        answer.and_then(|value| serde_json::to_string(&value).map_err(|_| ApiError::new(-1, "system error")));
    match written {
        Ok(body) => json(body),
        Err(error) => error.respond(platform.clock.now()),
    }
}

/// Largest request body.
const BODY_MAX: usize = 64 * 1024;

/// A request, as far as the platform looks at it.
#[derive(Debug)]
pub(crate) struct Call {
    method: Method,
    query: HashMap<String, String>,
    body: Bytes,
}

impl Call {
    /// Reads a request. Of a parameter given twice the first counts.
    async fn read(request: Request) -> Answer<Self> {
        let mut query = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
        {
            query.entry(name.into_owned()).or_insert_with(|| value.into_owned());
        }
        let method = request.method().clone();
        let body = axum::body::to_bytes(request.into_body(), BODY_MAX)
            .await
            .map_err(|_| ApiError::new(47_001, "data format error"))?;
        Ok(Self { method, query, body })
    }

    fn must_get(&self) -> Answer<()> {
        if self.method == Method::GET { Ok(()) } else { Err(ApiError::new(43_001, "require GET method")) }
    }

    fn must_post(&self) -> Answer<()> {
        if self.method == Method::POST { Ok(()) } else { Err(ApiError::new(43_002, "require POST method")) }
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The JSON object in the body.
    fn object(&self) -> Answer<serde_json::Map<String, Value>> {
        if self.body.is_empty() {
            return Err(ApiError::new(44_002, "empty post data"));
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) | Err(_) => Err(ApiError::new(47_001, "data format error")),
        }
    }

    /// The presented token, if its form is right.
    fn token(&self) -> Answer<String> {
        match self.parameter("access_token") {
            None => Err(ApiError::new(41_001, "access_token missing")),
            Some(token) if !ids::looks_like_token(token) => {
                Err(ApiError::new(40_014, "invalid access_token"))
            }
            Some(token) => Ok(token.to_owned()),
        }
    }
}

/// The mini-program that a token speaks for.
fn program_of(connection: &Connection, token: &str, now: DateTime<Utc>) -> Stored<Answer<String>> {
    Ok(match tokens::present(connection, token, now)? {
        Presented::Valid(app_id) => Ok(app_id),
        Presented::Expired => Err(ApiError::new(42_001, "access_token expired")),
        Presented::Invalid => {
            Err(ApiError::new(40_001, "invalid credential, access_token is invalid or not latest"))
        }
    })
}
