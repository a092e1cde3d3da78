//! Paying an order: by scanning with WeChat, or through a personal or an enterprise bank **S3**.

use super::frame::{Tab, frame};
use super::order::{address, load, order_page, summary};
use super::session::SignedIn;
use crate::pages::{Page, PageError, go_to, money, qr_code, refusal, refused};
use crate::platform::Platform;
use crate::store::orders::{self, Changed, StoredOrder};
use axum::extract::{Form, Path, State};
use axum::response::IntoResponse;
use billing_core::order::{Method, Order};
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
pub(crate) struct Terms {
    terms: Option<String>,
}

/// The terms have to be accepted before anything can be paid **S3**.
pub(crate) async fn accept(
    SignedIn(program): SignedIn,
    State(platform): State<Arc<Platform>>,
    Path(number): Path<String>,
    Form(form): Form<Terms>,
) -> Page {
    let (stored, _, now) = load(&platform, &program.app_id, &number).await?;
    if form.terms.is_none() {
        let why = Some("请先阅读并同意服务条款。");
        return Ok(refused(order_page(&program.name, &stored, now, why)));
    }
    Ok(go_to(&format!("{}/pay", address(&number))))
}

const BANKS: [&str; 6] = ["工商银行", "农业银行", "中国银行", "建设银行", "交通银行", "招商银行"];

/// Both ways to pay.
pub(crate) async fn page(
    SignedIn(program): SignedIn,
    State(platform): State<Arc<Platform>>,
    Path(number): Path<String>,
) -> Page {
    let (stored, _, now) = load(&platform, &program.app_id, &number).await?;
    if !matches!(stored.order, Order::Pending(_)) {
        return Ok(go_to(&address(&number)));
    }
    Ok(pay_page(&program.name, &stored, now, None).into_response())
}

fn pay_page(program: &str, stored: &StoredOrder, now: DateTime<Utc>, why: Option<&str>) -> Markup {
    let ordered = stored.order.ordered();
    let here = format!("{}/pay", address(&ordered.number));
    let content = html! {
        section class="card" {
            h2 { "订单提交成功，请支付 " span class="price" data-testid="console.amount" { (money(ordered.price)) } }
            details { summary { "订单详情" } (summary(stored, now)) }
            (refusal(why))
        }
        div class="ways" {
            section class="card" aria-labelledby="by-wechat" {
                h2 id="by-wechat" { "微信支付" }
                (qr_code(&ordered.number))
                p { "请打开手机微信，扫一扫完成支付" }
                form method="post" action=(here) {
                    input type="hidden" name="way" value="wechat";
                    button class="primary" data-testid="console.pay.wechat" { "我已用手机扫码支付（模拟）" }
                }
            }
            section class="card" aria-labelledby="by-bank" {
                h2 id="by-bank" { "银行支付" }
                form method="post" action=(here) {
                    input type="hidden" name="way" value="bank";
                    fieldset {
                        legend { "银行类型" }
                        label class="check" { input type="radio" name="bank_type" value="personal" checked data-testid="console.bank.personal"; span { "个人银行" } }
                        label class="check" { input type="radio" name="bank_type" value="enterprise" data-testid="console.bank.enterprise"; span { "企业银行" } }
                    }
                    label for="bank" { "选择银行" }
                    select id="bank" name="bank" data-testid="console.bank.name" {
                        @for bank in BANKS { option value=(bank) { (bank) } }
                    }
                    fieldset {
                        legend { "选择卡种" }
                        label class="check" { input type="radio" name="card" value="debit" checked data-testid="console.card.debit"; span { "储蓄卡" } }
                        label class="check" { input type="radio" name="card" value="credit" data-testid="console.card.credit"; span { "信用卡" } }
                    }
                    button class="primary" data-testid="console.pay.bank" { "立即支付（模拟）" }
                }
            }
        }
    };
    frame("支付", program, Tab::Orders, content)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PayForm {
    way: String,
    bank_type: String,
    bank: String,
    card: String,
}

impl PayForm {
    fn method(&self) -> Option<Method> {
        match (self.way.as_str(), self.bank_type.as_str(), self.card.as_str()) {
            ("wechat", _, _) => Some(Method::WechatScan),
            ("bank", _, _) if !BANKS.contains(&self.bank.as_str()) => None,
            ("bank", "personal", "debit") => Some(Method::PersonalDebit),
            ("bank", "personal", "credit") => Some(Method::PersonalCredit),
            ("bank", "enterprise", "debit") => Some(Method::EnterpriseDebit),
            ("bank", "enterprise", "credit") => Some(Method::EnterpriseCredit),
            _ => None,
        }
    }
}

/// Pays. An order that is paid already stays as it is, so that a form sent twice buys once.
pub(crate) async fn pay(
    SignedIn(program): SignedIn,
    State(platform): State<Arc<Platform>>,
    Path(number): Path<String>,
    Form(form): Form<PayForm>,
) -> Page {
    let Some(method) = form.method() else {
        let (stored, _, now) = load(&platform, &program.app_id, &number).await?;
        return Ok(refused(pay_page(&program.name, &stored, now, Some("请选择银行和卡种。"))));
    };
    let asked = number.clone();
    let changed = platform
        .write(move |connection, accounts, now| {
            orders::pay(connection, accounts, &program.app_id, &asked, method, now)
        })
        .await?;
    match changed {
        Changed::Done | Changed::NotPending => Ok(go_to(&address(&number))),
        Changed::Unknown => Err(PageError::NotFound),
    }
}
