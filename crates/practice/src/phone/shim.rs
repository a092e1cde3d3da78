//! The component for mini-programs and mini-games under development: a plain HTTP call that answers what the button's event would
//! bring.
//!
//! The real button, and a mini-game's `wx.getPhoneNumber`, live in WeChat's client and cannot be pointed at another
//! platform. A development build can call this instead and hand `detail` to its own handler, codes, refusals and 1400001
//! included.

use crate::assumed::NumberChoice;
use crate::charging::{self, Customer};
use crate::component::{Button, Detail, Failure, NO_QUOTA_NOTICE};
use crate::model::ProgramVersion;
use crate::platform::Platform;
use crate::store::programs;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Json, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use billing_core::{AccountKind, Capability};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

words! {
    /// What the customer does with the authorisation sheet.
    Answer {
        Agree = "agree",
        Refuse = "refuse",
    }
}

/// A tap on the button.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Press {
    /// Of a mini-program's button.
    #[serde(default)]
    open_type: Option<OpenType>,
    /// Of a mini-game's call.
    #[serde(default)]
    is_realtime: Option<bool>,
    /// `phone-number-no-quota-toast`, `phoneNumberNoQuotaToast`
    #[serde(default = "on")]
    no_quota_toast: bool,
    #[serde(default)]
    version: Option<ProgramVersion>,
    #[serde(default)]
    customer: Option<u32>,
    answer: Answer,
}

words! {
    /// `open-type` as the mini-program writes it.
    OpenType {
        Quick = "getPhoneNumber",
        Realtime = "getRealtimePhoneNumber",
    }
}

const fn on() -> bool {
    true
}

impl Press {
    /// The button as the program has it; an error names the setting that its kind does not have.
    fn button(&self, kind: AccountKind) -> Result<Button, &'static str> {
        let capability = match (kind, self.open_type, self.is_realtime) {
            (AccountKind::MiniProgram, _, Some(_)) => return Err("a mini-program has no is_realtime"),
            (AccountKind::MiniGame, Some(_), _) => return Err("a mini-game has no open_type"),
            (_, Some(OpenType::Realtime), _) | (_, _, Some(true)) => Capability::Realtime,
            (_, Some(OpenType::Quick) | None, Some(false) | None) => Capability::Quick,
        };
        let version = self.version.unwrap_or(ProgramVersion::Develop);
        Ok(Button { capability, no_quota_toast: self.no_quota_toast, version })
    }
}

/// `POST /practice/component/{app_id}`: the tap, the sheet and the charge in one. `notice` is what WeChat would show the
/// customer.
pub(crate) async fn press(
    State(platform): State<Arc<Platform>>,
    Path(app_id): Path<String>,
    body: Result<Json<Press>, JsonRejection>,
) -> Response {
    let press = match body {
        Ok(Json(press)) => press,
        Err(rejection) => return refused(StatusCode::BAD_REQUEST, &rejection.body_text()),
    };
    let Some(customer) = press.customer.map_or_else(|| Some(Customer::anybody()), Customer::new) else {
        return refused(StatusCode::BAD_REQUEST, "customer is out of range");
    };
    let pressed = platform
        .write(move |connection, accounts, now| {
            let Some(program) = programs::find(connection, &app_id)? else {
                return Ok(Err((StatusCode::NOT_FOUND, "there is no such mini-program")));
            };
            let button = match press.button(program.kind) {
                Ok(button) => button,
                Err(message) => return Ok(Err((StatusCode::BAD_REQUEST, message))),
            };
            let denied = (press.answer == Answer::Refuse).then_some(Failure::Denied);
            let stopped = charging::query(accounts, &program, button, now)?.or(denied);
            let outcome = if let Some(failure) = stopped {
                Err(failure)
            } else {
                let who = (customer, NumberChoice::Bound);
                let charged = charging::charge(connection, accounts, &app_id, who, button, now)?;
                charged.map(|success| success.code).ok_or(Failure::NoQuota)
            };
            Ok(Ok(callback(program.kind, button, outcome)))
        })
        .await;
    match pressed {
        Ok(Ok(callback)) => Json(callback).into_response(),
        Ok(Err((status, message))) => refused(status, message),
        Err(_) => refused(StatusCode::SERVICE_UNAVAILABLE, "try again later"),
    }
}

fn callback(kind: AccountKind, button: Button, outcome: Result<String, Failure>) -> Value {
    let no_quota = outcome == Err(Failure::NoQuota);
    let detail = match outcome {
        Ok(code) => Detail::success(kind, button.capability, code),
        Err(failure) => Detail::failure(kind, button.capability, failure),
    };
    json!({ "detail": detail, "notice": (no_quota && button.no_quota_toast).then_some(NO_QUOTA_NOTICE) })
}

fn refused(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": { "message": message } }))).into_response()
}
