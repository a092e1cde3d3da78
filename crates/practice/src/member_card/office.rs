//! The back office page of the member-card platform: 会员卡设置 **S3**.

use crate::ids;
use crate::pages::{Page, PageError, calls, date_time, document, go_to, notice};
use crate::platform::Platform;
use crate::store::shops::{self, Mode, ModeChange, Refill, Shop};
use crate::store::sign_ups::{self, Counts, Outcome, Record};
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use billing_core::time::beijing_day;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

pub(crate) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/practice/card-office/{app_id}", get(page))
        .route("/practice/card-office/{app_id}/mode", post(save_mode))
        .route("/practice/card-office/{app_id}/key", post(generate_key))
        .route("/practice/card-office/{app_id}/refill", post(refill))
        .route("/practice/card-office/{app_id}/sign-ups", get(sign_ups_page))
}

/// Sign-ups on the first page, and on each page of all.
const SIGN_UPS_SHOWN: u32 = 8;
const SIGN_UPS_A_PAGE: u32 = 20;
/// Days of the summary.
const SUMMARY_DAYS: u16 = 30;

#[derive(Debug)]
struct View {
    shop: Shop,
    recent: Counts,
    sign_ups: Vec<Record>,
    changes: Vec<ModeChange>,
}

async fn view(platform: &Platform, app_id: String) -> Result<View, PageError> {
    let found = platform
        .read(move |connection, _, now| {
            let Some(shop) = shops::find(connection, &app_id)? else { return Ok(None) };
            let sign_ups = sign_ups::latest_before(connection, &app_id, i64::MAX, SIGN_UPS_SHOWN)?;
            let (_, recent) = sign_ups::statistics(connection, &app_id, beijing_day(now), SUMMARY_DAYS)?;
            let changes = shops::mode_changes(connection, &app_id)?;
            Ok(Some(View { shop, recent, sign_ups, changes }))
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
    let said = match after.saved.as_deref() {
        None => None,
        Some("refill") => Some("已充值。"),
        Some(_) => Some("已保存，从下一位顾客起生效。"),
    };
    Ok(office(&view, None, said).into_response())
}

fn head(shop: &Shop) -> Markup {
    html! {
        header class="top" {
            strong { "会员卡平台" }
            span class="who" { (shop.name) }
            a href="/" { "体验环境首页" }
        }
    }
}

fn office(view: &View, key: Option<&str>, saved: Option<&str>) -> Markup {
    let shop = &view.shop;
    let here = format!("/practice/card-office/{}", shop.app_id);
    let content = html! {
        (head(shop))
        main class="narrow wide-narrow" {
            h1 { "会员卡设置" }
            (notice(saved))
            (balances(shop, &here))
            (mode_card(shop, &here))
            section class="card" {
                div class="card-head" {
                    h2 { "领卡记录" }
                    a href={ (here) "/sign-ups" } data-testid="office.signups.all" { "查看全部" }
                }
                p class="muted" {
                    "最近 30 天：授权 " strong data-testid="office.recent.authorized" { (calls(view.recent.authorized)) }
                    " 次，手动输入 " strong data-testid="office.recent.manual" { (calls(view.recent.manual)) }
                    " 次，发卡 " (calls(view.recent.cards_issued)) " 张"
                    @if view.recent.numbers_not_fetched > 0 {
                        "，授权后没有取到号码 " (calls(view.recent.numbers_not_fetched)) " 次"
                    }
                    "。"
                }
                (sign_up_table(&view.sign_ups))
            }
            (key_card(shop, &here, key))
            section class="card" { h2 { "获取方式的变更" } (change_table(&view.changes)) }
        }
    };
    document("会员卡设置", "console", content)
}

fn balances(shop: &Shop, here: &str) -> Markup {
    let figures = [
        ("会员授权数", shop.card_quota, "office.quota", Some(("充 1,000 张", "cards"))),
        ("已发放", shop.cards_issued, "office.issued", None),
        ("剩余数", shop.cards_remaining(), "office.remaining", None),
        ("短信余额", shop.sms_balance, "office.sms", Some(("充 100 条", "sms"))),
    ];
    html! {
        section class="card" {
            div class="figures" {
                @for (name, figure, id, refill) in figures {
                    div {
                        p class="figure-name" { (name) }
                        p class="figure" data-testid=(id) { (calls(figure)) }
                        @if let Some((text, word)) = refill {
                            form method="post" action={ (here) "/refill" } {
                                input type="hidden" name="what" value=(word);
                                button class="small" data-testid={ "office.refill." (word) } { (text) }
                            }
                        }
                    }
                }
            }
            p class="muted" { "关注公众号后回复手机号码进行会员卡申领，回复「查询」可以进入查询。" }
        }
    }
}

fn mode_card(shop: &Shop, here: &str) -> Markup {
    let choice = |mode: Mode| {
        html! {
            label class="check" {
                input type="radio" name="mode" value=(mode.text()) checked[shop.mode == mode]
                    data-testid={ "office.mode." (mode.text()) };
                span { (mode.name()) small { (mode.about()) } }
            }
        }
    };
    html! {
        section class="card" {
            h2 { "申领会员卡时手机号码获取方式" }
            p { "现在是：" strong data-testid="office.mode" data-mode=(shop.mode.text()) { (shop.mode.name()) }
                span class="muted" { "（" (date_time(shop.mode_changed_at)) " 起）" } }
            form method="post" action={ (here) "/mode" } {
                fieldset {
                    legend class="visually-hidden" { "获取方式" }
                    @for mode in Mode::ALL { (choice(mode)) }
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
            p data-testid="office.key_state" { @if shop.key_hash.is_some() { "已生成" } @else { "未生成" } }
            @if let Some(key) = key {
                div class="message warn" role="status" {
                    p { "请现在就保存密钥，关闭后不再显示。" }
                    p { code class="secret" data-testid="office.access_key" { (key) } }
                    p { a class="button" href=(here) { "我已保存" } }
                }
            } @else {
                @if shop.key_hash.is_some() { p class="muted" { "重新生成后，旧密钥立刻失效。" } }
                form method="post" action={ (here) "/key" } {
                    button data-testid="office.generate_key" { @if shop.key_hash.is_some() { "重新生成" } @else { "生成" } }
                }
            }
        }
    }
}

const fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::CardIssued => "新会员",
        Outcome::AlreadyMember => "已是会员",
        Outcome::NumberNotFetched => "没有取到号码",
        Outcome::NoCardsLeft => "卡已领完",
    }
}

fn sign_up_table(sign_ups: &[Record]) -> Markup {
    html! {
        @if sign_ups.is_empty() { p class="muted" data-testid="office.signups" { "还没有人领卡。" } }
        @else {
            div class="scroll" {
                table class="stacked" data-testid="office.signups" {
                    thead { tr {
                        th scope="col" { "时间" } th scope="col" { "手机号" } th scope="col" { "方式" }
                        th scope="col" { "结果" } th scope="col" { "卡号" }
                    } }
                    tbody {
                        @for Record { sign_up, .. } in sign_ups {
                            tr {
                                td data-name="时间" { (date_time(sign_up.at)) }
                                td data-name="手机号" { (sign_up.member.as_ref().map_or("–", |member| member.phone_masked.as_str())) }
                                td data-name="方式" { (sign_up.way.name()) }
                                td data-name="结果" { (outcome_name(sign_up.outcome)) }
                                td data-name="卡号" { (sign_up.card_number.as_deref().unwrap_or("–")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[derive(Debug, Deserialize)]
struct From {
    before: Option<i64>,
}

/// 领卡记录, newest first. A page begins where the previous one ended, even if somebody joins meanwhile.
async fn sign_ups_page(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Query(from): Query<From>,
) -> Page {
    let before = from.before.unwrap_or(i64::MAX);
    let asked = app_id.clone();
    let found = platform
        .read(move |connection, _, _| {
            let Some(shop) = shops::find(connection, &asked)? else { return Ok(None) };
            Ok(Some((shop, sign_ups::latest_before(connection, &asked, before, SIGN_UPS_A_PAGE + 1)?)))
        })
        .await?;
    let (shop, mut records) = found.ok_or(PageError::NotFound)?;
    let a_page = usize::try_from(SIGN_UPS_A_PAGE).unwrap_or(usize::MAX);
    let more = records.len() > a_page;
    records.truncate(a_page);
    let here = format!("/practice/card-office/{app_id}");
    let content = html! {
        (head(&shop))
        main class="narrow wide-narrow" {
            h1 { "领卡记录" }
            section class="card" {
                (sign_up_table(&records))
                nav class="actions" aria-label="翻页" {
                    a class="button" href=(here) { "回到会员卡设置" }
                    @if from.before.is_some() {
                        a class="button" href={ (here) "/sign-ups" } data-testid="office.signups.newest" { "最新的" }
                    }
                    @if let Some(last) = records.last().filter(|_| more) {
                        a class="button" href={ (here) "/sign-ups?before=" (last.seq) } data-testid="office.signups.older" { "更早的" }
                    }
                }
            }
        }
    };
    Ok(document("领卡记录", "console", content).into_response())
}

fn change_table(changes: &[ModeChange]) -> Markup {
    html! {
        @if changes.is_empty() { p class="muted" data-testid="office.changes" { "还没有变更。" } }
        @else {
            div class="scroll" {
                table class="stacked" data-testid="office.changes" {
                    thead { tr { th scope="col" { "时间" } th scope="col" { "改为" } th scope="col" { "由谁" } th scope="col" { "原因" } } }
                    tbody {
                        @for each in changes {
                            tr {
                                td data-name="时间" { (date_time(each.at)) }
                                td data-name="改为" { (each.mode.name()) }
                                td data-name="由谁" { @if each.by_interface { "接口" } @else { "后台" } }
                                td data-name="原因" { (each.reason) }
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

/// Makes a new key. It is shown only in this answer.
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

#[derive(Debug, Deserialize)]
struct RefillForm {
    what: Refill,
}

/// 充: more cards or text messages.
async fn refill(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Form(form): Form<RefillForm>,
) -> Page {
    let asked = app_id.clone();
    let amount = match form.what {
        Refill::Cards => 1_000,
        Refill::Sms => 100,
    };
    platform.write(move |connection, _, _| shops::refill(connection, &asked, form.what, amount)).await?;
    Ok(go_to(&format!("/practice/card-office/{app_id}?saved=refill")))
}
