//! The back office page of the member-card platform: 会员卡设置 **S3**.

use crate::ids;
use crate::pages::{Page, PageError, calls, date_time, document, go_to, notice};
use crate::platform::Platform;
use crate::store::shops::{self, Mode, ModeChange, Shop, SignUp};
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

pub(crate) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/practice/card-office/{app_id}", get(page))
        .route("/practice/card-office/{app_id}/mode", post(save_mode))
        .route("/practice/card-office/{app_id}/key", post(generate_key))
}

/// Sign-ups on the page.
const SIGN_UPS_SHOWN: u32 = 20;

#[derive(Debug)]
struct View {
    shop: Shop,
    sign_ups: Vec<SignUp>,
    changes: Vec<ModeChange>,
}

async fn view(platform: &Platform, app_id: String) -> Result<View, PageError> {
    let found = platform
        .read(move |connection, _, _| {
            let Some(shop) = shops::find(connection, &app_id)? else { return Ok(None) };
            let sign_ups = shops::sign_ups(connection, &app_id, SIGN_UPS_SHOWN)?;
            Ok(Some(View { shop, sign_ups, changes: shops::mode_changes(connection, &app_id)? }))
        })
        .await?;
    found.ok_or(PageError::NotFound)
}

#[derive(Debug, Deserialize)]
struct After {
    saved: Option<String>,
}

async fn page(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Query(after): Query<After>,
) -> Page {
    let view = view(&platform, app_id).await?;
    let saved = after.saved.map(|_| "已保存，从下一位顾客起生效。");
    Ok(office(&view, None, saved).into_response())
}

const fn mode_name(mode: Mode) -> &'static str {
    match mode {
        Mode::Authorized => "授权获取",
        Mode::Manual => "会员手动输入",
    }
}

fn office(view: &View, key: Option<&str>, saved: Option<&str>) -> Markup {
    let shop = &view.shop;
    let here = format!("/practice/card-office/{}", shop.app_id);
    let figures = [
        ("会员授权数", calls(shop.card_quota), "office.quota"),
        ("已发放", calls(shop.cards_issued), "office.issued"),
        ("剩余数", calls(shop.cards_remaining()), "office.remaining"),
        ("短信余额", calls(shop.sms_balance), "office.sms"),
    ];
    let content = html! {
        header class="top" { strong { "会员卡平台" } span class="who" { (shop.name) } }
        main class="narrow wide-narrow" {
            h1 { "会员卡设置" }
            (notice(saved))
            section class="card" {
                dl class="figures" {
                    @for (name, figure, id) in figures { div { dt { (name) } dd data-testid=(id) { (figure) } } }
                }
            }
            (mode_card(shop, &here))
            (key_card(shop, &here, key))
            section class="card" { h2 { "最近领卡" } (sign_up_table(&view.sign_ups)) }
            section class="card" { h2 { "获取方式的变更" } (change_table(&view.changes)) }
        }
    };
    document("会员卡设置", "console", content)
}

fn mode_card(shop: &Shop, here: &str) -> Markup {
    let choice = |mode: Mode, text: &str, id: &str| {
        html! {
            label class="check" {
                input type="radio" name="mode" value=(mode.text()) checked[shop.mode == mode] data-testid=(id);
                span { (mode_name(mode)) small { (text) } }
            }
        }
    };
    html! {
        section class="card" {
            h2 { "申领会员卡时手机号码获取方式" }
            p { "现在是：" strong data-testid="office.mode" data-mode=(shop.mode.text()) { (mode_name(shop.mode)) }
                span class="muted" { "（" (date_time(shop.mode_changed_at)) " 起）" } }
            form method="post" action={ (here) "/mode" } {
                fieldset {
                    legend class="visually-hidden" { "获取方式" }
                    (choice(Mode::Authorized, "微信验证过的号码，每次授权由微信收费", "office.mode.authorized"))
                    (choice(Mode::Manual, "不收费，但不能保证号码真实有效", "office.mode.manual"))
                }
                button class="primary" data-testid="office.mode.save" { "保存获取方式" }
            }
        }
    }
}

fn key_card(shop: &Shop, here: &str, key: Option<&str>) -> Markup {
    html! {
        section class="card" {
            h2 { "接口密钥" }
            p data-testid="office.key_state" { @if shop.has_key { "已生成" } @else { "未生成" } }
            @if let Some(key) = key {
                div class="message warn" role="status" {
                    p { "请现在就保存密钥，关闭后不再显示。" }
                    p { code class="secret" data-testid="office.access_key" { (key) } }
                    p { a class="button" href=(here) { "我已保存" } }
                }
            } @else {
                @if shop.has_key { p class="muted" { "重新生成后，旧密钥立刻失效。" } }
                form method="post" action={ (here) "/key" } {
                    button data-testid="office.generate_key" { @if shop.has_key { "重新生成" } @else { "生成" } }
                }
            }
        }
    }
}

fn sign_up_table(sign_ups: &[SignUp]) -> Markup {
    html! {
        @if sign_ups.is_empty() { p class="muted" data-testid="office.signups" { "还没有人领卡。" } }
        @else {
            div class="scroll" {
                table data-testid="office.signups" {
                    thead { tr { th scope="col" { "时间" } th scope="col" { "手机号" } th scope="col" { "方式" } th scope="col" { "卡号" } } }
                    tbody {
                        @for each in sign_ups {
                            tr {
                                td { (date_time(each.at)) }
                                td { (each.phone.as_deref().unwrap_or("没有取到")) }
                                td { (mode_name(each.way)) }
                                td { (each.card_number.as_deref().unwrap_or("–")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn change_table(changes: &[ModeChange]) -> Markup {
    html! {
        @if changes.is_empty() { p class="muted" data-testid="office.changes" { "还没有变更。" } }
        @else {
            div class="scroll" {
                table data-testid="office.changes" {
                    thead { tr { th scope="col" { "时间" } th scope="col" { "改为" } th scope="col" { "由谁" } th scope="col" { "原因" } } }
                    tbody {
                        @for each in changes {
                            tr {
                                td { (date_time(each.at)) }
                                td { (mode_name(each.mode)) }
                                td { @if each.by_interface { "接口" } @else { "后台" } }
                                td { (each.reason) }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[derive(Debug, Deserialize)]
struct ModeForm {
    mode: Mode,
}

async fn save_mode(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Form(form): Form<ModeForm>,
) -> Page {
    let asked = app_id.clone();
    let saved = platform
        .write(move |connection, _, now| {
            let Some(shop) = shops::find(connection, &asked)? else { return Ok(None) };
            if shop.mode != form.mode {
                shops::set_mode(connection, &shop, form.mode, now)?;
                shops::log_mode(connection, &asked, form.mode, "", None, now)?;
            }
            Ok(Some(()))
        })
        .await?;
    saved.ok_or(PageError::NotFound)?;
    Ok(go_to(&format!("/practice/card-office/{app_id}?saved=1")))
}

/// Makes a new key. This very answer is the only place where it is ever shown.
async fn generate_key(State(platform): State<Arc<Platform>>, Path(app_id): Path<String>) -> Page {
    let key = ids::access_key();
    let (asked, new) = (app_id.clone(), key.clone());
    platform
        .write(move |connection, _, _| match shops::find(connection, &asked)? {
            Some(_) => shops::set_key(connection, &asked, &new),
            None => Ok(()),
        })
        .await?;
    let view = view(&platform, app_id).await?;
    Ok(office(&view, Some(&key), None).into_response())
}
