//! Code for number: `/wxa/business/getuserphonenumber` **W**.

use super::{Answer, ApiError, Call, program_of, respond};
use crate::assumed::{CODE_MISSING, OPENID_MISMATCH};
use crate::platform::Platform;
use crate::store::codes::{self, BadCode, Verified};
use axum::extract::{Request, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

#[derive(Debug, Serialize)]
struct PhoneAnswer {
    errcode: i64,
    errmsg: &'static str,
    phone_info: PhoneInfo,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhoneInfo {
    phone_number: String,
    pure_phone_number: String,
    country_code: &'static str,
    watermark: Watermark,
}

#[derive(Debug, Serialize)]
struct Watermark {
    timestamp: i64,
    appid: String,
}

/// `POST /wxa/business/getuserphonenumber`
pub(crate) async fn exchange(State(platform): State<Arc<Platform>>, request: Request) -> Response {
    respond(&platform, answer(&platform, request).await)
}

async fn answer(platform: &Platform, request: Request) -> Answer<PhoneAnswer> {
    let call = Call::read(request).await?;
    call.must_post()?;
    let token = call.token()?;
    let asked = call.object().and_then(|object| {
        let text = |name| object.get(name).and_then(Value::as_str).map(str::to_owned);
        let code = text("code").filter(|code| !code.is_empty());
        let code = code.ok_or_else(|| ApiError::new(CODE_MISSING, "invalid args: code"))?;
        Ok((code, text("openid")))
    });
    platform
        .write(move |connection, _, now| {
            let app_id = match program_of(connection, &token, now)? {
                Ok(app_id) => app_id,
                Err(refused) => return Ok(Err(refused)),
            };
            let (code, openid) = match asked {
                Ok(asked) => asked,
                Err(refused) => return Ok(Err(refused)),
            };
            let exchanged = codes::exchange(connection, &app_id, &code, openid.as_deref(), now)?;
            Ok(match exchanged {
                Ok(verified) => Ok(phone_answer(verified, app_id)),
                Err(BadCode::Invalid) => Err(ApiError::new(40_029, "invalid code")),
                Err(BadCode::OtherProgram) => Err(ApiError::new(40_013, "invalid appid")),
                Err(BadCode::OtherCustomer) => Err(ApiError::new(OPENID_MISMATCH, "invalid openid")),
            })
        })
        .await?
}

fn phone_answer(verified: Verified, appid: String) -> PhoneAnswer {
    let watermark = Watermark { timestamp: verified.at.timestamp(), appid };
    let phone_info = PhoneInfo {
        phone_number: verified.phone.clone(),
        pure_phone_number: verified.phone,
        // Mainland numbers carry no prefix; the newest sample shows the code as text.
        country_code: "86",
        watermark,
    };
    PhoneAnswer { errcode: 0, errmsg: "ok", phone_info }
}
