//! 发票: which orders have one, and asking for one **W**.

use super::charge::ordered_pack;
use super::frame::{Tab, frame};
use super::order::{address, load};
use super::password::email_objection;
use super::session::SignedIn;
use crate::pages::{Page, PageError, go_to, money, refusal, refused};
use crate::platform::Platform;
use crate::store::invoices::{self, Invoice, InvoiceKind, Progress, Requested};
use crate::store::orders::{self, StoredOrder};
use axum::extract::{Form, Path, State};
use axum::response::IntoResponse;
use billing_core::order::Order;
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

const fn kind_name(kind: InvoiceKind) -> &'static str {
    match kind {
        InvoiceKind::Ordinary => "电子普通发票",
        InvoiceKind::Special => "增值税专用发票",
    }
}

const fn progress_word(progress: Option<Progress>) -> &'static str {
    match progress {
        None => "none",
        Some(Progress::Underway(..)) => "underway",
        Some(Progress::Issued) => "issued",
        Some(Progress::Void) => "void",
    }
}

fn progress_text(invoice: Option<&Invoice>, progress: Option<Progress>) -> String {
    match (progress, invoice.map(|invoice| invoice.kind)) {
        (None, _) => "未申请".to_owned(),
        (Some(Progress::Underway(from, to)), _) => format!("开票中，预计 {from} 到 {to}"),
        (Some(Progress::Issued), Some(InvoiceKind::Special)) => "已开具，已寄出".to_owned(),
        (Some(Progress::Issued), _) => "已开具，已发到邮箱".to_owned(),
        (Some(Progress::Void), _) => "已作废（订单已退款）".to_owned(),
    }
}

/// Every order that has been paid, with its invoice.
pub(crate) async fn list(SignedIn(program): SignedIn, State(platform): State<Arc<Platform>>) -> Page {
    let app_id = program.app_id.clone();
    let rows = platform
        .read(move |connection, _, now| {
            let mut rows = Vec::new();
            for stored in orders::all(connection, &app_id, now)? {
                let invoice = invoices::find(connection, &stored.order.ordered().number)?;
                if matches!(stored.order, Order::Paid(_)) || invoice.is_some() {
                    rows.push((stored, invoice));
                }
            }
            Ok((rows, now))
        })
        .await?;
    let (rows, now) = rows;
    let content = html! {
        section class="card" {
            h2 { "发票" }
            @if rows.is_empty() { p class="muted" { "还没有可以开发票的订单。" } }
            @else {
                div class="scroll" {
                    table class="stacked" {
                        thead { tr {
                            th scope="col" { "订单号" } th scope="col" { "内容" } th scope="col" class="number" { "金额" }
                            th scope="col" { "抬头" } th scope="col" { "状态" }
                            th scope="col" { span class="visually-hidden" { "操作" } }
                        } }
                        tbody { @for (stored, invoice) in &rows { (row(stored, invoice.as_ref(), now)) } }
                    }
                }
            }
            p class="muted" { "电子普通发票发到邮箱，增值税专用发票邮寄，都要 5–10 个工作日。订单退款后发票作废。" }
        }
    };
    Ok(frame("发票", &program.name, Tab::Invoices, content).into_response())
}

fn row(stored: &StoredOrder, invoice: Option<&Invoice>, now: DateTime<Utc>) -> Markup {
    let ordered = stored.order.ordered();
    let number = &ordered.number;
    let progress = invoice.map(|invoice| invoice.progress(&stored.order, now));
    html! {
        tr {
            th scope="row" { a href=(address(number)) { (number) } }
            td class="flow" data-name="内容" { (ordered_pack(ordered)) }
            td class="number" data-name="金额" { (money(ordered.price)) }
            td class="flow" data-name="抬头" {
                @match invoice {
                    Some(invoice) => span { (invoice.title) small { (kind_name(invoice.kind)) } },
                    None => "–",
                }
            }
            td class="flow" data-name="状态" data-testid={ "console.invoice_state." (number) } data-state=(progress_word(progress)) {
                (progress_text(invoice, progress))
            }
            td class="end" {
                @if invoice.is_none() {
                    a class="button small" href={ (address(number)) "/invoice" } data-testid={ "console.invoice." (number) } { "申请开票" }
                }
            }
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct InvoiceForm {
    kind: String,
    title: String,
    tax_number: String,
    email: String,
    post: String,
}

pub(crate) async fn form(
    SignedIn(program): SignedIn,
    State(platform): State<Arc<Platform>>,
    Path(number): Path<String>,
) -> Page {
    let (stored, ..) = load(&platform, &program.app_id, &number).await?;
    Ok(form_page(&program.name, &stored, &InvoiceForm::default(), None).into_response())
}

fn form_page(program: &str, stored: &StoredOrder, typed: &InvoiceForm, why: Option<&str>) -> Markup {
    let ordered = stored.order.ordered();
    let special = typed.kind == InvoiceKind::Special.text();
    let content = html! {
        section class="card order" {
            h2 { "申请开票" }
            p class="amount" data-testid="console.amount" { (money(ordered.price)) }
            p class="muted" { "订单 " (ordered.number) " · " (ordered_pack(ordered)) }
            (refusal(why))
            form method="post" action={ (address(&ordered.number)) "/invoice" } {
                fieldset {
                    legend { "发票类型" }
                    label class="check" {
                        input type="radio" name="kind" value=(InvoiceKind::Ordinary.text()) checked[!special] data-testid="console.invoice.ordinary";
                        span { "电子普通发票" small { "发到邮箱" } }
                    }
                    label class="check" {
                        input type="radio" name="kind" value=(InvoiceKind::Special.text()) checked[special] data-testid="console.invoice.special";
                        span { "增值税专用发票" small { "企业才能开，邮寄" } }
                    }
                }
                label for="title" { "发票抬头" }
                input id="title" name="title" type="text" maxlength="100" required value=(typed.title) data-testid="console.invoice.title";
                label for="tax_number" { "税号（统一社会信用代码）" }
                input id="tax_number" name="tax_number" type="text" maxlength="20" value=(typed.tax_number) data-testid="console.invoice.tax_number";
                label for="email" { "收票邮箱（电子普通发票）" }
                input id="email" name="email" type="text" inputmode="email" value=(typed.email) data-testid="console.invoice.email";
                label for="post" { "收件人、电话、地址（增值税专用发票）" }
                input id="post" name="post" type="text" maxlength="200" value=(typed.post) data-testid="console.invoice.post";
                div class="actions" {
                    button class="primary" data-testid="console.invoice.request" { "申请开票" }
                    a class="button" href="/wxamp/wxacharge/invoices" { "先不开" }
                }
            }
        }
    };
    frame("申请开票", program, Tab::Invoices, content)
}

impl InvoiceForm {
    /// The invoice, or what is wrong with it.
    fn invoice(&self, now: DateTime<Utc>) -> Result<Invoice, &'static str> {
        let kind: InvoiceKind = self.kind.parse().map_err(|()| "请选择发票类型。")?;
        let title = self.title.trim();
        if title.is_empty() || title.chars().count() > 100 {
            return Err("请填写发票抬头，最多 100 个字。");
        }
        // Eighteen characters today; fifteen and twenty are still in use.
        let tax_number = self.tax_number.trim().to_uppercase();
        let good = [15, 18, 20].contains(&tax_number.len())
            && tax_number.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let tax_number = match (tax_number.is_empty(), kind) {
            (true, InvoiceKind::Ordinary) => None,
            (true, InvoiceKind::Special) => return Err("增值税专用发票要填税号。"),
            (false, _) if !good => return Err("税号是 15、18 或 20 位数字和大写字母。"),
            (false, _) => Some(tax_number),
        };
        let deliver_to = match kind {
            InvoiceKind::Ordinary => self.email.trim(),
            InvoiceKind::Special => self.post.trim(),
        };
        match kind {
            InvoiceKind::Ordinary if email_objection(deliver_to).is_some() => Err("收票邮箱的格式不对。"),
            InvoiceKind::Special if deliver_to.is_empty() => Err("请填写收件人、电话和地址。"),
            InvoiceKind::Ordinary | InvoiceKind::Special => Ok(Invoice {
                kind,
                title: title.to_owned(),
                tax_number,
                deliver_to: deliver_to.to_owned(),
                requested_at: now,
            }),
        }
    }
}

pub(crate) async fn request(
    SignedIn(program): SignedIn,
    State(platform): State<Arc<Platform>>,
    Path(number): Path<String>,
    Form(form): Form<InvoiceForm>,
) -> Page {
    let (stored, _, now) = load(&platform, &program.app_id, &number).await?;
    let refuse = |why| Ok(refused(form_page(&program.name, &stored, &form, Some(why))));
    let invoice = match form.invoice(now) {
        Ok(invoice) => invoice,
        Err(why) => return refuse(why),
    };
    let app_id = program.app_id.clone();
    let requested = platform
        .write(move |connection, _, now| {
            let invoice = Invoice { requested_at: now, ..invoice };
            invoices::request(connection, &app_id, &number, &invoice)
        })
        .await?;
    match requested {
        // A form sent twice asks once.
        Requested::Done | Requested::Already => Ok(go_to("/wxamp/wxacharge/invoices")),
        Requested::NotPaid => refuse("只有已支付、没有退款的订单可以开票。"),
        Requested::Unknown => Err(PageError::NotFound),
    }
}
