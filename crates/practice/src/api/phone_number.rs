//! Code for number: `/wxa/business/getuserphonenumber` **W**.

use super::call::{Call, text};
use super::caller::Caller;
use super::context::{Context, Reply, written};
use super::error::ApiError;
use crate::assumed::{CODE_MISSING, OPENID_MISMATCH};
use crate::model::Standing;
use crate::store::codes::{self, BadCode, Verified};
use crate::store::programs;
use serde::Serialize;

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
    country_code: CountryCode,
    watermark: Watermark,
}

/// The newest sample shows text, older ones a number.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum CountryCode {
    Text(&'static str),
    Number(u16),
}

#[derive(Debug, Serialize)]
struct Watermark {
    timestamp: i64,
    appid: String,
}

/// `POST /wxa/business/getuserphonenumber`
pub(super) fn exchange(context: &mut Context<'_>, call: &Call, caller: &Caller) -> Reply {
    let object = call.object()?;
    // Seen by people's and uncertified mini-programs **C**.
    let program = programs::find(context.connection, &caller.app_id)?;
    if program.is_some_and(|program| program.standing == Standing::NoPermission) {
        return Err(ApiError::of(48_001).into());
    }
    let code = text(&object, "code").ok_or_else(|| ApiError::of(CODE_MISSING))?;
    let openid = text(&object, "openid");
    let exchanged =
        codes::exchange(context.connection, &caller.app_id, &code, openid.as_deref(), context.now)?;
    let verified = exchanged.map_err(|bad| match bad {
        BadCode::Invalid => ApiError::of(40_029),
        BadCode::OtherProgram => ApiError::of(40_013),
        BadCode::OtherCustomer => ApiError::of(OPENID_MISMATCH),
    })?;
    // Practice numbers are mainland numbers: they carry no prefix.
    let country_code = if context.platform.variants.read().country_code_number {
        CountryCode::Number(86)
    } else {
        CountryCode::Text("86")
    };
    written(&phone_answer(verified, country_code, caller.app_id.clone()))
}

fn phone_answer(verified: Verified, country_code: CountryCode, appid: String) -> PhoneAnswer {
    let watermark = Watermark { timestamp: verified.at.timestamp(), appid };
    let phone_info = PhoneInfo {
        phone_number: verified.phone.clone(),
        pure_phone_number: verified.phone,
        country_code,
        watermark,
    };
    PhoneAnswer { errcode: 0, errmsg: "ok", phone_info }
}
