//! Access tokens: `/cgi-bin/token` and `/cgi-bin/stable_token` **W**.

use super::{Answer, ApiError, Call, respond};
use crate::ids;
use crate::platform::Platform;
use crate::store::tokens::Token;
use crate::store::{Stored, programs, tokens};
use axum::extract::{Request, State};
use axum::response::Response;
use billing_core::time::beijing_day;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Calls of the stable interface in a minute and on a day **W**.
const MINUTE_LIMIT: u32 = 10_000;
const DAY_LIMIT: u32 = 500_000;

/// On success there is no `errcode` **W**.
#[derive(Debug, Serialize)]
pub(crate) struct TokenAnswer {
    access_token: String,
    expires_in: i64,
}

impl TokenAnswer {
    fn new(token: Token, now: DateTime<Utc>) -> Self {
        Self { access_token: token.text, expires_in: (token.expires_at - now).num_seconds() }
    }
}

/// How often each mini-program asked for a stable token.
#[derive(Debug, Default)]
pub(crate) struct Rate(Mutex<HashMap<String, Spent>>);

#[derive(Debug, Clone, Copy)]
struct Spent {
    minute: (i64, u32),
    day: (NaiveDate, u32),
}

impl Rate {
    fn count(&self, app_id: &str, now: DateTime<Utc>) -> Answer<()> {
        let (minute, day) = (now.timestamp() / 60, beijing_day(now));
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let spent = all.entry(app_id.to_owned()).or_insert(Spent { minute: (minute, 0), day: (day, 0) });
        if spent.minute.0 != minute {
            spent.minute = (minute, 0);
        }
        if spent.day.0 != day {
            spent.day = (day, 0);
        }
        if spent.day.1 >= DAY_LIMIT {
            return Err(day_limit());
        }
        if spent.minute.1 >= MINUTE_LIMIT {
            return Err(ApiError::new(
                45_011,
                "api minute-quota reach limit, must slower, retry next minute",
            ));
        }
        spent.minute.1 += 1;
        spent.day.1 += 1;
        Ok(())
    }
}

fn day_limit() -> ApiError {
    ApiError::new(45_009, "reach max api daily quota limit")
}

/// Who asks, as far as they say.
struct Asked {
    grant_type: Option<String>,
    app_id: Option<String>,
    secret: Option<String>,
}

/// Checks in the platform's order: grant type, AppID, secret.
fn check(connection: &Connection, asked: Asked) -> Stored<Answer<String>> {
    if asked.grant_type.as_deref() != Some("client_credential") {
        return Ok(Err(ApiError::new(40_002, "invalid grant_type")));
    }
    let Some(app_id) = asked.app_id else { return Ok(Err(ApiError::new(41_002, "appid missing"))) };
    let Some(secret) = asked.secret else { return Ok(Err(ApiError::new(41_004, "appsecret missing"))) };
    let Some(program) = programs::find(connection, &app_id)? else {
        return Ok(Err(ApiError::new(40_013, "invalid appid")));
    };
    // A mini-program whose AppSecret was never generated has none that could be right.
    let right = program.secret_hash.is_some_and(|stored| ids::matches(&secret, &stored));
    Ok(if right { Ok(app_id) } else { Err(ApiError::new(40_125, "invalid appsecret")) })
}

/// `GET /cgi-bin/token`
pub(crate) async fn plain(State(platform): State<Arc<Platform>>, request: Request) -> Response {
    respond(&platform, plain_answer(&platform, request).await)
}

async fn plain_answer(platform: &Platform, request: Request) -> Answer<TokenAnswer> {
    let call = Call::read(request).await?;
    call.must_get()?;
    let text = |name| call.parameter(name).map(str::to_owned);
    let asked = Asked { grant_type: text("grant_type"), app_id: text("appid"), secret: text("secret") };
    platform
        .write(move |connection, _, now| match check(connection, asked)? {
            Ok(app_id) => Ok(Ok(TokenAnswer::new(tokens::issue_plain(connection, &app_id, now)?, now))),
            Err(refused) => Ok(Err(refused)),
        })
        .await?
}

/// `POST /cgi-bin/stable_token`
pub(crate) async fn stable(State(platform): State<Arc<Platform>>, request: Request) -> Response {
    respond(&platform, stable_answer(&platform, request).await)
}

async fn stable_answer(platform: &Arc<Platform>, request: Request) -> Answer<TokenAnswer> {
    let call = Call::read(request).await?;
    call.must_post()?;
    let object = call.object()?;
    let text = |name| {
        let text = object.get(name).and_then(Value::as_str);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let asked = Asked { grant_type: text("grant_type"), app_id: text("appid"), secret: text("secret") };
    let force = match object.get("force_refresh") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(force)) => *force,
        Some(_) => return Err(ApiError::new(47_001, "data format error")),
    };
    let rates = Arc::clone(platform);
    platform
        .write(move |connection, _, now| {
            let app_id = match check(connection, asked)? {
                Ok(app_id) => app_id,
                Err(refused) => return Ok(Err(refused)),
            };
            if let Err(refused) = rates.token_rate.count(&app_id, now) {
                return Ok(Err(refused));
            }
            let token = if force {
                tokens::force(connection, &app_id, now)?.map_err(|tokens::TooManyForced| day_limit())
            } else {
                Ok(tokens::stable(connection, &app_id, now)?)
            };
            Ok(token.map(|token| TokenAnswer::new(token, now)))
        })
        .await?
}
