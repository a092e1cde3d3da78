//! 开发设置: AppID, and the AppSecret that is shown only once **W**.

use super::frame::{Tab, frame};
use super::session::SignedIn;
use crate::ids;
use crate::model::Program;
use crate::pages::{Page, date_time, refusal, refused};
use crate::platform::Platform;
use crate::store::programs;
use axum::extract::{Form, State};
use axum::response::IntoResponse;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

pub(crate) async fn page(SignedIn(program): SignedIn) -> Page {
    Ok(profile(&program, None, None).into_response())
}

fn profile(program: &Program, secret: Option<&str>, why: Option<&str>) -> Markup {
    let content = html! {
        h1 { "开发设置" }
        section class="card" {
            h2 { "开发者 ID" }
            dl class="rows" {
                dt { "AppID（小程序 ID）" } dd { code data-testid="dev.app_id" { (program.app_id) } }
                dt { "AppSecret（小程序密钥）" }
                dd data-testid="dev.secret_state" {
                    @match program.secret_set_at {
                        Some(at) => { "已启用，" (date_time(at)) " 生成" }
                        None => { "未生成" }
                    }
                }
            }
            @if let Some(secret) = secret {
                div class="message warn" role="status" {
                    p { "请现在就保存 AppSecret。关闭后平台不再显示，忘记只能重置。" }
                    p { code class="secret" data-testid="dev.app_secret" { (secret) } }
                    p { a class="button" href="/wxamp/devprofile/get_profile" data-testid="dev.close" { "我已保存" } }
                }
            } @else {
                (refusal(why))
                form method="post" action="/wxamp/devprofile/get_profile" {
                    @if program.secret_hash.is_some() {
                        label class="check" {
                            input type="checkbox" name="understood" value="on" data-testid="dev.understood";
                            span { "我知道：重置后旧的 AppSecret 立刻失效，正在用它的系统会马上断开。" }
                        }
                    }
                    button data-testid="dev.generate" { @if program.secret_hash.is_some() { "重置" } @else { "生成" } }
                }
            }
        }
    };
    frame("开发设置", &program.name, Tab::Dev, content)
}

#[derive(Debug, Deserialize)]
pub(crate) struct Consent {
    understood: Option<String>,
}

/// Generates or resets the AppSecret. It is shown only in this answer.
pub(crate) async fn generate(
    SignedIn(program): SignedIn,
    State(platform): State<Arc<Platform>>,
    Form(consent): Form<Consent>,
) -> Page {
    if program.secret_hash.is_some() && consent.understood.is_none() {
        let why = Some("重置会让旧的 AppSecret 立刻失效，请先勾选确认。");
        return Ok(refused(profile(&program, None, why)));
    }
    let secret = ids::app_secret();
    let hash = ids::digest_hex(&secret);
    let app_id = program.app_id.clone();
    let stored = platform
        .write(move |connection, _, now| {
            programs::set_secret(connection, &app_id, &hash, now)?;
            programs::find(connection, &app_id)
        })
        .await?;
    Ok(profile(&stored.unwrap_or(program), Some(&secret), None).into_response())
}
