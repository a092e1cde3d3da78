//! The frame of every console page: the mini-program's name, the menu on the left, the tabs of 付费管理 **S3**.

use super::session::SignedIn;
use crate::pages::{Page, document};
use axum::response::IntoResponse;
use maud::{Markup, html};

/// Which entry of the menu is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tab {
    Overview,
    Usage,
    Orders,
    Invoices,
    Dev,
    Elsewhere,
}

impl Tab {
    const fn in_charge(self) -> bool {
        matches!(self, Self::Overview | Self::Usage | Self::Orders | Self::Invoices)
    }
}

const fn current(here: bool) -> Option<&'static str> {
    if here { Some("page") } else { None }
}

/// A console page of a mini-program.
pub(crate) fn frame(title: &str, program: &str, active: Tab, content: Markup) -> Markup {
    let tabs = [
        (Tab::Overview, "/wxamp/wxacharge", "概览", "console.tab.overview"),
        (Tab::Usage, "/wxamp/wxacharge/usage", "我的用量", "console.tab.usage"),
        (Tab::Orders, "/wxamp/wxacharge/orders", "全部订单", "console.tab.orders"),
        (Tab::Invoices, "/wxamp/wxacharge/invoices", "发票", "console.tab.invoices"),
    ];
    let body = html! {
        header class="top" {
            strong { "微信公众平台" }
            span class="who" data-testid="console.program" { (program) }
            form method="post" action="/cgi-bin/logout" {
                button class="quiet" data-testid="console.signout" { "退出" }
            }
        }
        div class="columns" {
            nav class="rail" aria-label="菜单" {
                span class="rail-head" { "管理" }
                a href="/wxamp/wxacharge" aria-current=[current(active.in_charge())] data-testid="console.nav.charge" { "付费管理" }
                span class="rail-head" { "开发管理" }
                a href="/wxamp/devprofile/get_profile" aria-current=[current(active == Tab::Dev)] data-testid="console.nav.dev" { "开发设置" }
            }
            main {
                @if active.in_charge() {
                    h1 { "付费管理" }
                    nav class="tabs" aria-label="付费管理" {
                        @for (tab, address, name, id) in tabs {
                            a href=(address) aria-current=[current(active == tab)] data-testid=(id) { (name) }
                        }
                    }
                }
                (content)
            }
        }
    };
    document(title, "console", body)
}

/// An address of the console that this platform has no page for.
pub(crate) async fn unknown(SignedIn(program): SignedIn) -> Page {
    let content = html! {
        h1 { "体验环境没有这一页" }
        p { "这里只有「付费管理」和「开发设置」。" }
        p { a class="button" href="/wxamp/wxacharge" { "去付费管理" } }
    };
    Ok(frame("没有这一页", &program.name, Tab::Elsewhere, content).into_response())
}
