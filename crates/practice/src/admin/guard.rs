//! Who may administer, and how a refusal is worded.

use crate::member_card::answer::bearer;
use crate::platform::Platform;
use crate::store::error::StoreError;
use axum::extract::{FromRequestParts, Json, rejection::JsonRejection};
use axum::http::{StatusCode, request::Parts};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;

/// Proof that the caller knows the administration token.
pub(super) struct Admin;

impl FromRequestParts<Arc<Platform>> for Admin {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Refused> {
        let known = bearer(&parts.headers).is_some_and(|token| platform.is_admin(&token));
        if known { Ok(Self) } else { Err(Refused::NotAdmin) }
    }
}

#[derive(Debug)]
pub(super) enum Refused {
    NotAdmin,
    Bad(String),
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<JsonRejection> for Refused {
    fn from(rejection: JsonRejection) -> Self {
        Self::Bad(rejection.body_text())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, message) = match self {
            Self::NotAdmin => {
                (StatusCode::UNAUTHORIZED, "the administration token is missing or wrong".to_owned())
            }
            Self::Bad(message) => (StatusCode::BAD_REQUEST, message),
            Self::Store(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
        };
        (status, Json(json!({ "error": { "message": message } }))).into_response()
    }
}

pub(super) type Answer = Result<Json<Value>, Refused>;
pub(super) type Body<T> = Result<Json<T>, JsonRejection>;
