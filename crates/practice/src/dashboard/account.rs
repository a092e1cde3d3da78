//! `/practice/account/{app_id}`: secrets for practice, what is left, how to run it dry, and how to point code at it.

use super::clock::clock_form;
use crate::console::password::{KNOWN_HASH, KNOWN_PASSWORD};
use crate::customers::{self, Manner, time};
use crate::model::{Habits, Program};
use crate::pages::{
    Page, PageError, calls, date_time, document, go_to, kind_name, refusal, refused, subject_name,
};
use crate::platform::Platform;
use crate::store::error::invalid_row;
use crate::store::programs;
use crate::store::shops::{self, Shop};
use crate::store::traffic as stored;
use crate::{charging, ids};
use axum::extract::{Form, Path, State};
use axum::response::IntoResponse;
use billing_core::{AccountKind, Capability, Totals};
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

struct View {
    program: Program,
    shop: Shop,
    totals: Totals,
    habits: Option<Habits>,
    now: DateTime<Utc>,
    port: u16,
}

async fn view(platform: &Platform, app_id: &str) -> Result<View, PageError> {
    let (port, app_id) = (platform.port, app_id.to_owned());
    let found = platform
        .read(move |connection, accounts, now| {
            let Some(program) = programs::find(connection, &app_id)? else { return Ok(None) };
            let shop = shops::find(connection, &app_id)?.ok_or_else(|| invalid_row("no shop"))?;
            let totals = accounts.get(&app_id, Capability::Quick)?.totals(now);
            let traffic = stored::all(connection)?.into_iter().find(|traffic| traffic.app_id == app_id);
            let habits = traffic.map(|traffic| traffic.habits);
            Ok(Some(View { program, shop, totals, habits, now, port }))
        })
        .await?;
    found.ok_or(PageError::NotFound)
}

pub(super) async fn page(State(platform): State<Arc<Platform>>, Path(app_id): Path<String>) -> Page {
    Ok(shown(&view(&platform, &app_id).await?, None).into_response())
}

fn address(app_id: &str) -> String {
    format!("/practice/account/{app_id}")
}

fn shown(view: &View, why: Option<&str>) -> Markup {
    let here = address(&view.program.app_id);
    let content = html! {
        main class="narrow wide-narrow" {
            p { a href="/" { "‹ 体验环境首页" } }
            h1 { (view.program.name) }
            (refusal(why))
            (keys(view))
            section class="card" {
                div class="card-head" {
                    h2 { "快速验证额度" }
                    span class="muted" { (date_time(view.now)) }
                }
                dl class="figures" {
                    div { dt { "剩余用量" } dd data-testid="account.remaining" { (calls(view.totals.remaining.get())) "次" } }
                    div { dt { "累计用量" } dd data-testid="account.used" { (calls(view.totals.used.get())) "次" } }
                }
                (use_up_form(&here))
                (clock_form(&here))
            }
            (customers_card(view, &here))
            (wiring(view))
        }
    };
    document(&view.program.name, "plain", content)
}

fn keys(view: &View) -> Markup {
    let program = &view.program;
    let secret = ids::known_app_secret(&program.app_id);
    let key = ids::known_access_key(&program.app_id);
    let is = |known: &str, stored: Option<&String>| stored.is_some_and(|stored| ids::matches(known, stored));
    html! {
        section class="card" {
            div class="card-head" { h2 { "账号" } span class="muted" { (kind_name(program.kind)) " · " (subject_name(program.subject)) } }
            dl class="rows" {
                dt { "AppID" } dd { code { (program.app_id) } }
                dt { "AppSecret" }
                dd {
                    @if is(&secret, program.secret_hash.as_ref()) { code data-testid="account.secret" { (secret) } }
                    @else if program.secret_hash.is_some() { "在「开发设置」里生成的，只在生成时显示过" }
                    @else { "未生成：登录微信公众平台，到「开发设置」生成" }
                }
                dt { "会员卡平台密钥" }
                dd {
                    @if is(&key, view.shop.key_hash.as_ref()) { code data-testid="account.key" { (key) } }
                    @else if view.shop.key_hash.is_some() { "在会员卡后台生成的，只在生成时显示过" }
                    @else { "未生成：到会员卡后台生成" }
                }
                dt { "登录邮箱" }
                dd {
                    @if program.password_hash.as_deref() == Some(KNOWN_HASH) {
                        (ids::made_up_email(&program.app_id)) "，密码 " code { (KNOWN_PASSWORD) }
                    } @else if program.login_email_hash.is_some() { "已设置" }
                    @else { "未设置：在「小程序助手」里设置" }
                }
            }
            p class="row-links" {
                a href={ "/practice/claim/" (program.app_id) } { "顾客的手机" }
                a href={ "/practice/card-office/" (program.app_id) } { "会员卡后台" }
                a href={ "/practice/phone/helper/" (program.app_id) } { "小程序助手" }
                a href="/cgi-bin/loginpage?redirect_url=/wxamp/wxacharge" { "微信公众平台" }
            }
            p class="muted" { "这些密钥只在体验环境里有用，写在代码里也没关系。" }
        }
    }
}

fn use_up_form(here: &str) -> Markup {
    html! {
        form class="inline" method="post" action={ (here) "/use-up" } {
            span { "想马上看到 1400001：" }
            button class="small" name="leave" value="1" data-testid="account.use_up.1" { "用到只剩 1 次" }
            button class="small" name="leave" value="0" data-testid="account.use_up.0" { "全部用完" }
        }
        p class="muted" { "一次扣掉，不留领卡记录。之后到顾客的手机上点「免费领卡」，或调用下面的组件接口。" }
    }
}

fn customers_card(view: &View, here: &str) -> Markup {
    let habits = view.habits.unwrap_or(Habits { per_hour: 0, refuse_percent: 5, repeat_percent: 3 });
    html! {
        section class="card" {
            h2 { "顾客" }
            form class="inline" method="post" action={ (here) "/customers" } {
                label for="count" { "现在来" }
                input id="count" name="count" type="number" min="1" max="1000" value="10" required data-testid="account.customers.count";
                span { "位，" }
                button class="small" name="manner" value="authorise" data-testid="account.customers.authorise" { "都允许" }
                button class="small" name="manner" value="refuse" data-testid="account.customers.refuse" { "都拒绝" }
                button class="small" name="manner" value="repeat" data-testid="account.customers.repeat" { "都授权两次" }
            }
            h3 { "客流" }
            p class="muted" data-testid="account.traffic" {
                @match view.habits {
                    None => "没有。设好以后，顾客按周几和钟点自己来，10 点到 21 点，周末多。",
                    Some(habits) => {
                        "平均每小时 " (habits.per_hour) " 位，" (habits.refuse_percent) "% 拒绝，" (habits.repeat_percent) "% 授权两次。"
                    }
                }
            }
            form class="inline" method="post" action={ (here) "/traffic" } {
                label for="per_hour" { "每小时" }
                input id="per_hour" name="per_hour" type="number" min="0" max="1000" value=(habits.per_hour) required data-testid="account.traffic.per_hour";
                label for="refuse_percent" { "拒绝 %" }
                input id="refuse_percent" name="refuse_percent" type="number" min="0" max="100" value=(habits.refuse_percent) required;
                label for="repeat_percent" { "授权两次 %" }
                input id="repeat_percent" name="repeat_percent" type="number" min="0" max="100" value=(habits.repeat_percent) required;
                button class="small" data-testid="account.traffic.set" { "设为这样" }
            }
        }
    }
}

/// How a kind of account writes the component, and what it is replaced by.
struct Component {
    replaced: &'static str,
    /// The setting that chooses the capability, in a script and in JSON.
    script: &'static str,
    json: &'static str,
    handled: &'static str,
    callback: &'static str,
}

impl Component {
    const fn of(kind: AccountKind) -> Self {
        match kind {
            AccountKind::MiniProgram => Self {
                replaced: "<button open-type=\"getPhoneNumber\">",
                script: "open_type: 'getPhoneNumber'",
                json: "\"open_type\":\"getPhoneNumber\"",
                handled: "this.onGetPhoneNumber({ detail: data.detail })",
                callback: "e.detail",
            },
            AccountKind::MiniGame => Self {
                replaced: "wx.getPhoneNumber({ isRealtime: true, success, fail })",
                script: "is_realtime: true",
                json: "\"is_realtime\":true",
                handled: "(data.detail.code ? success : fail)(data.detail)",
                callback: "success / fail",
            },
        }
    }
}

/// How to point a mini-program or a mini-game, and its backend, here.
fn wiring(view: &View) -> Markup {
    let base = format!("http://127.0.0.1:{}", view.port);
    let Program { app_id, kind, .. } = &view.program;
    let token = format!(
        "curl -s {base}/cgi-bin/stable_token -d '{{\"grant_type\":\"client_credential\",\"appid\":\"{app_id}\",\"secret\":\"AppSecret\"}}'"
    );
    let usage =
        format!("curl -s '{base}/wxa/charge/usage/get?access_token=TOKEN&spuId=10000077&offset=0&limit=20'");
    let name = kind_name(*kind);
    let Component { replaced, script, json, handled, callback } = Component::of(*kind);
    let call = format!(
        "curl -s {base}/practice/component/{app_id} -H 'content-type: application/json' \\\n  -d '{{{json},\"answer\":\"agree\"}}'"
    );
    let page = format!(
        "// 只在开发版里：代替 {replaced}\nwx.request({{\n  url: '{base}/practice/component/{app_id}',\n  method: 'POST',\n  data: {{ {script}, answer: 'agree' }}, // 或 'refuse'\n  success: ({{ data }}) => {handled},\n}})"
    );
    html! {
        section class="card" {
            h2 { "接上你的代码" }
            h3 { "后端" }
            p { "把接口地址 " code { "https://api.weixin.qq.com" } " 换成 " code data-testid="account.base" { (base) } "，AppID 和 AppSecret 用上面的。例如：" }
            pre { (token) "\n" (usage) }
            @if *kind == AccountKind::MiniGame {
                p class="muted" { "用量接口答不答复小游戏，微信没有说。这里假定不答复：" code { "48001" } "。" }
            }
            h3 { (name) }
            p { "真正的按钮在微信里，指不到别处。开发版可以改成调用下面的接口，它返回和 " code { (callback) } " 一样的内容：成功有 " code { "code" } "，拒绝是 103，额度用完是 1400001。开发者工具里要勾选「不校验合法域名」。" }
            pre data-testid="account.component" { (page) }
            p { "不写代码也能试：" }
            pre { (call) }
            p class="muted" { "拿到的 code 用 " code { "/wxa/business/getuserphonenumber" } " 换手机号，5 分钟内一次有效。" }
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Left {
    leave: u64,
}

/// Charges everything but some calls at once.
pub(super) async fn use_up(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Form(left): Form<Left>,
) -> Page {
    let asked = app_id.clone();
    platform
        .write(move |connection, accounts, now| {
            if programs::find(connection, &asked)?.is_none() {
                return Ok(());
            }
            let account = accounts.get(&asked, Capability::Quick)?;
            // Where nothing is charged there is nothing to use up.
            let spare = if account.charges_at(now) { account.usable(now).get() } else { 0 };
            let calls = spare.saturating_sub(left.leave);
            if calls > 0 {
                charging::use_up(connection, accounts, &asked, calls, now)?;
            }
            Ok(())
        })
        .await?;
    Ok(go_to(&address(&app_id)))
}

#[derive(Debug, Deserialize)]
pub(super) struct Sent {
    count: u32,
    manner: Manner,
}

/// Sends customers at once.
pub(super) async fn customers(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Form(sent): Form<Sent>,
) -> Page {
    let count = sent.count.min(customers::SENT_MAX);
    let tally = customers::send(&platform, &app_id, count, sent.manner, true).await?;
    tally.ok_or(PageError::NotFound)?;
    Ok(go_to(&address(&app_id)))
}

#[derive(Debug, Deserialize)]
pub(super) struct Wished {
    per_hour: u32,
    refuse_percent: u8,
    repeat_percent: u8,
}

/// Lets customers come by themselves.
pub(super) async fn traffic(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Form(wished): Form<Wished>,
) -> Page {
    let Ok(habits) = Habits::new(wished.per_hour, wished.refuse_percent, wished.repeat_percent) else {
        let why = Some("每小时 0 到 1000 位；拒绝和授权两次加起来不超过 100%。");
        return Ok(refused(shown(&view(&platform, &app_id).await?, why)));
    };
    if time::set_traffic(&platform, app_id.clone(), habits).await? {
        Ok(go_to(&address(&app_id)))
    } else {
        Err(PageError::NotFound)
    }
}
