//! WeChat's JSON, field by field, and what we make of it. The `errcode` is read before anything else.

mod interface;
mod provider;
mod usage;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};

use super::{AuthorizerToken, Token};
use crate::clients::answer::{JsonPath, decode};
use crate::clients::error::ClientError;
use crate::clients::refusal::{Asked, Refusal};
use crate::clients::whole::{Errcode, WireInt};
use crate::secrets::Secret;

pub(super) use interface::{QuotaQuestion, RidQuestion, api_quota, call_report};
pub(crate) use provider::ALLOCATION_PENDING;
pub(super) use provider::{
    AssignQuestion, CancelQuestion, OrdersQuestion, assigned, cancelled, order, orders_page, skus,
};
pub(in crate::clients) use usage::{AverageBody, UsageBody, average_after};
pub(super) use usage::{average, usage_page};

/// WeChat's longest validity of a token in seconds **W**; more is not believed.
const TOKEN_SECONDS_MAX: u64 = 7_200;

/// Body of `POST /cgi-bin/stable_token`.
#[derive(Serialize)]
pub(super) struct StableTokenQuestion<'a> {
    pub(super) grant_type: &'static str,
    pub(super) appid: &'a str,
    pub(super) secret: &'a str,
    pub(super) force_refresh: bool,
}

/// Body of `POST /cgi-bin/component/api_authorizer_token`.
#[derive(Serialize)]
pub(super) struct AuthorizerQuestion<'a> {
    pub(super) component_appid: &'a str,
    pub(super) authorizer_appid: &'a str,
    pub(super) authorizer_refresh_token: &'a str,
}

/// The part every answer has, or leaves out when all is well.
#[derive(Debug, Deserialize)]
pub(in crate::clients) struct Verdict {
    errcode: Option<Errcode>,
    /// Any kind of value, so that an odd text never hides the code.
    errmsg: Option<serde_json::Value>,
}

impl Verdict {
    /// Success, or what WeChat refused with. No `errcode` counts as success: token answers lack it.
    pub(in crate::clients) fn check(&self, asked: Asked) -> Result<(), ClientError> {
        let errmsg = self.errmsg.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
        match self.errcode {
            None | Some(Errcode(0)) => Ok(()),
            Some(Errcode(errcode)) => Err(ClientError::Refused(Refusal::read(asked, errcode, errmsg))),
        }
    }
}

/// Reads an answer of WeChat whose verdict is success.
fn accepted<'a, T: Deserialize<'a>>(host: &str, asked: Asked, answer: &'a [u8]) -> Result<T, ClientError> {
    decode::<Verdict>(host, answer)?.check(asked)?;
    decode(host, answer)
}

struct Hidden(Secret<String>);

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Secret::new(text)))
    }
}

#[derive(Deserialize)]
struct TokenBody {
    access_token: Option<Hidden>,
    expires_in: Option<WireInt>,
}

/// Reads the answer of `POST /cgi-bin/stable_token`.
pub(super) fn token(host: &str, answer: &[u8]) -> Result<Token, ClientError> {
    let body: TokenBody = accepted(host, Asked::Token, answer)?;
    given_token(JsonPath { host, path: "" }, "access_token", body.access_token, body.expires_in)
}

#[derive(Deserialize)]
struct AuthorizerBody {
    authorizer_access_token: Option<Hidden>,
    expires_in: Option<WireInt>,
    authorizer_refresh_token: Option<Hidden>,
}

/// Reads the answer of `POST /cgi-bin/component/api_authorizer_token`. Without a new refresh token the old one, `sent`,
/// goes on being right.
pub(super) fn authorizer_token(
    host: &str,
    answer: &[u8],
    sent: &Secret<String>,
) -> Result<AuthorizerToken, ClientError> {
    let body: AuthorizerBody = accepted(host, Asked::Component, answer)?;
    let here = JsonPath { host, path: "" };
    let token = given_token(here, "authorizer_access_token", body.authorizer_access_token, body.expires_in)?;
    let new = body.authorizer_refresh_token.map(|Hidden(new)| new).filter(|new| !new.is_blank());
    Ok(AuthorizerToken { token, refresh_token: new.unwrap_or_else(|| sent.duplicate()) })
}

fn given_token(
    here: JsonPath<'_>,
    field: &str,
    token: Option<Hidden>,
    expires_in: Option<WireInt>,
) -> Result<Token, ClientError> {
    let Hidden(value) = here.need(field, token)?;
    if value.expose().is_empty() {
        return Err(here.wrong(field));
    }
    let WireInt(seconds) = here.need("expires_in", expires_in)?;
    Ok(Token { value, expires_in: Duration::from_secs(seconds.min(TOKEN_SECONDS_MAX)) })
}

/// An id: digits in a string, or a number; both are the same id.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(u64),
}

impl Id {
    /// The id, unless it is empty.
    fn text(self) -> Option<String> {
        let text = match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        };
        Some(text).filter(|text| !text.is_empty())
    }
}

/// Seconds since 1970 as an instant.
fn instant(WireInt(seconds): WireInt) -> Option<DateTime<Utc>> {
    i64::try_from(seconds).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0))
}

#[cfg(test)]
mod tests;
