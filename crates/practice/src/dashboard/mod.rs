//! The start page and the page of each account: what there is, where it is, and how to bring things about by hand.
//!
//! For those who test the app, and for people who develop mini-programs and want to see 1400001 before they have used up
//! a thousand calls of their own.

mod account;
mod clock;
mod provider;
mod start;

use crate::platform::Platform;
use axum::Router;
use axum::routing::{get, post};
use std::sync::Arc;

pub(crate) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/", get(start::page))
        .route("/practice/clock", post(clock::clock))
        .route("/practice/provider", get(provider::page))
        .route("/practice/provider/secret", post(provider::secret))
        .route("/practice/provider/order", post(provider::order))
        .route("/practice/account/{app_id}", get(account::page))
        .route("/practice/account/{app_id}/customers", post(account::customers))
        .route("/practice/account/{app_id}/use-up", post(account::use_up))
        .route("/practice/account/{app_id}/traffic", post(account::traffic))
}
