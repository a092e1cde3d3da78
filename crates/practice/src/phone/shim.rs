//! The component for mini-programs under development: a plain HTTP call that answers what the button's event would
//! bring.
//!
//! The real button lives in WeChat's client and cannot be pointed at another platform. A development build can call
//! this instead and hand `detail` to its own handler, codes, refusals and 1400001 included.

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
use billing_core::Capability;
use serde::Deserialize;
use serde_json::json;
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
    #[serde(default = "quick")]
    open_type: OpenType,
    /// `phone-number-no-quota-toast`
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

const fn quick() -> OpenType {
    OpenType::Quick
}

const fn on() -> bool {
    true
}

impl Press {
    fn button(&self) -> Button {
        let capability = match self.open_type {
            OpenType::Quick => Capability::Quick,
            OpenType::Realtime => Capability::Realtime,
        };
        let version = self.version.unwrap_or(ProgramVersion::Develop);
        Button { capability, no_quota_toast: self.no_quota_toast, version }
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
    let (button, agreed) = (press.button(), press.answer == Answer::Agree);
    let pressed = platform
        .write(move |connection, accounts, now| {
            let Some(program) = programs::find(connection, &app_id)? else { return Ok(None) };
            let stopped = charging::query(accounts, &program, button, now)?;
            let stopped = stopped.or((!agreed).then_some(Failure::Denied));
            if let Some(failure) = stopped {
                return Ok(Some(Err(failure)));
            }
            let who = (customer, NumberChoice::Bound);
            let charged = charging::charge(connection, accounts, &app_id, who, button, now)?;
            Ok(Some(charged.map(|success| success.code).ok_or(Failure::NoQuota)))
        })
        .await;
    match pressed {
        Ok(Some(Ok(code))) => {
            Json(json!({ "detail": Detail::success(button.capability, code), "notice": null }))
                .into_response()
        }
        Ok(Some(Err(failure))) => {
            let notice = (failure == Failure::NoQuota && button.no_quota_toast).then_some(NO_QUOTA_NOTICE);
            let detail = Detail::failure(button.capability, failure);
            Json(json!({ "detail": detail, "notice": notice })).into_response()
        }
        Ok(None) => refused(StatusCode::NOT_FOUND, "there is no such mini-program"),
        Err(_) => refused(StatusCode::SERVICE_UNAVAILABLE, "try again later"),
    }
}

fn refused(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": { "message": message } }))).into_response()
}
