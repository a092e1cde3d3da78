//! `/practice/provider`: a service provider's own console, as far as practising needs it: its AppSecret, and buying in
//! bulk. In life that is fuwu.weixin.qq.com.

use crate::catalogue;
use crate::ids;
use crate::pages::{Page, calls, calls_short, date_time, document, go_to, money};
use crate::platform::Platform;
use crate::store::agents::{self, Agent};
use crate::store::bulk::{self, BulkOrder};
use axum::extract::{Form, State};
use axum::response::IntoResponse;
use billing_core::Capability;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

const HERE: &str = "/practice/provider";

struct View {
    provider: Option<Agent>,
    orders: Vec<(BulkOrder, u64)>,
}

async fn view(platform: &Platform) -> Result<View, crate::pages::PageError> {
    let found = platform
        .read(|connection, _, _| {
            let provider = agents::all(connection)?.into_iter().find(|agent| agent.kind == "provider");
            let mut orders = Vec::new();
            if let Some(provider) = &provider {
                for order in bulk::all(connection, &provider.app_id, Capability::Quick)? {
                    let left = bulk::pool(connection, &order)?.left().get();
                    orders.push((order, left));
                }
            }
            Ok(View { provider, orders })
        })
        .await?;
    Ok(found)
}

pub(super) async fn page(State(platform): State<Arc<Platform>>) -> Page {
    Ok(shown(&view(&platform).await?, None).into_response())
}

fn shown(view: &View, secret: Option<&str>) -> Markup {
    let content = html! {
        main class="narrow wide-narrow" {
            p { a href="/" { "‹ 体验环境首页" } }
            h1 { "服务商平台" }
            @if let Some(provider) = &view.provider {
                section class="card" {
                    h2 { (provider.name) }
                    p { "AppID " code data-testid="provider.app_id" { (provider.app_id) } }
                    @if let Some(secret) = secret {
                        div class="message warn" role="status" {
                            p { "请现在就保存 AppSecret，关闭后不再显示。" }
                            p { code class="secret" data-testid="provider.app_secret" { (secret) } }
                            p { a class="button" href=(HERE) { "我已保存" } }
                        }
                    } @else {
                        form method="post" action={ (HERE) "/secret" } {
                            button data-testid="provider.generate" { "生成 AppSecret" }
                        }
                    }
                }
                (orders(&view.orders))
            }
        }
    };
    document("服务商平台", "console", content)
}

fn orders(orders: &[(BulkOrder, u64)]) -> Markup {
    html! {
        section class="card" {
            h2 { "集采订单" }
            @for pack in catalogue::wholesales(Capability::Quick) {
                form class="row" method="post" action={ (HERE) "/order" } {
                    span { (calls_short(pack.calls.get())) "次 · 有效期 " (pack.days.get()) " 天 · " span class="price" { (money(pack.price)) } }
                    button class="small" name="sku" value=(pack.sku_id) data-testid={ "provider.buy." (pack.sku_id) } { "买一份并付款" }
                }
            }
            @if orders.is_empty() { p class="muted" { "还没有订单。" } }
            @else {
                table class="stacked" data-testid="provider.orders" {
                    thead { tr {
                        th scope="col" { "订单号" } th scope="col" { "付款时间" }
                        th scope="col" class="number" { "剩余" } th scope="col" class="number" { "总量" }
                    } }
                    tbody {
                        @for (order, left) in orders {
                            tr {
                                th scope="row" { (order.id) }
                                td data-name="付款时间" { @if let Some(at) = order.paid_at { (date_time(at)) } @else { "–" } }
                                td class="number" data-name="剩余" { (calls(*left)) }
                                td class="number" data-name="总量" { (calls(order.calls.get())) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A new AppSecret. It is shown only in this answer.
pub(super) async fn secret(State(platform): State<Arc<Platform>>) -> Page {
    let secret = ids::app_secret();
    let before = view(&platform).await?;
    if let Some(provider) = &before.provider {
        let (app_id, new) = (provider.app_id.clone(), secret.clone());
        platform.write(move |connection, _, _| agents::set_secret(connection, &app_id, &new)).await?;
    }
    Ok(shown(&before, Some(&secret)).into_response())
}

#[derive(Debug, Deserialize)]
pub(super) struct Order {
    sku: u64,
}

/// One wholesale pack, ordered and paid.
pub(super) async fn order(State(platform): State<Arc<Platform>>, Form(wanted): Form<Order>) -> Page {
    platform
        .write(move |connection, _, now| {
            let provider = agents::all(connection)?.into_iter().find(|agent| agent.kind == "provider");
            if let (Some(provider), Some(pack)) = (provider, catalogue::wholesale(wanted.sku)) {
                bulk::place(connection, &provider.app_id, &pack, 1, (true, false), now)?;
            }
            Ok(())
        })
        .await?;
    Ok(go_to(HERE))
}
