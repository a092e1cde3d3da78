//! 小程序助手: search or scan → the mini-program → its name at the top left → 登录邮箱 and 登录密码 → save **S3**.

use crate::console::password;
use crate::ids;
use crate::model::Program;
use crate::pages::{Page, PageError, go_to, phone, qr_code, refusal, refused, subject_name};
use crate::platform::Platform;
use crate::store::programs::{self, EmailTaken};
use crate::store::sessions;
use axum::extract::{Form, Path, Query, State};
use axum::response::IntoResponse;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// The helper's names over the years **W**.
const NAMES: [&str; 3] = ["小程序助手", "小程序开发助手", "开发者助手"];

fn bar(title: &str, back: Option<&str>) -> Markup {
    html! {
        header class="phone-bar" {
            @if let Some(back) = back { a class="back" href=(back) aria-label="返回" { "‹" } }
            strong { (title) }
        }
    }
}

fn search_form(typed: &str) -> Markup {
    html! {
        form class="search" method="get" action="/practice/phone/search" role="search" {
            label class="visually-hidden" for="q" { "搜索小程序" }
            input id="q" name="q" type="search" placeholder="搜索小程序" value=(typed) required data-testid="helper.search";
            button data-testid="helper.search_go" { "搜索" }
        }
    }
}

/// WeChat's own first page: search and scan.
pub(crate) async fn wechat() -> Page {
    let screen = html! {
        (bar("微信", None))
        div class="screen" {
            (search_form(""))
            a class="row" href="/practice/phone/scan" data-testid="helper.scan" {
                span { "扫一扫" } span class="muted" { "扫「小程序助手」的小程序码" }
            }
            p class="hint" { "在上面搜索「小程序助手」，或者用扫一扫打开它。" }
        }
    };
    Ok(phone("管理员的手机", screen).into_response())
}

#[derive(Debug, Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
}

/// What the search finds: the helper, if the words fit one of its names.
pub(crate) async fn search(Query(search): Query<Search>) -> Page {
    let typed = search.q.trim();
    let found = !typed.is_empty() && NAMES.iter().any(|name| name.contains(typed) || typed.contains(name));
    let screen = html! {
        (bar("搜索", Some("/practice/phone")))
        div class="screen" {
            (search_form(typed))
            @if found {
                a class="row" href="/practice/phone/helper" data-testid="helper.result" {
                    span { "小程序助手" } span class="muted" { "小程序 · 微信官方" }
                }
            } @else {
                p class="hint" data-testid="helper.no_result" { "没有找到。请搜索「小程序助手」。" }
            }
        }
    };
    Ok(phone("搜索小程序", screen).into_response())
}

/// The simulated scan.
pub(crate) async fn scan() -> Page {
    let screen = html! {
        (bar("扫一扫", Some("/practice/phone")))
        div class="screen centre" {
            (qr_code("helper"))
            a class="button primary wide" href="/practice/phone/helper" data-testid="helper.scan_code" { "对准小程序码（模拟）" }
        }
    };
    Ok(phone("扫一扫", screen).into_response())
}

/// Mini-programs shown at once; the others are found by name.
const SHOWN: u32 = 20;

/// The mini-programs this administrator looks after.
pub(crate) async fn list(State(platform): State<Arc<Platform>>, Query(search): Query<Search>) -> Page {
    let asked = search.q.trim().to_owned();
    let (programs, found) =
        platform.read(move |connection, _, _| programs::search(connection, &asked, 0, SHOWN)).await?;
    let screen = html! {
        (bar("小程序助手", Some("/practice/phone")))
        div class="screen" {
            @if found > SHOWN || !search.q.is_empty() {
                form class="search" method="get" action="/practice/phone/helper" role="search" {
                    label class="visually-hidden" for="q" { "小程序名称" }
                    input id="q" name="q" type="search" placeholder="小程序名称" value=(search.q) data-testid="helper.filter";
                    button { "查找" }
                }
            }
            p class="hint" { "选择要管理的小程序" @if found > SHOWN { "（共 " (found) " 个，这里是前 " (SHOWN) " 个）" } }
            @for program in &programs {
                a class="row" href=(home(&program.app_id)) data-testid={ "helper.program." (program.app_id) } {
                    span { (program.name) } span class="muted" { (subject_name(program.subject)) }
                }
            }
        }
    };
    Ok(phone("小程序助手", screen).into_response())
}

fn home(app_id: &str) -> String {
    format!("/practice/phone/helper/{app_id}")
}

async fn find(platform: &Platform, app_id: String) -> Result<Program, PageError> {
    let found = platform.read(move |connection, _, _| programs::find(connection, &app_id)).await?;
    found.ok_or(PageError::NotFound)
}

/// One mini-program: its name at the top left leads to its settings.
pub(crate) async fn program(State(platform): State<Arc<Platform>>, Path(app_id): Path<String>) -> Page {
    let program = find(&platform, app_id).await?;
    let here = home(&program.app_id);
    let screen = html! {
        header class="phone-bar" {
            a class="back" href="/practice/phone/helper" aria-label="返回" { "‹" }
            a class="bar-name" href={ (here) "/settings" } data-testid="helper.name" { (program.name) " ›" }
        }
        div class="screen" {
            ul class="tiles" {
                li { "版本查看" } li { "成员管理" } li { "数据分析" } li { "性能监控" } li { "消息通知" }
            }
            p class="hint" { "点左上方的小程序名称，进入设置。" }
        }
    };
    Ok(phone(&program.name, screen).into_response())
}

#[derive(Debug, Deserialize)]
pub(crate) struct After {
    saved: Option<String>,
}

/// 小程序设置
pub(crate) async fn settings(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Query(after): Query<After>,
) -> Page {
    let program = find(&platform, app_id).await?;
    let here = home(&program.app_id);
    let set = program.login_email_hash.is_some();
    let saved =
        (after.saved.is_some() && set).then_some("已保存。现在可以用这个邮箱和密码登录微信公众平台。");
    let screen = html! {
        (bar("小程序设置", Some(&here)))
        div class="screen" {
            @if let Some(saved) = saved {
                p class="message good" role="status" data-testid="helper.saved" { (saved) }
            }
            dl class="facts" {
                dt { "名称" } dd { (program.name) }
                dt { "主体类型" } dd { (subject_name(program.subject)) }
                dt { "AppID" } dd { code { (program.app_id) } }
            }
            a class="row" href={ (here) "/login" } data-testid="helper.login" {
                span { "登录邮箱 / 登录密码" }
                span class="muted" data-testid="helper.email_shown" { (if set { "已设置" } else { "未设置" }) }
            }
        }
    };
    Ok(phone("小程序设置", screen).into_response())
}

/// The form for the login e-mail and password.
pub(crate) async fn login(State(platform): State<Arc<Platform>>, Path(app_id): Path<String>) -> Page {
    let program = find(&platform, app_id).await?;
    let email = ids::made_up_email(&program.app_id);
    Ok(login_form(&program, &email, None).into_response())
}

fn login_form(program: &Program, email: &str, why: Option<&str>) -> Markup {
    let here = home(&program.app_id);
    let screen = html! {
        (bar("登录邮箱和密码", Some(&format!("{here}/settings"))))
        div class="screen" {
            (refusal(why))
            form method="post" action={ (here) "/login" } {
                label for="email" { "登录邮箱" }
                input id="email" name="email" type="text" inputmode="email" autocomplete="off" value=(email) required data-testid="helper.email";
                p class="muted" { "这里是体验环境，用编造的邮箱就行。真实的邮箱不能是其他公众号、小程序或个人微信已经用过的。" }
                label for="password" { "登录密码" }
                input id="password" name="password" type="password" autocomplete="new-password" required data-testid="helper.password";
                p class="muted" { "8 到 64 位，同时有字母和数字（或符号）。" }
                button class="primary wide" data-testid="helper.save" { "保存" }
            }
        }
    };
    phone("登录邮箱和密码", screen)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Login {
    email: String,
    password: String,
}

/// Saves both. Whoever was signed in with the old password is signed out.
pub(crate) async fn save(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Form(form): Form<Login>,
) -> Page {
    let program = find(&platform, app_id).await?;
    let email = form.email.trim().to_owned();
    let objection = password::email_objection(&email).or_else(|| password::objection(&form.password));
    if let Some(why) = objection {
        return Ok(refused(login_form(&program, &email, Some(why))));
    }
    let hash = platform.hashing.hash(form.password).await?;
    let (app_id, asked) = (program.app_id.clone(), email.clone());
    let saved = platform
        .write(move |connection, _, _| {
            let saved = programs::set_login(connection, &app_id, &asked, &hash)?;
            if saved.is_ok() {
                sessions::end_all(connection, &app_id)?;
                sessions::forget_failures(connection, &asked)?;
            }
            Ok(saved)
        })
        .await?;
    if saved == Err(EmailTaken) {
        let why = Some("这个邮箱已经是另一个帐号的登录邮箱，请换一个。");
        return Ok(refused(login_form(&program, &email, why)));
    }
    Ok(go_to(&format!("{}/settings?saved=1", home(&program.app_id))))
}
