//! The member-card platform's JSON, field by field.

mod records;

use serde::{Deserialize, Serialize};

use super::Settings;
use crate::api::AcquisitionMode;
use crate::clients::answer::{JsonPath, decode};
use crate::clients::error::ClientError;
use crate::clients::pages::Page;
use crate::clients::refusal::Asked;
use crate::clients::wechat::{AverageBody, RecentAverage, UsageBody, UsageReading, Verdict, average_after};
use crate::clients::whole::WireInt;
use billing_core::time::parse_instant;

pub(super) use records::{sign_up_page, statistics};

/// HTTP's word for a key that is not accepted.
const UNAUTHORIZED: u16 = 401;

#[derive(Deserialize)]
struct ErrorBody {
    error: Option<ErrorWord>,
}

#[derive(Deserialize)]
struct ErrorWord {
    code: Option<String>,
    label: Option<String>,
}

/// Whether a label is one that this application gives computers; other text is not shown or logged.
fn is_label(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'))
}

/// What a status other than 200 means. Of the body only a code that we know is looked at, never its prose.
pub(super) fn refusal(host: &str, status: u16, body: &[u8]) -> Option<ClientError> {
    let host = host.to_owned();
    if status == UNAUTHORIZED {
        return Some(ClientError::KeyRefused { host });
    }
    let body: ErrorBody = serde_json::from_slice(body).ok()?;
    let word = body.error?;
    let label = word.label.filter(|label| is_label(label));
    match word.code?.as_str() {
        "not_offered" | "not_found" | "method_not_allowed" => Some(ClientError::NotOffered { host }),
        "request_id_reused" => Some(ClientError::RequestIdReused { host }),
        "lease_held" | "lease_lost" => Some(ClientError::LeaseHeld { host, label }),
        "mode_differs" => Some(ClientError::ModeDiffers { host }),
        _ => None,
    }
}

/// Body of `PUT /member-card/v1/settings/acquisition-mode`.
#[derive(Serialize)]
pub(super) struct ModeQuestion<'a> {
    pub(super) acquisition_mode: AcquisitionMode,
    pub(super) request_id: &'a str,
    pub(super) reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) if_mode: Option<AcquisitionMode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lease: Option<&'a str>,
}

/// Body of `PUT /member-card/v1/guard-lease`.
#[derive(Serialize)]
pub(super) struct LeaseQuestion<'a> {
    pub(super) holder: &'a str,
    pub(super) label: &'a str,
    pub(super) seconds: u32,
}

#[derive(Deserialize)]
struct LeaseBody {
    holder: Option<String>,
}

/// Reads a lease that was given; it must be the caller's own.
pub(super) fn lease(host: &str, answer: &[u8], holder: &str) -> Result<(), ClientError> {
    let body: LeaseBody = decode(host, answer)?;
    let here = JsonPath { host, path: "" };
    if here.need("holder", body.holder)? == holder { Ok(()) } else { Err(here.wrong("holder")) }
}

#[derive(Deserialize)]
struct SettingsBody {
    shop: Option<String>,
    app_id: Option<String>,
    acquisition_mode: Option<AcquisitionMode>,
    mode_changed_at: Option<String>,
    card_quota: Option<WireInt>,
    cards_issued: Option<WireInt>,
    cards_remaining: Option<WireInt>,
    sms_balance: Option<WireInt>,
}

/// Reads the settings, as answered to reading and to changing them.
pub(super) fn settings(host: &str, answer: &[u8]) -> Result<Settings, ClientError> {
    let body: SettingsBody = decode(host, answer)?;
    let here = JsonPath { host, path: "" };
    let changed_at = body.mode_changed_at.and_then(|text| parse_instant(&text).ok());
    Ok(Settings {
        shop: here.need("shop", body.shop)?,
        app_id: here.need("app_id", body.app_id)?,
        acquisition_mode: here.need("acquisition_mode", body.acquisition_mode)?,
        mode_changed_at: here.need("mode_changed_at", changed_at)?,
        card_quota: here.need("card_quota", body.card_quota)?.0,
        cards_issued: here.need("cards_issued", body.cards_issued)?.0,
        cards_remaining: here.need("cards_remaining", body.cards_remaining)?.0,
        sms_balance: here.need("sms_balance", body.sms_balance)?.0,
    })
}

/// WeChat's verdicts inside an answer that passes its figures on.
#[derive(Deserialize)]
struct PassedOnVerdicts {
    usage: Option<Verdict>,
    average: Option<Verdict>,
}

#[derive(Deserialize)]
struct PassedOnUsage {
    as_of: Option<String>,
    usage: Option<UsageBody>,
}

#[derive(Deserialize)]
struct PassedOnAverage {
    average: Option<AverageBody>,
}

/// Reads WeChat's figures as passed on: usage in one list, and the average if there is one.
pub(super) fn wechat_usage(
    host: &str,
    answer: &[u8],
) -> Result<(UsageReading, Option<RecentAverage>), ClientError> {
    let here = JsonPath { host, path: "" };
    let verdicts: PassedOnVerdicts = decode(host, answer)?;
    here.need("usage", verdicts.usage)?.check(Asked::Data)?;
    let body: PassedOnUsage = decode(host, answer)?;
    let as_of = here.need("as_of", body.as_of.and_then(|text| parse_instant(&text).ok()))?;
    let page = here.need("usage", body.usage)?.page(JsonPath { host, path: "usage." })?;
    // The whole list, in one piece: a missing row would be a missing lot.
    if u64::try_from(page.rows.len()) != Ok(page.total) {
        return Err(here.wrong("usage.total"));
    }
    let average = match verdicts.average {
        None => None,
        Some(verdict) => average_after(&verdict, || {
            let body: PassedOnAverage = decode(host, answer)?;
            here.need("average", body.average)?.average(JsonPath { host, path: "average." })
        })?,
    };
    let Page { rows, sums, .. } = page;
    Ok((UsageReading::new(rows, sums, Some(as_of)), average))
}

#[cfg(test)]
mod tests;
