//! What all pages share: the frame that says 体验环境, the stylesheet, and formats.
//!
//! Pages carry no script at all. Forms post and are answered by a redirect, except where something is shown only once.

mod format;
mod qr;

pub(crate) use format::{calls, calls_short, date_time, day, kind_name, money, subject_name};
pub(crate) use qr::code as qr_code;

use crate::platform::Platform;
use crate::store::error::StoreError;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};
use std::sync::Arc;

pub(crate) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/practice/assets/practice.css", get(stylesheet))
        .fallback(|| async { PageError::NotFound })
}

async fn stylesheet() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../assets/practice.css"))
        .into_response()
}

/// Why there is no page.
#[derive(Debug)]
pub(crate) enum PageError {
    NotFound,
    Store,
    /// Too many passwords at once.
    Busy,
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy,
            StoreError::Database(_)
            | StoreError::Billing(_)
            | StoreError::Invalid(_)
            | StoreError::Stopped => Self::Store,
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let (status, title, text) = match self {
            Self::NotFound => {
                (StatusCode::NOT_FOUND, "没有这个页面", "地址可能写错了，或者这个小程序、订单不存在。")
            }
            Self::Busy => {
                (StatusCode::SERVICE_UNAVAILABLE, "系统繁忙", "同时核对密码的请求太多，请过几秒再试。")
            }
            Self::Store => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "暂时读不到数据",
                "刚才的操作没有生效，也没有扣费。请稍后再试。",
            ),
        };
        let content = html! {
            main class="narrow" {
                h1 { (title) }
                p role="alert" data-testid="page.error" { (text) }
                p { a class="button" href="/" { "回到体验环境首页" } }
            }
        };
        (status, document(title, "plain", content)).into_response()
    }
}

pub(crate) type Page = Result<Response, PageError>;

/// One page: the band on top, then the content. `kind` is the class of the body.
pub(crate) fn document(title: &str, kind: &str, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · 体验环境" }
                link rel="stylesheet" href="/practice/assets/practice.css";
            }
            body class=(kind) {
                div class="band" data-testid="practice.band" {
                    strong { "体验环境" }
                    span { "模拟的微信平台，不联网、不扣钱" }
                }
                (content)
            }
        }
    }
}

/// A drawn phone with a mini-program open in it.
pub(crate) fn phone_frame(title: &str, screen: Markup) -> Markup {
    html! {
        div class="phone" aria-label=(title) {
            (status_bar())
            header class="phone-bar" {
                strong { (title) }
                span class="capsule" aria-hidden="true" { i {} i {} i {} b {} }
            }
            (screen)
        }
    }
}

/// Decoration, as are its hands: no phone shows practice time.
fn status_bar() -> Markup {
    html! { div class="status-bar" aria-hidden="true" { span { "9:41" } span class="signal" { i {} i {} i {} b {} } } }
}

/// A page inside a drawn phone.
pub(crate) fn phone(title: &str, screen: Markup) -> Markup {
    document(
        title,
        "on-phone",
        html! {
            main class="phone" aria-label=(title) { (status_bar()) (screen) }
            p class="phone-foot" { a href="/" { "体验环境首页" } }
        },
    )
}

/// A form that was refused keeps what was typed and says why.
pub(crate) fn refusal(text: Option<&str>) -> Markup {
    html! {
        @if let Some(text) = text {
            p class="message danger" role="alert" data-testid="page.error" { (text) }
        }
    }
}

/// Something went well.
pub(crate) fn notice(text: Option<&str>) -> Markup {
    html! {
        @if let Some(text) = text {
            p class="message good" role="status" data-testid="page.notice" { (text) }
        }
    }
}

/// A page that answers a refused form.
pub(crate) fn refused(page: Markup) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

/// Continues at another page, with a GET.
pub(crate) fn go_to(address: &str) -> Response {
    axum::response::Redirect::to(address).into_response()
}
