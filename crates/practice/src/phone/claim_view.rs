//! What the claim page shows: the customer's phone, and what the mini-program's developer gets to know.

use super::claim::{Scene, Setup, Switch};
use super::number::{Objection, REGIONS};
use crate::assumed::NumberChoice;
use crate::charging::{Customer, SignedUp};
use crate::component::{Detail, Failure, NO_QUOTA_NOTICE, open_type};
use crate::member::masked;
use crate::model::{CAPABILITIES, ProgramVersion, Standing, capability_text};
use crate::pages::{calls, document, kind_name, phone_frame};
use billing_core::{AccountKind, Capability, Tariff};
use maud::{Markup, html};

/// A page of ours.
pub(super) type Shown = Markup;

/// The whole page, of whose phone one part is open. `callback` is what just reached the mini-program.
pub(super) fn stage(scene: &Scene, open: &Markup, callback: Option<&Detail>) -> Shown {
    let screen = html! {
        div class="screen claim" {
            div class="card-face" aria-hidden="true" {
                strong { (scene.program.shop) } span { "会员卡" }
            }
            h1 { (scene.program.shop) "会员卡" }
            p class="muted" { "领卡后积分、储值、优惠都记在这张卡上。" }
        }
        (open)
    };
    let body = html! {
        main class="stage" {
            (phone_frame(&scene.program.name, screen))
            (panel(scene, callback))
        }
        p class="phone-foot" { a href="/" { "体验环境首页" } }
    };
    document(&scene.program.name, "on-phone", body)
}

fn panel(scene: &Scene, callback: Option<&Detail>) -> Markup {
    let button = scene.setup.button();
    let unusual = scene.program.standing != Standing::Good
        || !scene.program.privacy_declared
        || !scene.setup.query().is_empty();
    let kind = scene.program.kind;
    html! {
        aside class="panel" aria-label="给开发者看" {
            h2 { "给开发者看" }
            p class="muted" {
                code data-testid="claim.component" { (component(kind, button.capability)) } " 还剩 "
                strong data-testid="claim.left" { (calls(scene.remaining)) } " 次。点按钮时查询额度，成功回调时扣一次。"
            }
            h3 { (kind_name(kind)) "收到的回调 " code { (callback_name(kind)) } }
            @match callback {
                Some(detail) => pre data-testid="claim.callback" {
                    (serde_json::to_string_pretty(detail).unwrap_or_default())
                },
                None => p class="muted" { "还没有。顾客同意或拒绝后，这里显示" (kind_name(kind)) "拿到的内容。" },
            }
            details open[unusual] { summary { "组件怎么写" } (setup_form(scene)) }
            details open[unusual] { summary { (kind_name(kind)) "的状态" } (condition_form(scene)) }
        }
    }
}

/// What the page asks for numbers with, as the tariff names it **W S0**.
fn component(kind: AccountKind, capability: Capability) -> &'static str {
    match kind {
        AccountKind::MiniProgram => open_type(capability),
        AccountKind::MiniGame => {
            Tariff::embedded().capability(kind, capability).map_or("", |tariff| tariff.component.as_str())
        }
    }
}

const fn callback_name(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::MiniProgram => "e.detail",
        AccountKind::MiniGame => "success / fail",
    }
}

/// The names of the two settings: attributes of a button, or fields of a call's object **W S0**.
const fn setting_names(kind: AccountKind) -> (&'static str, &'static str) {
    match kind {
        AccountKind::MiniProgram => ("open-type", "phone-number-no-quota-toast"),
        AccountKind::MiniGame => ("isRealtime", "phoneNumberNoQuotaToast"),
    }
}

/// What the first of them is set to.
const fn component_setting(kind: AccountKind, capability: Capability) -> &'static str {
    match (kind, capability) {
        (AccountKind::MiniProgram, _) => open_type(capability),
        (AccountKind::MiniGame, Capability::Quick) => "false（快速验证）",
        (AccountKind::MiniGame, Capability::Realtime) => "true（实时验证）",
    }
}

fn setup_form(scene: &Scene) -> Markup {
    let button = scene.setup.button();
    let kind = scene.program.kind;
    let (component, toast) = setting_names(kind);
    let versions = [
        (ProgramVersion::Release, "正式版"),
        (ProgramVersion::Trial, "体验版"),
        (ProgramVersion::Develop, "开发版"),
    ];
    html! {
        form method="get" action={ "/practice/claim/" (scene.program.app_id) } {
            label for="component" { (component) }
            select id="component" name="component" data-testid="claim.setup.component" {
                @for each in CAPABILITIES {
                    option value=(capability_text(each)) selected[each == button.capability] { (component_setting(kind, each)) }
                }
            }
            label for="toast" { (toast) }
            select id="toast" name="toast" data-testid="claim.setup.toast" {
                option value=(Switch::On.text()) selected[button.no_quota_toast] { "true（额度不足时微信弹半屏提示）" }
                option value=(Switch::Off.text()) selected[!button.no_quota_toast] { "false（由" (kind_name(kind)) "自己处理）" }
            }
            label for="version" { "版本（三个版本共用额度）" }
            select id="version" name="version" data-testid="claim.setup.version" {
                @for (version, name) in versions {
                    option value=(version.text()) selected[version == button.version] { (name) }
                }
            }
            button data-testid="claim.setup.apply" { "照这样打开页面" }
        }
    }
}

fn condition_form(scene: &Scene) -> Markup {
    let standings = [
        (Standing::Good, "已认证，可以使用"),
        (Standing::NoPermission, "个人主体或未认证（102）"),
        (Standing::Blocked, "能力被封禁（1421102）"),
    ];
    let declared = scene.program.privacy_declared;
    html! {
        form method="post" action=(address(scene, "/condition", scene.setup)) {
            label for="standing" { "手机号能力" }
            select id="standing" name="standing" data-testid="claim.condition.standing" {
                @for (standing, name) in standings {
                    option value=(standing.text()) selected[standing == scene.program.standing] { (name) }
                }
            }
            label for="privacy" { "用户隐私保护指引" }
            select id="privacy" name="privacy" data-testid="claim.condition.privacy" {
                option value=(Switch::On.text()) selected[declared] { "已声明收集手机号" }
                option value=(Switch::Off.text()) selected[!declared] { "没有声明（112）" }
            }
            button data-testid="claim.condition.apply" { "保存状态" }
        }
    }
}

fn address(scene: &Scene, step: &str, setup: Setup) -> String {
    format!("/practice/claim/{}{step}{}", scene.program.app_id, setup.query())
}

pub(super) fn start(scene: &Scene, customer: Option<Customer>) -> Markup {
    html! {
        div class="screen foot" {
            form method="post" action=(address(scene, "/tap", scene.setup)) {
                (customer_field(customer))
                button class="primary wide" data-testid="claim.get" { "免费领卡" }
            }
        }
    }
}

fn customer_field(customer: Option<Customer>) -> Markup {
    html! {
        @if let Some(customer) = customer {
            input type="hidden" name="customer" value=(customer.number());
        }
    }
}

fn message(test_id: &str, text: &str) -> Markup {
    html! {
        div class="screen foot" {
            p class="message" role="status" data-testid=(test_id) { (text) }
        }
    }
}

pub(super) fn no_cards() -> Markup {
    message("claim.no_cards", "会员卡已经领完了，请联系店家。")
}

pub(super) fn refused() -> Markup {
    message("claim.refused", "你没有授权手机号，暂时不能领卡。店家没有因此付费。")
}

/// WeChat's own half-screen notice.
pub(super) fn no_quota_notice(scene: &Scene) -> Markup {
    html! {
        div class="veil" {}
        div class="sheet" role="alertdialog" aria-label="提示" data-testid="claim.notice" data-errno="1400001" {
            p { (NO_QUOTA_NOTICE) }
            a class="button wide" href=(address(scene, "", scene.setup)) data-testid="claim.notice_close" { "我知道了" }
        }
    }
}

/// The shop's own words where WeChat says nothing.
pub(super) fn own_notice(failure: Failure) -> Markup {
    html! {
        div class="screen foot" {
            p class="message" role="status" data-testid="claim.own_notice" data-errno=(failure.errno()) {
                "暂时不能获取手机号，请联系店员帮你办卡。"
            }
        }
    }
}

pub(super) fn sheet(scene: &Scene, customer: Customer) -> Markup {
    let bound = masked(&customer.phone(NumberChoice::Bound));
    let second = masked(&customer.phone(NumberChoice::Second));
    html! {
        div class="veil" {}
        form class="sheet" role="dialog" aria-labelledby="sheet-title" method="post"
            action=(address(scene, "/answer", scene.setup)) data-testid="claim.sheet" {
            (customer_field(Some(customer)))
            p class="muted sheet-who" { span class="avatar" aria-hidden="true" {} (scene.program.name) }
            h2 id="sheet-title" { "申请获取并验证你的手机号" }
            p class="muted" {
                @match scene.setup.button().capability {
                    Capability::Quick => "用于领取会员卡",
                    Capability::Realtime => "用于领取会员卡，允许后由运营商实时验证",
                }
            }
            fieldset class="numbers" {
                legend class="visually-hidden" { "手机号" }
                label class="check" {
                    input type="radio" name="choice" value="bound" checked data-testid="claim.number.1";
                    span { (bound) small { "微信绑定号码" } }
                }
                label class="check" {
                    input type="radio" name="choice" value="second" data-testid="claim.number.2";
                    span { (second) small { "添加的号码" } }
                }
            }
            div class="two" {
                button name="agree" value="no" data-testid="claim.refuse" { "拒绝" }
                button class="primary" name="agree" value="yes" data-testid="claim.authorise" { "允许" }
            }
        }
    }
}

pub(super) fn outcome(signed_up: &SignedUp) -> Markup {
    let card = |title: &str, number: &str, phone_masked: &str| {
        html! {
            div class="screen foot" {
                div class="message good" role="status" data-testid="claim.success" {
                    strong { (title) }
                    p { "卡号 " span data-testid="claim.card_number" { (number) } }
                    p { "手机号 " span data-testid="claim.phone" { (phone_masked) } }
                }
            }
        }
    };
    match signed_up {
        SignedUp::Card { number, phone_masked } => card("领卡成功", number, phone_masked),
        SignedUp::Returning { number, phone_masked } => card("你已经有会员卡了", number, phone_masked),
        SignedUp::NotFetched => message("claim.failed", "暂时取不到手机号，请稍后再试。"),
        SignedUp::NoCards => no_cards(),
    }
}

/// `typed` is the code that was chosen and the number. Customers from abroad read the objection in English.
pub(super) fn manual(
    scene: &Scene,
    customer: Customer,
    (code, typed): (&str, &str),
    why: Option<Objection>,
) -> Markup {
    html! {
        div class="screen foot" {
            @if let Some((chinese, english)) = why.map(Objection::text) {
                div class="message danger" role="alert" data-testid="page.error" {
                    p { (chinese) } p lang="en" { (english) }
                }
            }
            form method="post" action=(address(scene, "/number", scene.setup)) {
                (customer_field(Some(customer)))
                label for="code" { "国家或地区 " span lang="en" { "Country or region" } }
                select id="code" name="code" autocomplete="off" data-testid="claim.manual.code" {
                    @for (each, name) in REGIONS {
                        option value=(each) selected[each == code] { "+" (each) " " (name) }
                    }
                }
                label for="number" { "手机号 " span lang="en" { "Mobile number" } }
                input id="number" name="number" type="text" inputmode="tel" autocomplete="off" maxlength="30" required
                    placeholder="或 + 和区号开头"

                    value=(typed) data-testid="claim.manual.number";
                button class="primary wide" data-testid="claim.manual.submit" { "领卡" }
            }
        }
    }
}
