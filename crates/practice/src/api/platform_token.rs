//! Tokens of third-party platforms, and of the mini-programs that authorised them.
//!
//! Only what a client needs to call in a mini-program's name: the ticket that WeChat pushes every ten minutes and the
//! authorisation itself are given out by practice administration.

use super::call::{Call, text};
use super::caller::{Asked, Caller, check_secret};
use super::context::{Context, Reply, written};
use super::error::{ApiError, Stop};
use crate::model::Kind;
use crate::store::agents;
use crate::store::tokens;
use serde::Serialize;
use serde_json::{Map, Value};

pub(super) const COMPONENT_TOKEN: &str = "/cgi-bin/component/api_component_token";

#[derive(Debug, Serialize)]
struct PlatformToken {
    component_access_token: String,
    expires_in: i64,
}

/// `POST /cgi-bin/component/api_component_token`
pub(super) fn component(context: &mut Context<'_>, call: &Call) -> Reply {
    let object = call.object()?;
    let asked =
        Asked { app_id: text(&object, "component_appid"), secret: text(&object, "component_appsecret") };
    let app_id = check_secret(context, call, COMPONENT_TOKEN, &[Kind::Platform], asked)?;
    context.platform.meter.count(&app_id, COMPONENT_TOKEN, context.now)?;
    let ticket = text(&object, "component_verify_ticket").unwrap_or_default();
    if !agents::ticket_matches(context.connection, &app_id, &ticket)? {
        return Err(ApiError::of(61_006).into());
    }
    let token = tokens::issue_platform(context.connection, &app_id, context.now)?;
    let expires_in = call.expires_in((token.expires_at - context.now).num_seconds());
    written(&PlatformToken { component_access_token: token.text, expires_in })
}

#[derive(Debug, Serialize)]
struct AuthorisedToken {
    authorizer_access_token: String,
    expires_in: i64,
    authorizer_refresh_token: String,
}

/// `POST /cgi-bin/component/api_authorizer_token`
pub(super) fn authorizer(context: &mut Context<'_>, call: &Call, caller: &Caller) -> Reply {
    let object = call.object()?;
    if needed(&object, "component_appid")? != caller.app_id {
        return Err(ApiError::of(40_013).into());
    }
    let app_id = needed(&object, "authorizer_appid")?;
    let refresh_token = text(&object, "authorizer_refresh_token").unwrap_or_default();
    let granted = agents::authorisation(context.connection, &caller.app_id, &app_id)?;
    let granted = granted.ok_or_else(|| ApiError::of(61_003))?;
    if !granted.is_refreshed_by(&refresh_token) {
        return Err(ApiError::of(61_023).into());
    }
    let token = tokens::issue_authorised(context.connection, &app_id, &caller.app_id, context.now)?;
    let expires_in = call.expires_in((token.expires_at - context.now).num_seconds());
    written(&AuthorisedToken {
        authorizer_access_token: token.text,
        expires_in,
        authorizer_refresh_token: refresh_token,
    })
}

fn needed(object: &Map<String, Value>, name: &str) -> Result<String, Stop> {
    text(object, name).ok_or_else(|| ApiError::of(41_002).into())
}
