//! The console, `mp.weixin.qq.com`: signing in, 付费管理, 开发设置.

mod charge;
mod curve;
mod frame;
mod invoice;
mod order;
pub(crate) mod password;
mod payment;
mod profile;
mod session;
mod sign_in;
mod usage;

use crate::platform::Platform;
use axum::Router;
use axum::routing::{any, get, post};
use std::sync::Arc;

pub(crate) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/cgi-bin/loginpage", get(sign_in::page))
        .route("/cgi-bin/bizlogin", post(sign_in::by_password))
        .route("/cgi-bin/loginauth", get(sign_in::confirm_page))
        .route("/cgi-bin/scan", post(sign_in::scan))
        .route("/cgi-bin/chooseaccount", get(sign_in::choose_page).post(sign_in::choose))
        .route("/cgi-bin/logout", post(sign_in::sign_out))
        .route("/wxamp/wxacharge", get(charge::overview))
        .route("/wxamp/wxacharge/usage", get(usage::page))
        .route("/wxamp/wxacharge/buy", get(charge::buy))
        .route("/wxamp/wxacharge/order", post(charge::place))
        .route("/wxamp/wxacharge/orders", get(order::list))
        .route("/wxamp/wxacharge/order/{id}", get(order::page))
        .route("/wxamp/wxacharge/order/{id}/accept", post(payment::accept))
        .route("/wxamp/wxacharge/order/{id}/cancel", post(order::cancel))
        .route("/wxamp/wxacharge/order/{id}/pay", get(payment::page).post(payment::pay))
        .route("/wxamp/wxacharge/order/{id}/refund", get(order::refund_page).post(order::refund))
        .route("/wxamp/wxacharge/order/{id}/invoice", get(invoice::form).post(invoice::request))
        .route("/wxamp/wxacharge/invoices", get(invoice::list))
        .route("/wxamp/devprofile/get_profile", get(profile::page).post(profile::generate))
        // Any other address of the console is a page of its own after sign-in.
        .route("/wxamp/{*rest}", any(frame::unknown))
}
