//! Phones: the administrator's with 小程序助手 on it, and the customers' with the shop's claim page.

mod claim;
mod claim_view;
mod helper;
mod number;
mod shim;

use crate::platform::Platform;
use axum::Router;
use axum::routing::{get, post};
use std::sync::Arc;

pub(crate) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/practice/phone", get(helper::wechat))
        .route("/practice/phone/search", get(helper::search))
        .route("/practice/phone/scan", get(helper::scan))
        .route("/practice/phone/helper", get(helper::list))
        .route("/practice/phone/helper/{app_id}", get(helper::program))
        .route("/practice/phone/helper/{app_id}/settings", get(helper::settings))
        .route("/practice/phone/helper/{app_id}/login", get(helper::login).post(helper::save))
        .route("/practice/claim/{app_id}", get(claim::page))
        .route("/practice/claim/{app_id}/tap", post(claim::tap))
        .route("/practice/claim/{app_id}/answer", post(claim::answer))
        .route("/practice/claim/{app_id}/number", post(claim::number))
        .route("/practice/claim/{app_id}/condition", post(claim::set_condition))
        .route("/practice/component/{app_id}", post(shim::press))
}
