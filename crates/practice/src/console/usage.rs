//! 我的用量: 用量整体情况, 用量曲线, and every package.

use super::charge::{asked_capability, buy_address, component};
use super::curve::curve;
use super::frame::{Tab, frame};
use super::session::SignedIn;
use crate::assumed::row_status;
use crate::model::{CAPABILITIES, capability_text};
use crate::pages::{Page, calls, date_time};
use crate::platform::Platform;
use crate::store::billing::daily_calls;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use billing_core::{LotView, Source, Status};
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// How many days the curve can show; the second is what it shows when nothing is said.
const CURVE_DAYS: [i64; 3] = [7, 30, 90];

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    capability: Option<String>,
    days: Option<i64>,
}

pub(crate) async fn page(
    SignedIn(program): SignedIn,
    State(platform): State<Arc<Platform>>,
    Query(asked): Query<Asked>,
) -> Page {
    let capability = asked_capability(asked.capability.as_deref())?;
    let days = asked.days.filter(|days| CURVE_DAYS.contains(days)).unwrap_or(CURVE_DAYS[1]);
    let app_id = program.app_id.clone();
    let (totals, lots, daily, now) = platform
        .read(move |connection, accounts, now| {
            let account = accounts.get(&app_id, capability)?;
            let daily = daily_calls(connection, &app_id, capability, now, days)?;
            Ok((account.totals(now), account.lots(now), daily, now))
        })
        .await?;
    let figures = [
        ("累计用量", totals.used.get(), "console.used"),
        ("剩余用量", totals.remaining.get(), "console.remaining"),
        ("总量", totals.used.get() + totals.remaining.get(), "console.total"),
    ];
    let content = html! {
        nav class="tabs small" aria-label="能力" {
            @for each in CAPABILITIES {
                a href={ "/wxamp/wxacharge/usage?capability=" (capability_text(each)) }
                    aria-current=[(each == capability).then_some("page")]
                    data-testid={ "console.spu." (capability_text(each)) } { (component(each)) }
            }
        }
        section class="card" {
            h2 { "用量整体情况" }
            dl class="figures" {
                @for (name, figure, id) in figures {
                    div { dt { (name) } dd data-testid=(id) { (calls(figure)) "次" } }
                }
            }
            p { a class="button" href=(buy_address(capability)) data-testid="console.buy" { "购买" } }
        }
        section class="card" {
            div class="card-head" {
                h2 { "用量曲线" }
                nav class="tabs small bare" aria-label="天数" {
                    @for each in CURVE_DAYS {
                        a href={ "/wxamp/wxacharge/usage?capability=" (capability_text(capability)) "&days=" (each) }
                            aria-current=[(each == days).then_some("page")] data-testid={ "console.curve." (each) } { (each) " 天" }
                    }
                }
            }
            (curve(&daily))
        }
        section class="card" { h2 { "用量明细" } (table(&lots, now)) }
    };
    Ok(frame("我的用量", &program.name, Tab::Usage, content).into_response())
}

fn table(lots: &[LotView], now: DateTime<Utc>) -> Markup {
    html! {
        div class="scroll" {
            table class="stacked" {
                thead { tr {
                    th scope="col" { "资源包" } th scope="col" { "来源" } th scope="col" { "状态" }
                    th scope="col" class="number" { "已用 / 总量" } th scope="col" { "生效时间" } th scope="col" { "失效时间" }
                } }
                tbody {
                    @for lot in lots {
                        tr data-testid={ "console.lot." (lot.lot) } {
                            th scope="row" { @if lot.source == Source::Trial { "体验额度" } @else { code { (lot.lot) } } }
                            td data-name="来源" { (source(lot.source)) }
                            td data-name="状态" { (status(lot, now)) }
                            td class="number" data-name="已用 / 总量" { (calls(lot.used.get())) " / " (calls(lot.total.get())) }
                            td data-name="生效时间" { (lot.effective_at.map_or_else(|| "–".to_owned(), date_time)) }
                            td data-name="失效时间" { (lot.expires_at.map_or_else(|| "长期有效".to_owned(), date_time)) }
                        }
                    }
                }
            }
        }
    }
}

const fn source(source: Source) -> &'static str {
    match source {
        Source::Trial => "体验额度",
        Source::Paid => "付费购买",
        Source::Allocated => "服务商分配",
    }
}

fn status(lot: &LotView, now: DateTime<Utc>) -> &'static str {
    match row_status(lot, now) {
        Status::NotYet => "未生效",
        Status::InEffect if lot.used == lot.total => "已用完",
        Status::InEffect => "生效中",
        Status::NoLonger if !lot.refunded.is_zero() => "已退款",
        Status::NoLonger => "已失效",
    }
}
