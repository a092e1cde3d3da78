//! What all pages share: the frame that says 体验环境, the stylesheet, formats, and the start page.
//!
//! Pages carry no script at all. Forms post and are answered by a redirect, except where something is shown only once.

mod format;
mod qr;

pub(crate) use format::{calls, calls_short, date_time, day, masked, money, subject_name};
pub(crate) use qr::code as qr_code;

use crate::platform::Platform;
use crate::store::{StoreError, programs};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};
use std::sync::Arc;

pub(crate) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/", get(start))
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
}

impl From<StoreError> for PageError {
    fn from(_: StoreError) -> Self {
        Self::Store
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let (status, title, text) = match self {
            Self::NotFound => {
                (StatusCode::NOT_FOUND, "没有这个页面", "地址可能写错了，或者这个小程序、订单不存在。")
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

async fn start(State(platform): State<Arc<Platform>>) -> Page {
    let (programs, now) = platform.read(|connection, _, now| Ok((programs::all(connection)?, now))).await?;
    let content = html! {
        main class="narrow" {
            h1 { "体验环境" }
            p {
                "这里是微信平台和会员卡平台的本地替身：规则和真实平台一样，但一切都发生在这台电脑上，不需要注册，也不花钱。"
            }
            p class="muted" { "体验环境里的时间：" (date_time(now)) "（北京时间）" }
            div class="card" {
                h2 { "管理员" }
                ul class="links" {
                    li {
                        a href="/practice/phone" data-testid="start.phone" { "管理员的手机" }
                        span class="muted" { "在「小程序助手」里设置登录邮箱和密码" }
                    }
                    li {
                        a href="/cgi-bin/loginpage?redirect_url=/wxamp/wxacharge" data-testid="start.console" { "微信公众平台" }
                        span class="muted" { "看用量、买资源包、生成 AppSecret" }
                    }
                }
            }
            @for program in &programs {
                div class="card" {
                    h2 { (program.name) }
                    p class="muted" { "AppID " code { (program.app_id) } " · " (subject_name(program.subject)) }
                    ul class="links" {
                        li {
                            a href={ "/practice/claim/" (program.app_id) } data-testid={ "start.claim." (program.app_id) } { "顾客的手机" }
                            span class="muted" { "免费领卡，看顾客遇到什么" }
                        }
                        li {
                            a href={ "/practice/card-office/" (program.app_id) } data-testid={ "start.office." (program.app_id) } { "会员卡后台" }
                            span class="muted" { "手机号码获取方式、接口密钥" }
                        }
                    }
                }
            }
        }
    };
    Ok(document("首页", "plain", content).into_response())
}
