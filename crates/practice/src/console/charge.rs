//! 付费管理: the overview, and choosing a pack **S3**.

use super::frame::{Tab, frame};
use super::session::SignedIn;
use crate::api::usage::recent_average;
use crate::catalogue::{Offer, VALIDITIES, offers, tariff};
use crate::model::{CAPABILITIES, capability_text};
use crate::pages::{Page, PageError, calls, calls_short, go_to, money, refusal, refused};
use crate::platform::Platform;
use crate::store::columns::capability_from;
use crate::store::orders;
use axum::extract::{Form, Query, State};
use axum::response::IntoResponse;
use billing_core::order::Ordered;
use billing_core::{Capability, FreeRule};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// The name of the component.
pub(crate) fn component(capability: Capability) -> &'static str {
    tariff(capability).map_or("", |tariff| tariff.component.as_str())
}

/// What an order is for, as the console writes it **S3**: `手机号快速验证组件-100万次`.
pub(crate) fn ordered_pack(ordered: &Ordered) -> String {
    format!("{}-{}次", component(ordered.capability), calls_short(ordered.calls.get()))
}

/// The ending of test ids: quick verification is the one that pages are about.
pub(crate) const fn suffix(capability: Capability) -> &'static str {
    match capability {
        Capability::Quick => "",
        Capability::Realtime => ".realtime",
    }
}

pub(crate) fn buy_address(capability: Capability) -> String {
    format!("/wxamp/wxacharge/buy?capability={}", capability_text(capability))
}

/// 概览: 用量统计.
pub(crate) async fn overview(SignedIn(program): SignedIn, State(platform): State<Arc<Platform>>) -> Page {
    let free = FreeRule::first_that_holds(program.subject, program.category).is_some();
    let app_id = program.app_id.clone();
    let rows = platform
        .read(move |_, accounts, now| {
            let mut rows = Vec::new();
            for capability in CAPABILITIES {
                let totals = accounts.get(&app_id, capability)?.totals(now);
                rows.push((capability, totals));
            }
            Ok(rows)
        })
        .await?;
    let content = html! {
        @if free {
            p class="message good" role="status" {
                "这个小程序符合免费规则，使用手机号验证组件不收费，不需要购买资源包。"
            }
        }
        section class="card" {
            h2 { "用量统计" }
            div class="scroll" {
                table {
                    thead { tr {
                        th scope="col" { "能力" } th scope="col" class="number" { "累计用量" }
                        th scope="col" class="number" { "剩余用量" } th scope="col" class="number" { "总量" }
                        th scope="col" { span class="visually-hidden" { "操作" } }
                    } }
                    tbody {
                        @for (capability, totals) in &rows {
                            @let end = suffix(*capability);
                            tr {
                                th scope="row" {
                                    a href={ "/wxamp/wxacharge/usage?capability=" (capability_text(*capability)) } { (component(*capability)) }
                                }
                                td class="number" data-testid={ "console.used" (end) } { (calls(totals.used.get())) "次" }
                                td class="number" data-testid={ "console.remaining" (end) } { (calls(totals.remaining.get())) "次" }
                                td class="number" data-testid={ "console.total" (end) } { (calls(totals.used.get() + totals.remaining.get())) "次" }
                                td class="end" { a class="button" href=(buy_address(*capability)) data-testid={ "console.buy" (end) } { "购买" } }
                            }
                        }
                    }
                }
            }
            p class="muted" { "每个小程序有 1,000 次体验额度，正式版、体验版、开发版共用，先于资源包使用。" }
        }
    };
    Ok(frame("付费管理", &program.name, Tab::Overview, content).into_response())
}

#[derive(Debug, Deserialize)]
pub(crate) struct Shelf {
    capability: Option<String>,
    days: Option<u16>,
}

/// Which capability a page is about: quick verification unless it says otherwise.
pub(crate) fn asked_capability(text: Option<&str>) -> Result<Capability, PageError> {
    text.map_or(Ok(Capability::Quick), |text| capability_from(text).map_err(|_| PageError::NotFound))
}

/// 选择用量包
pub(crate) async fn buy(
    SignedIn(program): SignedIn,
    State(platform): State<Arc<Platform>>,
    Query(shelf): Query<Shelf>,
) -> Page {
    let capability = asked_capability(shelf.capability.as_deref())?;
    let page = shelf_page(&platform, &program.app_id, &program.name, capability, shelf.days, None).await?;
    Ok(page.into_response())
}

async fn shelf_page(
    platform: &Platform,
    app_id: &str,
    name: &str,
    capability: Capability,
    days: Option<u16>,
    why: Option<&str>,
) -> Result<Markup, PageError> {
    let app_id = app_id.to_owned();
    let (average, on_sale) = platform
        .read(move |connection, _, now| {
            let average = recent_average(connection, &app_id, capability, now)?;
            Ok((average.ok().map(|average| average.monthly()), offers(capability, now)))
        })
        .await?;
    let reference = match average {
        None => "你的小程序最近没有用量。".to_owned(),
        Some(50) => "你的小程序最近平均用量少于50次/月。".to_owned(),
        Some(monthly) => format!("你的小程序最近平均用量约{}次/月。", calls(monthly)),
    };
    let sold = |days: u16| on_sale.iter().any(move |offer| offer.days.get() == days);
    let days = days.filter(|days| VALIDITIES.contains(days)).unwrap_or(VALIDITIES[0]);
    let shown: Vec<&Offer> = on_sale.iter().filter(|offer| offer.days.get() == days).collect();
    let content = html! {
        section class="card" {
            h2 { "选择用量包 · " (component(capability)) }
            p data-testid="console.reference" { strong { "参考数据：" } (reference) }
            (refusal(why))
            nav class="tabs" aria-label="有效期" {
                @for tab in VALIDITIES.into_iter().filter(|tab| sold(*tab)) {
                    a href={ (buy_address(capability)) "&days=" (tab) } aria-current=[(tab == days).then_some("page")]
                        data-testid={ "console.days." (tab) } { "有效期" (tab) "天" }
                }
            }
            form method="post" action="/wxamp/wxacharge/order" {
                input type="hidden" name="capability" value=(capability_text(capability));
                fieldset class="packs" {
                    legend class="visually-hidden" { "用量包" }
                    @for offer in &shown { (pack(offer)) }
                }
                div class="actions" {
                    button class="primary" data-testid="console.confirm" { "确认" }
                    a class="button" href="/wxamp/wxacharge" data-testid="console.cancel" { "取消" }
                }
            }
        }
    };
    Ok(frame("选择用量包", name, Tab::Overview, content))
}

fn pack(offer: &Offer) -> Markup {
    html! {
        label class="pack" {
            input type="radio" name="pack" value=(offer.id) required data-testid={ "console.pack." (offer.id) };
            span class="pack-calls" { (calls_short(offer.calls.get())) "次" }
            span class="muted" { "有效期" (offer.days) "天" }
            span class="pack-price" {
                (money(offer.price))
                @if offer.list_price != offer.price { " " s { (money(offer.list_price)) } }
            }
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    capability: Option<String>,
    #[serde(default)]
    pack: String,
}

/// Puts the chosen pack on order.
pub(crate) async fn place(
    SignedIn(program): SignedIn,
    State(platform): State<Arc<Platform>>,
    Form(choice): Form<Choice>,
) -> Page {
    let capability = asked_capability(choice.capability.as_deref())?;
    let app_id = program.app_id.clone();
    let placed = platform
        .write(move |connection, _, now| {
            match offers(capability, now).into_iter().find(|offer| offer.id == choice.pack) {
                Some(offer) => orders::place(connection, &app_id, &offer, now).map(Some),
                None => Ok(None),
            }
        })
        .await?;
    let Some(number) = placed else {
        let why = Some("请先选择一个用量包。");
        let page = shelf_page(&platform, &program.app_id, &program.name, capability, None, why).await?;
        return Ok(refused(page));
    };
    Ok(go_to(&format!("/wxamp/wxacharge/order/{number}")))
}
