//! The member-card interface, as `openapi/member-card.yaml` writes it down: settings, acquisition mode, and WeChat's
//! figures passed on. Sign-ups are in [`super::records`].

use super::answer::{BODY_MAX, Refused, answer, json_answer, key};
use super::{lease, records};
use crate::api::usage;
use crate::faults::Fault;
use crate::ids;
use crate::platform::Platform;
use crate::store::billing::Accounts;
use crate::store::error::{Stored, invalid_row};
use crate::store::leases;
use crate::store::shops::{self, Mode, Shop};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, put};
use billing_core::{Capability, time::beijing_text};
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

const SETTINGS: &str = "/member-card/v1/settings";
const MODE: &str = "/member-card/v1/settings/acquisition-mode";
const LEASE: &str = "/member-card/v1/guard-lease";
const STATISTICS: &str = "/member-card/v1/statistics";
const SIGN_UPS: &str = "/member-card/v1/sign-ups";
const USAGE: &str = "/member-card/v1/wechat-usage";

/// The paths of the interface.
pub(crate) const PATHS: [&str; 6] = [SETTINGS, MODE, LEASE, STATISTICS, SIGN_UPS, USAGE];

pub(crate) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route(SETTINGS, get(settings))
        .route(MODE, put(set_mode))
        .route(LEASE, put(lease::take))
        .route(STATISTICS, get(records::statistics))
        .route(SIGN_UPS, get(records::sign_ups))
        .route(USAGE, get(wechat_usage))
        .route("/member-card/v1/openapi.yaml", get(contract))
        .route("/member-card/{*rest}", any(|| async { Refused::NotFound }))
        .method_not_allowed_fallback(|| async { Refused::MethodNotAllowed })
}

/// `GET /member-card/v1/openapi.yaml`: the contract itself, for those who implement the other side. Needs no key.
async fn contract() -> Response {
    let yaml = include_str!("../../openapi/member-card.yaml");
    ([(header::CONTENT_TYPE, "application/yaml")], yaml).into_response()
}

#[derive(Debug, Serialize)]
struct Settings {
    shop: String,
    app_id: String,
    acquisition_mode: Mode,
    mode_changed_at: String,
    card_quota: u64,
    cards_issued: u64,
    cards_remaining: u64,
    sms_balance: u64,
}

impl From<Shop> for Settings {
    fn from(shop: Shop) -> Self {
        Self {
            cards_remaining: shop.cards_remaining(),
            shop: shop.name,
            app_id: shop.app_id,
            acquisition_mode: shop.mode,
            mode_changed_at: beijing_text(shop.mode_changed_at),
            card_quota: shop.card_quota,
            cards_issued: shop.cards_issued,
            sms_balance: shop.sms_balance,
        }
    }
}

/// `GET /member-card/v1/settings`
async fn settings(State(platform): State<Arc<Platform>>, headers: HeaderMap) -> Result<Response, Refused> {
    answer(&platform, key(&headers)?, |_, _, shop, _| settings_answer(shop).map(Ok)).await.map(json_answer)
}

fn settings_answer(shop: Shop) -> Stored<String> {
    serde_json::to_string(&Settings::from(shop)).map_err(invalid_row)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ModeRequest {
    acquisition_mode: Mode,
    request_id: String,
    #[serde(default)]
    reason: String,
    /// The mode that the caller saw: nothing is changed unless it is still in force.
    #[serde(default, deserialize_with = "not_null")]
    if_mode: Option<Mode>,
    /// The holder of the guard's lease: nothing is changed unless it has it.
    #[serde(default, deserialize_with = "not_null")]
    lease: Option<String>,
}

/// A field that may be left out is not `null` (openapi/member-card.yaml).
fn not_null<'de, T: Deserialize<'de>, D: Deserializer<'de>>(field: D) -> Result<Option<T>, D::Error> {
    T::deserialize(field).map(Some)
}

/// Longest request id and reason, in characters.
const REQUEST_ID_MAX: usize = 64;
const REASON_MAX: usize = 200;

impl ModeRequest {
    fn read(body: &[u8]) -> Result<Self, Refused> {
        let request: Self =
            serde_json::from_slice(body).map_err(|error| Refused::BadRequest(error.to_string()))?;
        let length = request.request_id.chars().count();
        if !(8..=REQUEST_ID_MAX).contains(&length) {
            return Err(Refused::BadRequest("request_id must have 8 to 64 characters".to_owned()));
        }
        if request.reason.chars().count() > REASON_MAX {
            return Err(Refused::BadRequest("reason must have at most 200 characters".to_owned()));
        }
        if request.lease.as_ref().is_some_and(|holder| !lease::is_holder(holder)) {
            return Err(Refused::BadRequest("lease must have 8 to 64 characters".to_owned()));
        }
        Ok(request)
    }
}

/// `PUT /member-card/v1/settings/acquisition-mode`
async fn set_mode(State(platform): State<Arc<Platform>>, request: Request) -> Result<Response, Refused> {
    let key = key(request.headers())?;
    let has_effect = request.extensions().get::<Fault>() != Some(&Fault::NoEffect);
    let body = axum::body::to_bytes(request.into_body(), BODY_MAX).await;
    let body = body.map_err(|_| Refused::BadRequest("the body is too large".to_owned()))?;
    let answer = platform
        .write(move |connection, _, now| {
            let Some(shop) = shops::find_by_key(connection, &key)? else { return Ok(Err(Refused::BadKey)) };
            match ModeRequest::read(&body) {
                Ok(request) if has_effect => change_mode(connection, &shop, &request, now),
                Ok(request) => settings_answer(Shop { mode: request.acquisition_mode, ..shop }).map(Ok),
                Err(refused) => Ok(Err(refused)),
            }
        })
        .await??;
    Ok(json_answer(answer))
}

/// One request id makes one change, however often it is sent, and always gets the same answer.
fn change_mode(
    connection: &Connection,
    shop: &Shop,
    request: &ModeRequest,
    now: DateTime<Utc>,
) -> Stored<Result<String, Refused>> {
    if let Some(earlier) = shops::earlier_change(connection, &shop.app_id, &request.request_id)? {
        let same = earlier.mode == request.acquisition_mode;
        return Ok(if same { Ok(earlier.answer) } else { Err(Refused::RequestIdReused) });
    }
    if request.if_mode.is_some_and(|seen| seen != shop.mode) {
        return Ok(Err(Refused::ModeDiffers(shop.mode)));
    }
    if let Some(holder) = &request.lease {
        let held = leases::in_force(connection, &shop.app_id, now)?;
        if held.is_none_or(|lease| lease.holder != *holder) {
            return Ok(Err(Refused::LeaseLost));
        }
    }
    shops::set_mode(connection, shop, request.acquisition_mode, now)?;
    let changed = shops::find(connection, &shop.app_id)?.ok_or_else(|| invalid_row("a shop vanished"))?;
    let answer = settings_answer(changed)?;
    let log = (request.request_id.as_str(), answer.as_str());
    shops::log_mode(connection, &shop.app_id, request.acquisition_mode, &request.reason, Some(log), now)?;
    Ok(Ok(answer))
}

/// `GET /member-card/v1/wechat-usage`: the platform is an authorised third-party platform and passes WeChat's figures
/// on, word for word. Member-card mini-programs use quick verification.
async fn wechat_usage(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    answer(&platform, key(&headers)?, |connection, accounts, shop, now| {
        passed_on(connection, accounts, &shop.app_id, now).map(Ok)
    })
    .await
    .map(json_answer)
}

fn passed_on(
    connection: &Connection,
    accounts: &Accounts,
    app_id: &str,
    now: DateTime<Utc>,
) -> Stored<String> {
    if let Err(refused) = usage::knows(connection, app_id)? {
        let refused = refused.body(&ids::rid(now));
        return Ok(json!({ "as_of": beijing_text(now), "usage": refused }).to_string());
    }
    let capability = Capability::Quick;
    let usage = usage::usage(connection, accounts, app_id, capability, now)?;
    let average: Value = match usage::recent_average(connection, app_id, capability, now)? {
        Ok(average) => serde_json::to_value(average).map_err(invalid_row)?,
        Err(error) => error.body(&ids::rid(now)),
    };
    let usage = serde_json::to_value(usage).map_err(invalid_row)?;
    Ok(json!({ "as_of": beijing_text(now), "usage": usage, "average": average }).to_string())
}
