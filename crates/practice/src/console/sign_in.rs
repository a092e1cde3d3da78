//! Signing in: e-mail and password followed by a scan, or a scan only and choosing the mini-program **S3**.

use super::session::{HOME, cookie, go_with_cookie, safe_redirect, stage, with_redirect};
use crate::pages::{Page, PageError, date_time, document, go_to, qr_code, refusal, refused};
use crate::platform::Platform;
use crate::store::programs;
use crate::store::sessions::{self, Stage};
use axum::extract::{Form, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    redirect_url: Option<String>,
    /// What the account picker is asked for.
    q: Option<String>,
}

/// Accounts shown at once; the others are found by name.
const CHOICES: u32 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Credentials {
    account: String,
    password: String,
    redirect_url: Option<String>,
}

/// The sign-in page. Whoever is signed in goes on at once.
pub(crate) async fn page(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Page {
    let redirect = safe_redirect(wanted.redirect_url.as_deref());
    if let Some(Stage::SignedIn(_)) = stage(&platform, &headers).await? {
        return Ok(go_to(redirect));
    }
    Ok(sign_in_page(redirect, "", None).into_response())
}

fn sign_in_page(redirect: &str, account: &str, why: Option<&str>) -> Markup {
    let content = html! {
        header class="top" { strong { "微信公众平台" } }
        main class="sign-in" {
            section class="card" aria-labelledby="by-scan" {
                h1 id="by-scan" { "扫码登录" }
                (qr_code("sign in"))
                p class="muted" { "请小程序管理员用微信扫码，然后选择要登录的小程序。" }
                form method="post" action="/cgi-bin/scan" {
                    input type="hidden" name="redirect_url" value=(redirect);
                    button class="wide" data-testid="console.scan" { "管理员扫码（模拟）" }
                }
            }
            section class="card" aria-labelledby="by-password" {
                h1 id="by-password" { "使用帐号登录" }
                (refusal(why))
                form method="post" action="/cgi-bin/bizlogin" {
                    input type="hidden" name="redirect_url" value=(redirect);
                    label for="account" { "登录邮箱" }
                    input id="account" name="account" type="text" inputmode="email" autocomplete="username" required
                        value=(account) data-testid="console.account";
                    label for="password" { "登录密码" }
                    input id="password" name="password" type="password" autocomplete="current-password" required
                        data-testid="console.password";
                    button class="primary wide" data-testid="console.signin" { "登录" }
                }
                p class="muted" { "还没有邮箱和密码？小程序管理员可以在「小程序助手」里设置。" }
            }
        }
    };
    document("微信公众平台登录", "console", content)
}

/// E-mail and password. Right ones lead to the scan; wrong ones are counted.
pub(crate) async fn by_password(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    Form(form): Form<Credentials>,
) -> Page {
    let redirect = safe_redirect(form.redirect_url.as_deref()).to_owned();
    let account = form.account.trim().to_owned();
    let asked = account.clone();
    let (wait, program) = platform
        .read(move |connection, _, now| {
            let wait = sessions::wait_until(connection, &asked, now)?;
            Ok((wait, programs::find_by_email(connection, &asked)?))
        })
        .await?;
    if let Some(until) = wait {
        let why = format!(
            "密码输错次数太多，请等到 {} 再试。忘记密码可以在「小程序助手」里重新设置。",
            date_time(until)
        );
        return Ok(refused(sign_in_page(&redirect, &account, Some(&why))));
    }
    let stored = program.as_ref().and_then(|program| program.password_hash.clone());
    let right = platform.hashing.verify(form.password, stored).await?;
    let Some(program) = program.filter(|_| right) else {
        let tried = account.clone();
        let left = platform
            .write(move |connection, _, now| sessions::count_failure(connection, &tried, now))
            .await?;
        let why = if left == 0 {
            "邮箱或密码不对。试的次数太多，请 15 分钟后再来。".to_owned()
        } else {
            format!("邮箱或密码不对，请重新输入（还可以试 {left} 次）。")
        };
        return Ok(refused(sign_in_page(&redirect, &account, Some(&why))));
    };
    let before = cookie(&headers);
    let id = platform
        .write(move |connection, _, _| {
            sessions::forget_failures(connection, &account)?;
            sessions::begin(connection, before.as_deref(), &Stage::Password(program.app_id))
        })
        .await?;
    Ok(go_with_cookie(&with_redirect("/cgi-bin/loginauth", &redirect), &id))
}

/// The scan that follows the password.
pub(crate) async fn confirm_page(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Page {
    let redirect = safe_redirect(wanted.redirect_url.as_deref());
    let Some(Stage::Password(app_id)) = stage(&platform, &headers).await? else {
        return Ok(go_to(&with_redirect("/cgi-bin/loginpage", redirect)));
    };
    let program = platform.read(move |connection, _, _| programs::find(connection, &app_id)).await?;
    let name = program.ok_or(PageError::NotFound)?.name;
    let content = html! {
        header class="top" { strong { "微信公众平台" } }
        main class="sign-in single" {
            section class="card" {
                h1 { "登录验证" }
                p { "为保障帐号安全，请「" (name) "」的管理员用微信扫码确认登录。" }
                (qr_code("confirm"))
                form method="post" action="/cgi-bin/scan" {
                    input type="hidden" name="redirect_url" value=(redirect);
                    button class="primary wide" data-testid="console.scan" { "管理员扫码（模拟）" }
                }
            }
        }
    };
    Ok(document("登录验证", "console", content).into_response())
}

/// The simulated scan: after the password it signs in; without one it leads to the choice of the mini-program.
pub(crate) async fn scan(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    Form(wanted): Form<Wanted>,
) -> Page {
    let redirect = safe_redirect(wanted.redirect_url.as_deref()).to_owned();
    let before = cookie(&headers);
    let next = match stage(&platform, &headers).await? {
        Some(Stage::Password(app_id)) => Stage::SignedIn(app_id),
        Some(Stage::Scanned | Stage::SignedIn(_)) | None => Stage::Scanned,
    };
    let address = match &next {
        Stage::SignedIn(_) => redirect,
        Stage::Scanned | Stage::Password(_) => with_redirect("/cgi-bin/chooseaccount", &redirect),
    };
    let id =
        platform.write(move |connection, _, _| sessions::begin(connection, before.as_deref(), &next)).await?;
    Ok(go_with_cookie(&address, &id))
}

/// 选择帐号登录 **S3**
pub(crate) async fn choose_page(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Page {
    let redirect = safe_redirect(wanted.redirect_url.as_deref());
    if stage(&platform, &headers).await? != Some(Stage::Scanned) {
        return Ok(go_to(&with_redirect("/cgi-bin/loginpage", redirect)));
    }
    let text = wanted.q.clone().unwrap_or_default();
    let asked = text.trim().to_owned();
    let (programs, found) =
        platform.read(move |connection, _, _| programs::search(connection, &asked, 0, CHOICES)).await?;
    let content = html! {
        header class="top" { strong { "微信公众平台" } }
        main class="sign-in single" {
            section class="card" {
                h1 { "选择帐号登录" }
                p class="muted" { "选择小程序登录" }
                @if found > CHOICES || !text.is_empty() {
                    form class="search" method="get" action="/cgi-bin/chooseaccount" role="search" {
                        input type="hidden" name="redirect_url" value=(redirect);
                        label class="visually-hidden" for="q" { "名称或 AppID" }
                        input id="q" name="q" type="search" placeholder="名称或 AppID" value=(text) data-testid="console.choose_search";
                        button { "查找" }
                    }
                    p class="muted" { "共 " (found) " 个" @if found > CHOICES { "，这里是前 " (CHOICES) " 个" } }
                }
                ul class="choices" {
                    @for program in &programs {
                        @let ready = program.login_email_hash.is_some();
                        li {
                            form method="post" action="/cgi-bin/chooseaccount" {
                                input type="hidden" name="redirect_url" value=(redirect);
                                input type="hidden" name="app_id" value=(program.app_id);
                                button class="choice" disabled[!ready]
                                    data-testid={ "console.choose." (program.app_id) } { (program.name) }
                            }
                            @if !ready {
                                p class="muted" data-testid={ "console.choose_reason." (program.app_id) } {
                                    "还没有设置登录邮箱和密码，请先到「小程序助手」设置。"
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(document("选择帐号登录", "console", content).into_response())
}

#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    #[serde(default)]
    app_id: String,
    redirect_url: Option<String>,
}

/// Signs in to the chosen mini-program. One without a login e-mail cannot be chosen **S3**.
pub(crate) async fn choose(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Page {
    let redirect = safe_redirect(choice.redirect_url.as_deref()).to_owned();
    if stage(&platform, &headers).await? != Some(Stage::Scanned) {
        return Ok(go_to(&with_redirect("/cgi-bin/loginpage", &redirect)));
    }
    let before = cookie(&headers);
    let id = platform
        .write(move |connection, _, _| {
            let program = programs::find(connection, &choice.app_id)?;
            let Some(program) = program.filter(|program| program.login_email_hash.is_some()) else {
                return Ok(None);
            };
            sessions::begin(connection, before.as_deref(), &Stage::SignedIn(program.app_id)).map(Some)
        })
        .await?;
    Ok(match id {
        Some(id) => go_with_cookie(&redirect, &id),
        None => go_to(&with_redirect("/cgi-bin/chooseaccount", &redirect)),
    })
}

/// Signs out.
pub(crate) async fn sign_out(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    if let Some(id) = cookie(&headers) {
        platform.write(move |connection, _, _| sessions::end(connection, &id)).await?;
    }
    Ok(go_with_cookie(&with_redirect("/cgi-bin/loginpage", HOME), ""))
}
