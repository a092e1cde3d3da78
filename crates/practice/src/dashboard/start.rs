//! `/`: what this is, and its accounts.

use super::clock::clock_form;
use crate::model::Program;
use crate::pages::{Page, calls, date_time, document, kind_name, subject_name};
use crate::platform::Platform;
use crate::store::programs;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use billing_core::Capability;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// Accounts of one page.
const A_PAGE: u32 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    q: String,
    page: u32,
}

pub(super) async fn page(State(platform): State<Arc<Platform>>, Query(wanted): Query<Wanted>) -> Page {
    let (text, number) = (wanted.q.trim().to_owned(), wanted.page);
    let (rows, found, now) = platform
        .read(move |connection, accounts, now| {
            let (programs, found) =
                programs::search(connection, &text, number.saturating_mul(A_PAGE), A_PAGE)?;
            let mut rows = Vec::with_capacity(programs.len());
            for program in programs {
                let totals = accounts.get(&program.app_id, Capability::Quick)?.totals(now);
                rows.push((program, totals.used.get(), totals.remaining.get()));
            }
            Ok((rows, found, now))
        })
        .await?;
    let many = found > A_PAGE || !wanted.q.is_empty();
    let content = html! {
        main class="narrow wide-narrow" {
            h1 { "体验环境" }
            p {
                "这里是微信平台和会员卡平台的本地替身：规则和接口照着真实平台做，但一切都发生在这台电脑上，不需要注册，也不花钱。"
            }
            section class="card" {
                div class="card-head" {
                    h2 { "体验时间" }
                    span { span data-testid="dashboard.now" { (date_time(now)) } "（北京时间）" }
                }
                (clock_form("/"))
                p class="muted" { "时间只能往前。设了客流的店，顾客会在拨过的时间里照常来。" }
            }
            section class="card" {
                h2 { "从哪里开始" }
                ul class="links" {
                    li {
                        a href="/practice/phone" data-testid="start.phone" { "管理员的手机" }
                        span class="muted" { "在「小程序助手」里设置登录邮箱和密码" }
                    }
                    li {
                        a href="/cgi-bin/loginpage?redirect_url=/wxamp/wxacharge" data-testid="start.console" { "微信公众平台" }
                        span class="muted" { "看用量、买资源包、退款、开发票、生成 AppSecret" }
                    }
                    li {
                        a href="/practice/provider" data-testid="start.provider" { "服务商平台" }
                        span class="muted" { "批量采购资源包，再分给多个小程序" }
                    }
                    li {
                        a href="/member-card/v1/openapi.yaml" data-testid="start.openapi" { "会员卡平台接口" }
                        span class="muted" { "OpenAPI 3.1，会员卡平台照着它就能和软件对接" }
                    }
                }
            }
            div class="card-head list-head" {
                h2 { "小程序和小游戏 " span class="muted" { (calls(u64::from(found))) " 个" } }
                @if many {
                    form class="search" method="get" action="/" role="search" {
                        label class="visually-hidden" for="q" { "名称或 AppID" }
                        input id="q" name="q" type="search" placeholder="名称或 AppID" value=(wanted.q) data-testid="start.search";
                        button { "查找" }
                    }
                }
            }
            @for (program, used, remaining) in &rows { (card(program, *used, *remaining)) }
            @if rows.is_empty() { p class="muted" { "没有这样的小程序或小游戏。" } }
            (pager(&wanted, found))
        }
    };
    Ok(document("首页", "plain", content).into_response())
}

fn card(program: &Program, used: u64, remaining: u64) -> Markup {
    let app_id = &program.app_id;
    html! {
        section class="card account" data-testid={ "start.account." (app_id) } {
            div class="card-head" {
                h3 { a href={ "/practice/account/" (app_id) } data-testid={ "start.open." (app_id) } { (program.name) } }
                span class="muted" { (kind_name(program.kind)) " · " (subject_name(program.subject)) }
            }
            p {
                "AppID " code { (app_id) }
                " · 已用 " span class="number" { (calls(used)) } " 次，还剩 "
                strong class=[(remaining == 0).then_some("dry")] data-testid={ "start.remaining." (app_id) } { (calls(remaining)) }
                " 次"
            }
            p class="row-links" {
                a href={ "/practice/claim/" (app_id) } data-testid={ "start.claim." (app_id) } { "顾客的手机" }
                a href={ "/practice/card-office/" (app_id) } data-testid={ "start.office." (app_id) } { "会员卡后台" }
                a href={ "/practice/account/" (app_id) } { "密钥、接入、客流" }
            }
        }
    }
}

fn pager(wanted: &Wanted, found: u32) -> Markup {
    let address = |page: u32| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &wanted.q).append_pair("page", &page.to_string());
        format!("/?{}", query.finish())
    };
    let pages = found.div_ceil(A_PAGE);
    html! {
        @if pages > 1 {
            nav class="actions" aria-label="翻页" {
                @if wanted.page > 0 { a class="button" href=(address(wanted.page - 1)) data-testid="start.previous" { "上一页" } }
                span class="muted" { "第 " (wanted.page.saturating_add(1)) " 页，共 " (pages) " 页" }
                @if wanted.page.saturating_add(1) < pages { a class="button" href=(address(wanted.page + 1)) data-testid="start.next" { "下一页" } }
            }
        }
    }
}
