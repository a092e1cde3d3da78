//! What a provider does in its own console: ordering in bulk. And how it is related to mini-programs.

use super::guard::{Admin, Answer, Body, Refused};
use crate::catalogue;
use crate::model::Kind;
use crate::platform::Platform;
use crate::store::bulk;
use crate::store::credentials;
use axum::Router;
use axum::extract::{Json, State};
use axum::routing::{post, put};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/practice/admin/bulk-orders", post(order))
        .route("/practice/admin/relations", put(relate))
}

const fn yes() -> bool {
    true
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderRequest {
    provider: String,
    sku_id: u64,
    count: u64,
    #[serde(default = "yes")]
    paid: bool,
    #[serde(default)]
    invoice: bool,
}

/// Most packs of one order.
const PACKS_MAX: u64 = 1_000;

async fn order(_: Admin, State(platform): State<Arc<Platform>>, body: Body<OrderRequest>) -> Answer {
    let Json(OrderRequest { provider, sku_id, count, paid, invoice }) = body?;
    let pack = catalogue::wholesale(sku_id);
    let pack = pack.ok_or_else(|| Refused::Bad(format!("{sku_id} is no wholesale pack")))?;
    if !(1..=PACKS_MAX).contains(&count) {
        return Err(Refused::Bad(format!("count must be 1 to {PACKS_MAX}")));
    }
    let placed = platform
        .write(move |connection, _, now| {
            let known = credentials::find(connection, &provider)?;
            if known.is_none_or(|known| known.kind != Kind::Provider) {
                return Ok(None);
            }
            bulk::place(connection, &provider, &pack, count, (paid, invoice), now).map(Some)
        })
        .await?;
    let id = placed.ok_or_else(|| Refused::Bad("there is no such provider".to_owned()))?;
    Ok(Json(json!({ "order_id": id })))
}

/// Why a provider may allocate to a mini-program **C**.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Way {
    CustomTicket,
    SameSubject,
    OpenPlatform,
}

impl Way {
    const fn word(self) -> &'static str {
        match self {
            Self::CustomTicket => "custom_ticket",
            Self::SameSubject => "same_subject",
            Self::OpenPlatform => "open_platform",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RelationRequest {
    provider: String,
    app_id: String,
    way: Option<Way>,
}

async fn relate(_: Admin, State(platform): State<Arc<Platform>>, body: Body<RelationRequest>) -> Answer {
    let Json(RelationRequest { provider, app_id, way }) = body?;
    let related = platform
        .write(move |connection, _, _| {
            let known = credentials::find(connection, &provider)?;
            if known.is_none_or(|known| known.kind != Kind::Provider) {
                return Ok(false);
            }
            bulk::set_relation(connection, &provider, &app_id, way.map(Way::word))?;
            Ok(true)
        })
        .await?;
    if related { Ok(Json(json!({}))) } else { Err(Refused::Bad("there is no such provider".to_owned())) }
}
