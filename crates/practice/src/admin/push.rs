//! 消息推送配置: where an account's events go. And what became of them.

use super::guard::{Admin, Answer, Body, Refused};
use crate::platform::Platform;
use crate::push::address::{Address, Format, Mode};
use crate::push::{courier, watch};
use crate::store::{credentials, pushes};
use axum::Router;
use axum::extract::{Json, State};
use axum::routing::{get, put};
use billing_core::time::beijing_text;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/practice/admin/push", put(configure).delete(clear))
        .route("/practice/admin/pushes", get(list))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PushRequest {
    app_id: String,
    url: String,
    token: String,
    encoding_aes_key: Option<String>,
    mode: Mode,
    format: Format,
}

/// Checks the address as WeChat does, then uses it.
async fn configure(_: Admin, State(platform): State<Arc<Platform>>, body: Body<PushRequest>) -> Answer {
    let Json(PushRequest { app_id, url, token, encoding_aes_key, mode, format }) = body?;
    let address = Address::new(&url, token, encoding_aes_key.as_deref(), mode, format)
        .map_err(|bad| Refused::Bad(bad.to_string()))?;
    if !courier::verify(&address, platform.clock.now().timestamp()).await {
        return Err(Refused::Bad("the address did not send echostr back".to_owned()));
    }
    let known = platform
        .write(move |connection, accounts, now| {
            if credentials::find(connection, &app_id)?.is_none() {
                return Ok(false);
            }
            pushes::set_address(connection, &app_id, &address)?;
            // Records the present state, so that only later changes are announced.
            watch::scan(connection, accounts, now)?;
            Ok(true)
        })
        .await?;
    if known { Ok(Json(json!({}))) } else { Err(Refused::Bad("there is no such account".to_owned())) }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    app_id: String,
}

async fn clear(_: Admin, State(platform): State<Arc<Platform>>, body: Body<Account>) -> Answer {
    let Json(Account { app_id }) = body?;
    platform.write(move |connection, _, _| pushes::clear_address(connection, &app_id)).await?;
    Ok(Json(json!({})))
}

/// Most events shown.
const LATEST: u32 = 200;

async fn list(_: Admin, State(platform): State<Arc<Platform>>) -> Answer {
    let latest = platform.read(|connection, _, _| pushes::latest(connection, LATEST)).await?;
    let shown = |push: pushes::Shown| -> Value {
        json!({
            "app_id": push.app_id,
            "at": beijing_text(push.at),
            "event": push.event.get("Event"),
            "body": push.event.write(Format::Json),
            "tries": push.tries,
            "outcome": push.outcome,
        })
    };
    Ok(Json(latest.into_iter().map(shown).collect()))
}
