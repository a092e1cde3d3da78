//! Orders: the confirmation, the list, giving up, and the refund **S3**.

use super::charge::{component, ordered_pack};
use super::frame::{Tab, frame};
use super::session::SignedIn;
use crate::admin::order_word;
use crate::assumed::PENDING_ORDER_LIFE;
use crate::catalogue::tariff;
use crate::pages::{Page, PageError, calls, date_time, day, go_to, money, refusal, refused};
use crate::platform::Platform;
use crate::store::orders::{self, Changed, RefundReason, StoredOrder, refund_due};
use axum::extract::{Form, Path, Query, State};
use axum::response::IntoResponse;
use billing_core::order::{Method, Order};
use billing_core::{Refund, RefusalReason};
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

pub(crate) fn address(number: &str) -> String {
    format!("/wxamp/wxacharge/order/{number}")
}

/// An order of the signed-in mini-program, and practice time.
pub(crate) async fn load(
    platform: &Platform,
    app_id: &str,
    number: &str,
) -> Result<(StoredOrder, Refund, DateTime<Utc>), PageError> {
    let (app_id, number) = (app_id.to_owned(), number.to_owned());
    let found = platform
        .read(move |connection, accounts, now| {
            let Some(stored) = orders::find(connection, &app_id, &number, now)? else { return Ok(None) };
            let verdict = orders::refund_verdict(accounts, &stored, now)?;
            Ok(Some((stored, verdict, now)))
        })
        .await?;
    found.ok_or(PageError::NotFound)
}

const fn state_name(order: &Order) -> &'static str {
    match order {
        Order::Pending(_) => "待支付",
        Order::Paid(_) => "已支付",
        Order::Refunding(_) => "退款中",
        Order::Refunded(_) => "已退款",
        Order::Cancelled(_) => "已取消",
        Order::Expired(_) => "已关闭（超时未支付）",
    }
}

const fn method_name(method: Method) -> &'static str {
    match method {
        Method::WechatScan => "微信支付",
        Method::PersonalDebit => "个人银行 · 储蓄卡",
        Method::PersonalCredit => "个人银行 · 信用卡",
        Method::EnterpriseDebit => "企业银行 · 储蓄卡",
        Method::EnterpriseCredit => "企业银行 · 信用卡",
    }
}

/// Every reason against a refund, in words.
fn reasons(verdict: &Refund) -> Option<String> {
    let Refund::Refused { reasons } = verdict else { return None };
    let words = reasons.iter().map(|reason| match reason {
        RefusalReason::UnknownOrder => "没有这个订单",
        RefusalReason::NotPaid => "还没有支付",
        RefusalReason::AlreadyRefunded => "已经退款",
        RefusalReason::Used => "资源包已经开始使用",
        RefusalReason::TooLate => "支付已超过 7 天",
        RefusalReason::Expired => "资源包已经失效",
    });
    Some(words.collect::<Vec<_>>().join("；"))
}

const REASONS: [RefundReason; 4] =
    [RefundReason::WrongPack, RefundReason::BoughtTwice, RefundReason::NotNeeded, RefundReason::Other];

const fn reason_name(reason: RefundReason) -> &'static str {
    match reason {
        RefundReason::WrongPack => "买错了规格",
        RefundReason::BoughtTwice => "重复购买",
        RefundReason::NotNeeded => "不需要了",
        RefundReason::Other => "其他原因",
    }
}

/// When the money of a refund comes or came back.
fn refund_expected(order: &Order) -> Option<String> {
    match order {
        Order::Refunding(refunding) => {
            let last = refund_due(refunding.requested_at()) - chrono::TimeDelta::days(1);
            Some(format!("预计最晚 {} 到账", day(last)))
        }
        Order::Refunded(refunded) => Some(format!("{} 已原路退回", day(refunded.returned_at()))),
        Order::Pending(_) | Order::Paid(_) | Order::Cancelled(_) | Order::Expired(_) => None,
    }
}

/// What an order is about, as rows of a list.
pub(crate) fn summary(stored: &StoredOrder, now: DateTime<Utc>) -> Markup {
    let ordered = stored.order.ordered();
    let starts = tariff(ordered.capability).map(billing_core::CapabilityTariff::charging_starts);
    let begins = match (stored.order.payment(), starts) {
        (Some(paid), Some(starts)) => format!("{} 生效", date_time(paid.paid_at().max(starts))),
        (None, Some(starts)) if now < starts => format!("支付后 {} 生效", date_time(starts)),
        _ => "支付成功后即刻生效".to_owned(),
    };
    html! {
        dl class="rows" {
            dt { "购买能力" } dd { (ordered_pack(ordered)) }
            dt { "额度" } dd { (calls(ordered.calls.get())) "次" }
            dt { "有效期" } dd { (ordered.days) "天（" (begins) "）" }
            dt { "订单号" } dd { code data-testid="console.order_id" { (ordered.number) } }
        }
    }
}

/// One order: waiting for payment it asks for the terms, otherwise it says how it stands.
pub(crate) async fn page(
    SignedIn(program): SignedIn,
    State(platform): State<Arc<Platform>>,
    Path(number): Path<String>,
) -> Page {
    let (stored, _, now) = load(&platform, &program.app_id, &number).await?;
    Ok(order_page(&program.name, &stored, now, None).into_response())
}

pub(crate) fn order_page(
    program: &str,
    stored: &StoredOrder,
    now: DateTime<Utc>,
    why: Option<&str>,
) -> Markup {
    let ordered = stored.order.ordered();
    let here = address(&ordered.number);
    let content = html! {
        section class="card order" {
            @match &stored.order {
                Order::Pending(_) => {
                    h2 { "需要支付" }
                    p class="amount" data-testid="console.amount" { (money(ordered.price)) }
                    (summary(stored, now))
                    (refusal(why))
                    p class="muted" { "请在 " (date_time(ordered.created_at + PENDING_ORDER_LIFE)) " 前支付，过时订单自动关闭。" }
                    form method="post" action={ (here) "/accept" } {
                        label class="check" {
                            input type="checkbox" name="terms" value="on" data-testid="console.terms";
                            span { "我已阅读并同意《微信小程序付费能力服务条款》、《" (component(ordered.capability)) "文档》" }
                        }
                        div class="actions" {
                            button class="primary" data-testid="console.pay" { "支付" }
                            button formaction={ (here) "/cancel" } data-testid="console.cancel_order" { "取消" }
                        }
                    }
                }
                other => {
                    @if let Order::Paid(_) = other {
                        p class="message good" role="status" data-testid="console.paid" {
                            "支付成功，资源包已到账。"
                        }
                    }
                    h2 { "订单详情" }
                    p class="amount" data-testid="console.amount" { (money(ordered.price)) }
                    (summary(stored, now))
                    dl class="rows" {
                        dt { "状态" } dd data-testid="console.order_state" data-state=(order_word(other)) { (state_name(other)) }
                        @if let Some(paid) = other.payment() {
                            dt { "支付方式" } dd { (method_name(paid.method())) }
                            dt { "支付时间" } dd { (date_time(paid.paid_at())) }
                        }
                        @if let Some(lot) = &stored.lot { dt { "资源包" } dd { code { (lot) } } }
                        @if let Some(reason) = stored.refund_reason { dt { "退款原因" } dd { (reason_name(reason)) } }
                        @if let Some(expected) = refund_expected(other) {
                            dt { "退款到账" } dd data-testid="console.refund_expected" { (expected) }
                        }
                    }
                    div class="actions" {
                        a class="button primary" href="/wxamp/wxacharge/usage" { "看我的用量" }
                        a class="button" href="/wxamp/wxacharge/orders" { "全部订单" }
                        @if let Order::Paid(_) = other {
                            a class="button" href={ (here) "/invoice" } { "申请开票" }
                        }
                    }
                }
            }
        }
    };
    frame("订单", program, Tab::Orders, content)
}

/// Gives a pending order up.
pub(crate) async fn cancel(
    SignedIn(program): SignedIn,
    State(platform): State<Arc<Platform>>,
    Path(number): Path<String>,
) -> Page {
    let asked = number.clone();
    let changed = platform
        .write(move |connection, _, now| orders::cancel(connection, &program.app_id, &asked, now))
        .await?;
    match changed {
        Changed::Done | Changed::NotPending => Ok(go_to(&address(&number))),
        Changed::Unknown => Err(PageError::NotFound),
    }
}

words! {
    /// Orders that belong together for those who look for one.
    Shelf {
        Pending = "pending",
        Paid = "paid",
        Refund = "refund",
        Closed = "closed",
    }
}

const SHELVES: [(Option<Shelf>, &str); 5] = [
    (None, "全部"),
    (Some(Shelf::Pending), "待支付"),
    (Some(Shelf::Paid), "已支付"),
    (Some(Shelf::Refund), "退款"),
    (Some(Shelf::Closed), "已关闭"),
];

const fn shelf(order: &Order) -> Shelf {
    match order {
        Order::Pending(_) => Shelf::Pending,
        Order::Paid(_) => Shelf::Paid,
        Order::Refunding(_) | Order::Refunded(_) => Shelf::Refund,
        Order::Cancelled(_) | Order::Expired(_) => Shelf::Closed,
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    state: Option<Shelf>,
}

/// 全部订单
pub(crate) async fn list(
    SignedIn(program): SignedIn,
    State(platform): State<Arc<Platform>>,
    Query(wanted): Query<Wanted>,
) -> Page {
    let wanted = wanted.state;
    let app_id = program.app_id.clone();
    let rows = platform
        .read(move |connection, accounts, now| {
            let orders = orders::all(connection, &app_id, now)?;
            let orders =
                orders.into_iter().filter(|stored| wanted.is_none_or(|state| state == shelf(&stored.order)));
            let judged = orders.map(|stored| {
                let verdict = orders::refund_verdict(accounts, &stored, now)?;
                Ok((stored, verdict))
            });
            judged.collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let content = html! {
        section class="card" {
            div class="card-head" {
                h2 { "全部订单" }
                nav class="tabs small bare" aria-label="状态" {
                    @for (state, name) in SHELVES {
                        @let word = state.map_or("", Shelf::text);
                        a href={ "/wxamp/wxacharge/orders" @if state.is_some() { "?state=" (word) } }
                            aria-current=[(state == wanted).then_some("page")]
                            data-testid={ "console.orders." (if state.is_some() { word } else { "all" }) } { (name) }
                    }
                }
            }
            @if rows.is_empty() { p class="muted" { "这里没有订单。" } }
            @else {
                div class="scroll" {
                    table class="stacked" {
                        thead { tr {
                            th scope="col" { "订单号" } th scope="col" { "内容" } th scope="col" class="number" { "金额" }
                            th scope="col" { "下单时间" } th scope="col" { "状态" } th scope="col" { "退款" }
                        } }
                        tbody { @for (stored, verdict) in &rows { (row(stored, verdict)) } }
                    }
                }
            }
            p class="muted" { "支付后 7 天内、一次也没有用过的资源包可以退款，款项在 3–5 个工作日内原路退回。" }
        }
    };
    Ok(frame("全部订单", &program.name, Tab::Orders, content).into_response())
}

fn row(stored: &StoredOrder, verdict: &Refund) -> Markup {
    let ordered = stored.order.ordered();
    let number = &ordered.number;
    html! {
        tr data-testid={ "console.order." (number) } {
            th scope="row" { a href=(address(number)) data-testid={ "console.order_open." (number) } { (number) } }
            td class="flow" data-name="内容" { span { (ordered_pack(ordered)) "，" (ordered.days) "天" } }
            td class="number" data-name="金额" { (money(ordered.price)) }
            td data-name="下单时间" { (date_time(ordered.created_at)) }
            td data-name="状态" data-testid={ "console.order_state." (number) } data-state=(order_word(&stored.order)) { (state_name(&stored.order)) }
            td class="flow" data-name="退款" {
                @match (refund_expected(&stored.order), reasons(verdict)) {
                    (Some(expected), _) => {
                        span data-testid={ "console.refund_reason." (number) } { (expected) }
                    }
                    (None, _) if stored.lot.is_none() => "–",
                    (None, Some(why)) => {
                        span class="muted" data-testid={ "console.refund_reason." (number) } { (why) }
                    }
                    (None, None) => {
                        a class="button small" href={ (address(number)) "/refund" } data-testid={ "console.refund." (number) } { "申请退款" }
                    }
                }
            }
        }
    }
}

/// Asks once more before the money goes back.
pub(crate) async fn refund_page(
    SignedIn(program): SignedIn,
    State(platform): State<Arc<Platform>>,
    Path(number): Path<String>,
) -> Page {
    let (stored, verdict, now) = load(&platform, &program.app_id, &number).await?;
    Ok(confirm_refund(&program.name, &stored, &verdict, now).into_response())
}

fn confirm_refund(program: &str, stored: &StoredOrder, verdict: &Refund, now: DateTime<Utc>) -> Markup {
    let ordered = stored.order.ordered();
    let why = reasons(verdict).map(|why| format!("不能退款：{why}。"));
    let content = html! {
        section class="card order" {
            h2 { "申请退款" }
            p class="amount" data-testid="console.amount" { (money(ordered.price)) }
            (summary(stored, now))
            (refusal(why.as_deref()))
            @if why.is_none() {
                p class="message warn" role="status" data-testid="page.notice" {
                    "申请后资源包立即停用，款项在 3–5 个工作日内原路退回，今天申请最晚 "
                    (day(refund_due(now) - chrono::TimeDelta::days(1))) " 到账。"
                }
                form method="post" action={ (address(&ordered.number)) "/refund" } {
                    fieldset {
                        legend { "退款原因" }
                        @for reason in REASONS {
                            label class="check" {
                                input type="radio" name="reason" value=(reason.text()) checked[reason == RefundReason::WrongPack]
                                    data-testid={ "console.refund.reason." (reason.text()) };
                                span { (reason_name(reason)) }
                            }
                        }
                    }
                    div class="actions" {
                        button class="primary" data-testid="console.refund.confirm" { "确认退款" }
                        a class="button" href="/wxamp/wxacharge/orders" data-testid="console.refund.back" { "不退了" }
                    }
                }
            } @else {
                p { a class="button" href="/wxamp/wxacharge/orders" data-testid="console.refund.back" { "回到订单" } }
            }
        }
    };
    frame("申请退款", program, Tab::Orders, content)
}

#[derive(Debug, Deserialize)]
pub(crate) struct Wish {
    reason: Option<RefundReason>,
}

/// Asks for the refund.
pub(crate) async fn refund(
    SignedIn(program): SignedIn,
    State(platform): State<Arc<Platform>>,
    Path(number): Path<String>,
    Form(wish): Form<Wish>,
) -> Page {
    let reason = wish.reason.unwrap_or(RefundReason::Other);
    let (app_id, asked) = (program.app_id.clone(), number.clone());
    let verdict = platform
        .write(move |connection, accounts, now| {
            orders::refund(connection, accounts, &app_id, (&asked, reason), now)
        })
        .await?;
    match verdict.ok_or(PageError::NotFound)? {
        Refund::Refunded { .. } => Ok(go_to("/wxamp/wxacharge/orders")),
        refusal @ Refund::Refused { .. } => {
            let (stored, _, now) = load(&platform, &program.app_id, &number).await?;
            Ok(refused(confirm_refund(&program.name, &stored, &refusal, now)))
        }
    }
}
