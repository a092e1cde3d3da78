//! The customer's side: 免费领卡, the authorisation sheet, and what comes of it **S3**.

use super::claim_view::{self as view, Shown};
use super::number::{self, MAINLAND};
use crate::assumed::NumberChoice;
use crate::charging::{self, Customer, SignedUp, Tapped};
use crate::component::{Button, Detail, Failure};
use crate::model::{PHONE_NUMBER, Program, ProgramVersion, Standing, capability_text};
use crate::pages::{Page, PageError, go_to, refused};
use crate::platform::Platform;
use crate::store::billing::Accounts;
use crate::store::error::{Stored, invalid_row};
use crate::store::programs;
use crate::store::shops::{self, Shop};
use axum::extract::{Form, Path, Query, State};
use axum::response::IntoResponse;
use billing_core::Capability;
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use serde::Deserialize;
use std::sync::Arc;

words! {
    /// A setting of the button that is on or off.
    Switch {
        On = "on",
        Off = "off",
    }
}

/// How the page has the button; every address of the claim page carries it.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub(crate) struct Setup {
    component: Option<Capability>,
    /// `phone-number-no-quota-toast`
    toast: Option<Switch>,
    version: Option<ProgramVersion>,
}

impl Setup {
    pub(super) fn button(self) -> Button {
        let usual = Button::default();
        Button {
            capability: self.component.unwrap_or(usual.capability),
            no_quota_toast: self.toast != Some(Switch::Off),
            version: self.version.unwrap_or(usual.version),
        }
    }

    /// The same as the query of an address; nothing for the usual button.
    pub(super) fn query(self) -> String {
        let button = self.button();
        if button == Button::default() {
            return String::new();
        }
        let toast = if button.no_quota_toast { Switch::On } else { Switch::Off };
        let capability = capability_text(button.capability);
        format!("?component={capability}&toast={}&version={}", toast.text(), button.version.text())
    }
}

/// Who stands at the till.
#[derive(Debug, Deserialize)]
pub(crate) struct Who {
    customer: Option<u32>,
}

/// The mini-program, its shop, and what is left for the button.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) program: Program,
    pub(super) shop: Shop,
    pub(super) setup: Setup,
    pub(super) remaining: u64,
}

/// Nothing for an unknown AppID.
fn scene(
    connection: &Connection,
    accounts: &Accounts,
    app_id: &str,
    setup: Setup,
    now: DateTime<Utc>,
) -> Stored<Option<Scene>> {
    let Some(program) = programs::find(connection, app_id)? else { return Ok(None) };
    let shop = shops::find(connection, app_id)?.ok_or_else(|| invalid_row("a mini-program without shop"))?;
    let totals = accounts.get(app_id, setup.button().capability)?.totals(now);
    Ok(Some(Scene { program, shop, setup, remaining: totals.remaining.get() }))
}

/// The number given, if it is one. Without a number the next customer comes.
fn given(customer: Option<u32>) -> Result<Option<Customer>, PageError> {
    customer.map(|number| Customer::new(number).ok_or(PageError::NotFound)).transpose()
}

pub(crate) async fn page(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Query(setup): Query<Setup>,
    Query(who): Query<Who>,
) -> Page {
    let customer = given(who.customer)?;
    let found = platform
        .read(move |connection, accounts, now| scene(connection, accounts, &app_id, setup, now))
        .await?;
    let scene = found.ok_or(PageError::NotFound)?;
    Ok(view::stage(&scene, &view::start(&scene, customer), None).into_response())
}

/// The tap on 免费领卡.
pub(crate) async fn tap(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Query(setup): Query<Setup>,
    Form(who): Form<Who>,
) -> Page {
    let customer = given(who.customer)?;
    let found = platform
        .read(move |connection, accounts, now| {
            let Some(scene) = scene(connection, accounts, &app_id, setup, now)? else { return Ok(None) };
            let customer = match customer {
                Some(customer) => customer,
                None => Customer::next(connection, &app_id)?,
            };
            let tapped = charging::tap(accounts, &scene.program, &scene.shop, setup.button(), now)?;
            Ok(Some((scene, customer, tapped)))
        })
        .await?;
    let (scene, customer, tapped) = found.ok_or(PageError::NotFound)?;
    let page = match tapped {
        Tapped::NoCards => view::stage(&scene, &view::no_cards(), None),
        Tapped::Uncharged(_) => {
            view::stage(&scene, &view::manual(&scene, customer, (MAINLAND, ""), None), None)
        }
        Tapped::Sheet => view::stage(&scene, &view::sheet(&scene, customer), None),
        Tapped::Failed(failure) => failed(&scene, failure),
    };
    Ok(page.into_response())
}

/// What the customer sees when the component fails, and what the mini-program's callback gets.
fn failed(scene: &Scene, failure: Failure) -> Shown {
    let button = scene.setup.button();
    let open = match failure {
        Failure::NoQuota if button.no_quota_toast => view::no_quota_notice(scene),
        Failure::Denied => view::refused(),
        // Nothing from WeChat: it is the shop's own page that says something.
        Failure::NoQuota | Failure::NoPermission | Failure::PrivacyNotDeclared | Failure::Blocked => {
            view::own_notice(failure)
        }
    };
    view::stage(scene, &open, Some(&Detail::failure(scene.program.kind, button.capability, failure)))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Reply {
    customer: Option<u32>,
    #[serde(default)]
    choice: String,
    #[serde(default)]
    agree: String,
}

/// The charge node, and what the shop's backend makes of it. A refusal costs nothing.
pub(crate) async fn answer(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Query(setup): Query<Setup>,
    Form(reply): Form<Reply>,
) -> Page {
    let customer = given(reply.customer)?.ok_or(PageError::NotFound)?;
    let choice = if reply.choice == "second" { NumberChoice::Second } else { NumberChoice::Bound };
    let agreed = reply.agree == "yes";
    let asked = app_id.clone();
    let found = platform
        .write(move |connection, accounts, now| {
            let Some(scene) = scene(connection, accounts, &asked, setup, now)? else { return Ok(None) };
            if !agreed {
                return Ok(Some((scene, Err(Failure::Denied))));
            }
            let who = (customer, choice);
            let charged = charging::charge(connection, accounts, &asked, who, setup.button(), now)?;
            let charged = charged.ok_or(Failure::NoQuota);
            let spent = u64::from(charged.is_ok());
            let remaining = scene.remaining.saturating_sub(spent);
            Ok(Some((Scene { remaining, ..scene }, charged)))
        })
        .await?;
    let (scene, charged) = found.ok_or(PageError::NotFound)?;
    let success = match charged {
        Ok(success) => success,
        Err(failure) => return Ok(failed(&scene, failure).into_response()),
    };
    let detail = Detail::success(scene.program.kind, setup.button().capability, success.code.clone());
    // Charged and committed. From here on it is the shop's backend, whose call can fail without giving the charge back.
    let call_works = platform.faults.backend_call(PHONE_NUMBER).await;
    let signed_up = platform
        .write(move |connection, _, now| charging::sign_up(connection, &app_id, &success, call_works, now))
        .await?;
    Ok(view::stage(&scene, &view::outcome(&signed_up), Some(&detail)).into_response())
}

#[derive(Debug, Deserialize)]
pub(crate) struct Typed {
    customer: Option<u32>,
    /// Of the country or region that was chosen.
    #[serde(default = "mainland")]
    code: String,
    #[serde(default)]
    number: String,
}

fn mainland() -> String {
    MAINLAND.to_owned()
}

/// 会员手动输入: form-checked, unverified, uncharged **S3**.
pub(crate) async fn number(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Query(setup): Query<Setup>,
    Form(typed): Form<Typed>,
) -> Page {
    let customer = given(typed.customer)?.ok_or(PageError::NotFound)?;
    let phone = number::read(&typed.code, &typed.number);
    let (asked, accepted) = (app_id.clone(), phone.clone().ok());
    let found = platform
        .write(move |connection, accounts, now| {
            let Some(scene) = scene(connection, accounts, &asked, setup, now)? else { return Ok(None) };
            // The shop may have switched back to authorisation while the customer was typing.
            let tapped = charging::tap(accounts, &scene.program, &scene.shop, setup.button(), now)?;
            let signed_up = match (tapped, accepted) {
                (Tapped::Uncharged(way), Some(phone)) => {
                    Some(charging::sign_up_uncharged(connection, &asked, (customer, way), phone, now)?)
                }
                (Tapped::NoCards, _) => Some(SignedUp::NoCards),
                (Tapped::Uncharged(_) | Tapped::Sheet | Tapped::Failed(_), _) => None,
            };
            Ok(Some((scene, signed_up)))
        })
        .await?;
    let (scene, signed_up) = found.ok_or(PageError::NotFound)?;
    match (signed_up, phone) {
        (Some(signed_up), _) => Ok(view::stage(&scene, &view::outcome(&signed_up), None).into_response()),
        (None, Err(objection)) => {
            let given = (typed.code.as_str(), typed.number.as_str());
            Ok(refused(view::stage(&scene, &view::manual(&scene, customer, given, Some(objection)), None)))
        }
        (None, Ok(_)) => Ok(go_to(&format!("/practice/claim/{app_id}?customer={}", customer.number()))),
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Condition {
    standing: Standing,
    privacy: Switch,
}

/// Changes what the platform thinks of the mini-program, to see what the component then does.
pub(crate) async fn set_condition(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    Query(setup): Query<Setup>,
    Form(condition): Form<Condition>,
) -> Page {
    let asked = app_id.clone();
    let declared = condition.privacy == Switch::On;
    platform
        .write(move |connection, _, _| {
            programs::set_condition(connection, &asked, condition.standing, declared)
        })
        .await?;
    Ok(go_to(&format!("/practice/claim/{app_id}{}", setup.query())))
}
