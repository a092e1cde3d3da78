//! The customer's side: 免费领卡, the authorisation sheet, and what comes of it **S3**.

use crate::assumed::NumberChoice;
use crate::charging::{self, Customer, SignedUp, Tapped};
use crate::faults::PHONE_NUMBER;
use crate::pages::{Page, PageError, go_to, phone, refusal, refused};
use crate::platform::Platform;
use crate::store::programs::{self, Program};
use crate::store::shops::{self, Shop};
use crate::store::{Stored, nonsense};
use axum::extract::{Form, Path, Query, State};
use axum::response::IntoResponse;
use maud::{Markup, html};
use rusqlite::Connection;
use serde::Deserialize;
use std::sync::Arc;

/// WeChat's half-screen notice **W S0**.
const NO_QUOTA: &str = "该功能使用次数已达当前小程序上限，暂时无法使用";

/// Who stands at the till.
#[derive(Debug, Deserialize)]
pub(crate) struct Who {
    customer: Option<u32>,
}

/// The mini-program and its shop; nothing for an unknown AppID.
fn find(connection: &Connection, app_id: &str) -> Stored<Option<(Program, Shop)>> {
    let Some(program) = programs::find(connection, app_id)? else { return Ok(None) };
    let shop = shops::find(connection, app_id)?.ok_or_else(|| nonsense("a mini-program without shop"))?;
    Ok(Some((program, shop)))
}

/// Everything the customer sees, of which one part is open.
fn screen(program: &Program, open: &Markup) -> Markup {
    let screen = html! {
        header class="phone-bar" { strong { (program.name) } }
        div class="screen claim" {
            div class="card-face" aria-hidden="true" { strong { (program.shop) } span { "会员卡" } }
            h1 { (program.shop) "会员卡" }
            p class="muted" { "领卡后积分、储值、优惠都记在这张卡上。" }
        }
        (open)
    };
    phone(&program.name, screen)
}

fn start(program: &Program, customer: Option<Customer>) -> Markup {
    let open = html! {
        div class="screen foot" {
            form method="post" action={ "/practice/claim/" (program.app_id) "/tap" } {
                (customer_field(customer))
                button class="primary wide" data-testid="claim.get" { "免费领卡" }
            }
        }
    };
    screen(program, &open)
}

fn customer_field(customer: Option<Customer>) -> Markup {
    html! {
        @if let Some(customer) = customer {
            input type="hidden" name="customer" value=(customer.number());
        }
    }
}

/// The number given, if it is one. Without a number the next customer comes.
fn given(customer: Option<u32>) -> Result<Option<Customer>, PageError> {
    customer.map(|number| Customer::new(number).ok_or(PageError::NotFound)).transpose()
}

pub(crate) async fn page(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Query(who): Query<Who>,
) -> Page {
    let customer = given(who.customer)?;
    let found = platform.read(move |connection, _, _| find(connection, &app_id)).await?;
    let (program, _) = found.ok_or(PageError::NotFound)?;
    Ok(start(&program, customer).into_response())
}

/// The query node: the tap on 免费领卡.
pub(crate) async fn tap(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Form(who): Form<Who>,
) -> Page {
    let customer = given(who.customer)?;
    let found = platform
        .read(move |connection, accounts, now| {
            let Some((program, shop)) = find(connection, &app_id)? else { return Ok(None) };
            let customer = match customer {
                Some(customer) => customer,
                None => Customer::next(connection, &app_id)?,
            };
            Ok(Some((program, customer, charging::tap(accounts, &shop, now)?)))
        })
        .await?;
    let (program, customer, tapped) = found.ok_or(PageError::NotFound)?;
    let page = match tapped {
        Tapped::NoCards => screen(&program, &message("claim.no_cards", "会员卡已经领完了，请联系店家。")),
        Tapped::TypeNumber => screen(&program, &manual(&program, customer, "", None)),
        Tapped::Sheet => screen(&program, &sheet(&program, customer)),
        Tapped::NoQuota => no_quota(&program),
    };
    Ok(page.into_response())
}

fn message(test_id: &str, text: &str) -> Markup {
    html! {
        div class="screen foot" {
            p class="message" role="status" data-testid=(test_id) { (text) }
        }
    }
}

fn no_quota(program: &Program) -> Markup {
    let open = html! {
        div class="veil" {}
        div class="sheet" role="alertdialog" aria-label="提示" data-testid="claim.notice" data-errno="1400001" {
            p { (NO_QUOTA) }
            a class="button wide" href={ "/practice/claim/" (program.app_id) } data-testid="claim.notice_close" { "我知道了" }
        }
    };
    screen(program, &open)
}

/// 120****0001: as the sheet shows numbers.
fn masked(phone: &str) -> String {
    match (phone.get(..3), phone.get(phone.len().saturating_sub(4)..)) {
        (Some(head), Some(tail)) if phone.len() > 7 => format!("{head}****{tail}"),
        _ => "****".to_owned(),
    }
}

fn sheet(program: &Program, customer: Customer) -> Markup {
    let bound = masked(&customer.phone(NumberChoice::Bound));
    let second = masked(&customer.phone(NumberChoice::Second));
    let open = html! {
        div class="veil" {}
        form class="sheet" role="dialog" aria-labelledby="sheet-title" method="post"
            action={ "/practice/claim/" (program.app_id) "/answer" } data-testid="claim.sheet" {
            (customer_field(Some(customer)))
            p class="muted" { (program.name) }
            h2 id="sheet-title" { "申请获取并验证你的手机号" }
            p class="muted" { "用于领取会员卡" }
            fieldset class="numbers" {
                legend class="visually-hidden" { "手机号" }
                label class="check" {
                    input type="radio" name="choice" value="bound" checked data-testid="claim.number.1";
                    span { (bound) small { "微信绑定号码" } }
                }
                label class="check" {
                    input type="radio" name="choice" value="second" data-testid="claim.number.2";
                    span { (second) small { "添加的号码" } }
                }
            }
            div class="two" {
                button name="agree" value="no" data-testid="claim.refuse" { "拒绝" }
                button class="primary" name="agree" value="yes" data-testid="claim.authorise" { "允许" }
            }
        }
    };
    open
}

#[derive(Debug, Deserialize)]
pub(crate) struct Reply {
    customer: Option<u32>,
    #[serde(default)]
    choice: String,
    #[serde(default)]
    agree: String,
}

/// The charge node, and what the shop's backend makes of it. A refusal costs nothing.
pub(crate) async fn answer(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Form(reply): Form<Reply>,
) -> Page {
    let customer = given(reply.customer)?.ok_or(PageError::NotFound)?;
    let choice = if reply.choice == "second" { NumberChoice::Second } else { NumberChoice::Bound };
    let agreed = reply.agree == "yes";
    let asked = app_id.clone();
    let found = platform
        .write(move |connection, accounts, now| {
            let Some((program, _)) = find(connection, &asked)? else { return Ok(None) };
            if !agreed {
                return Ok(Some((program, None)));
            }
            let charged = charging::charge(connection, accounts, &asked, customer, choice, now)?;
            Ok(Some((program, Some(charged))))
        })
        .await?;
    let (program, charged) = found.ok_or(PageError::NotFound)?;
    let Some(charged) = charged else {
        let text = "你没有授权手机号，暂时不能领卡。店家没有因此付费。";
        return Ok(screen(&program, &message("claim.refused", text)).into_response());
    };
    let Some(success) = charged else { return Ok(no_quota(&program).into_response()) };
    // Charged and committed. From here on it is the shop's backend, whose call can fail without giving the charge back.
    let call_works = platform.faults.backend_call(PHONE_NUMBER).await;
    let signed_up = platform
        .write(move |connection, _, now| charging::sign_up(connection, &app_id, &success, call_works, now))
        .await?;
    Ok(screen(&program, &outcome(&signed_up)).into_response())
}

fn outcome(signed_up: &SignedUp) -> Markup {
    let card = |title: &str, number: &str, phone: &str| {
        html! {
            div class="screen foot" {
                div class="message good" role="status" data-testid="claim.success" {
                    strong { (title) }
                    p { "卡号 " span data-testid="claim.card_number" { (number) } }
                    p { "手机号 " span data-testid="claim.phone" { (masked(phone)) } }
                }
            }
        }
    };
    match signed_up {
        SignedUp::Card { number, phone } => card("领卡成功", number, phone),
        SignedUp::Returning { number, phone } => card("你已经有会员卡了", number, phone),
        SignedUp::NotFetched => message("claim.failed", "暂时取不到手机号，请稍后再试。"),
        SignedUp::NoCards => message("claim.no_cards", "会员卡已经领完了，请联系店家。"),
    }
}

fn manual(program: &Program, customer: Customer, typed: &str, why: Option<&str>) -> Markup {
    html! {
        div class="screen foot" {
            (refusal(why))
            form method="post" action={ "/practice/claim/" (program.app_id) "/number" } {
                (customer_field(Some(customer)))
                label for="number" { "手机号" }
                input id="number" name="number" type="text" inputmode="tel" autocomplete="off" maxlength="20" required
                    value=(typed) data-testid="claim.manual.number";
                button class="primary wide" data-testid="claim.manual.submit" { "领卡" }
            }
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Typed {
    customer: Option<u32>,
    #[serde(default)]
    number: String,
}

/// A mainland mobile number: eleven digits that begin with 1. Nobody checks whose it is.
fn mobile(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|character| !matches!(character, ' ' | '-')).collect();
    let good =
        digits.len() == 11 && digits.starts_with('1') && digits.bytes().all(|byte| byte.is_ascii_digit());
    good.then_some(digits)
}

/// 会员手动输入: form-checked, unverified, uncharged **S3**.
pub(crate) async fn number(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Form(typed): Form<Typed>,
) -> Page {
    let customer = given(typed.customer)?.ok_or(PageError::NotFound)?;
    let phone = mobile(&typed.number);
    let (asked, accepted) = (app_id.clone(), phone.clone());
    let found = platform
        .write(move |connection, accounts, now| {
            let Some((program, shop)) = find(connection, &asked)? else { return Ok(None) };
            // The shop may have switched back to authorisation while the customer was typing.
            let tapped = charging::tap(accounts, &shop, now)?;
            let signed_up = match (tapped, accepted) {
                (Tapped::TypeNumber, Some(phone)) => {
                    Some(charging::sign_up_by_hand(connection, &asked, customer, phone, now)?)
                }
                (Tapped::NoCards, _) => Some(SignedUp::NoCards),
                (Tapped::TypeNumber | Tapped::Sheet | Tapped::NoQuota, _) => None,
            };
            Ok(Some((program, signed_up)))
        })
        .await?;
    let (program, signed_up) = found.ok_or(PageError::NotFound)?;
    match (signed_up, phone) {
        (Some(signed_up), _) => Ok(screen(&program, &outcome(&signed_up)).into_response()),
        (None, None) => {
            let why = Some("手机号要 11 位数字，以 1 开头。");
            Ok(refused(screen(&program, &manual(&program, customer, &typed.number, why))))
        }
        (None, Some(_)) => Ok(go_to(&format!("/practice/claim/{app_id}?customer={}", customer.number()))),
    }
}
