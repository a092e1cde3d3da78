//! The guard's lease, as `openapi/member-card.yaml` writes it down: one computer of a shop at a time.

use super::answer::{BODY_MAX, Refused, json_answer, key};
use crate::platform::Platform;
use crate::store::error::{Stored, invalid_row};
use crate::store::leases::{self, Lease};
use crate::store::shops;
use axum::extract::{Request, State};
use axum::response::Response;
use billing_core::time::beijing_text;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Number, json};
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LeaseRequest {
    holder: String,
    label: String,
    /// 0 gives it back.
    #[serde(deserialize_with = "whole_number")]
    seconds: i64,
}

/// JSON has one kind of number: `900.0` is as whole as `900`, and an `integer` of `openapi/member-card.yaml`.
fn whole_number<'de, D: Deserializer<'de>>(field: D) -> Result<i64, D::Error> {
    let number = Number::deserialize(field)?;
    let whole = || number.as_f64().filter(|value| value.fract() == 0.0);
    let found = number.as_i64().or_else(|| format!("{:.0}", whole()?).parse().ok());
    found.ok_or_else(|| D::Error::custom("not a whole number"))
}

/// Longest lease, and longest names in characters.
const SECONDS_MAX: i64 = 3_600;
const HOLDER_MAX: usize = 64;
const LABEL_MAX: usize = 40;

/// Whether a text can name a holder.
pub(super) fn is_holder(text: &str) -> bool {
    (8..=HOLDER_MAX).contains(&text.chars().count())
}

impl LeaseRequest {
    fn read(body: &[u8]) -> Result<Self, Refused> {
        let request: Self =
            serde_json::from_slice(body).map_err(|error| Refused::BadRequest(error.to_string()))?;
        let is_sound = is_holder(&request.holder)
            && (1..=LABEL_MAX).contains(&request.label.chars().count())
            && (0..=SECONDS_MAX).contains(&request.seconds);
        is_sound.then_some(request).ok_or_else(|| Refused::BadRequest("no such lease".to_owned()))
    }
}

/// `PUT /member-card/v1/guard-lease`
pub(super) async fn take(
    State(platform): State<Arc<Platform>>,
    request: Request,
) -> Result<Response, Refused> {
    let key = key(request.headers())?;
    let body = axum::body::to_bytes(request.into_body(), BODY_MAX).await;
    let body = body.map_err(|_| Refused::BadRequest("the body is too large".to_owned()))?;
    let answer = platform
        .write(move |connection, _, now| {
            let Some(shop) = shops::find_by_key(connection, &key)? else { return Ok(Err(Refused::BadKey)) };
            match LeaseRequest::read(&body) {
                Ok(request) => give(connection, &shop.app_id, request, now),
                Err(refused) => Ok(Err(refused)),
            }
        })
        .await??;
    Ok(json_answer(answer))
}

/// A holder renews or gives back its own; anybody takes one that is over.
fn give(
    connection: &Connection,
    app_id: &str,
    request: LeaseRequest,
    now: DateTime<Utc>,
) -> Stored<Result<String, Refused>> {
    let held = leases::in_force(connection, app_id, now)?;
    if let Some(other) = held.filter(|lease| lease.holder != request.holder) {
        return Ok(Err(Refused::LeaseHeld { label: other.label, until: other.until }));
    }
    let until = TimeDelta::try_seconds(request.seconds).and_then(|time| now.checked_add_signed(time));
    let until = until.ok_or_else(|| invalid_row("a lease without an end"))?;
    let lease = Lease { holder: request.holder, label: request.label, until };
    leases::give(connection, app_id, &lease)?;
    Ok(Ok(json!({ "holder": lease.holder, "label": lease.label, "until": beijing_text(until) }).to_string()))
}
