//! Access tokens: `/cgi-bin/token` and `/cgi-bin/stable_token` **W**.

use super::call::{Call, text};
use super::caller::{Asked, check_secret};
use super::context::{Context, Reply, written};
use super::error::ApiError;
use crate::assumed::SECRET_HOLDERS;
use crate::store::tokens::{self, Token};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

const PLAIN: &str = "/cgi-bin/token";
const STABLE: &str = "/cgi-bin/stable_token";

/// On success there is no `errcode` **W**.
#[derive(Debug, Serialize)]
struct TokenAnswer {
    access_token: String,
    expires_in: i64,
}

impl TokenAnswer {
    fn new(token: Token, call: &Call, now: DateTime<Utc>) -> Self {
        let expires_in = call.expires_in((token.expires_at - now).num_seconds());
        Self { access_token: token.text, expires_in }
    }
}

fn check_grant(grant_type: Option<&str>) -> Result<(), ApiError> {
    if grant_type == Some("client_credential") { Ok(()) } else { Err(ApiError::of(40_002)) }
}

/// `GET /cgi-bin/token`
pub(super) fn plain(context: &mut Context<'_>, call: &Call) -> Reply {
    check_grant(call.parameter("grant_type"))?;
    let text = |name| call.parameter(name).map(str::to_owned);
    let asked = Asked { app_id: text("appid"), secret: text("secret") };
    let app_id = check_secret(context, call, PLAIN, &SECRET_HOLDERS, asked)?;
    context.platform.meter.count(&app_id, PLAIN, context.now)?;
    let token = tokens::issue_plain(context.connection, &app_id, context.now)?;
    written(&TokenAnswer::new(token, call, context.now))
}

/// `POST /cgi-bin/stable_token`
pub(super) fn stable(context: &mut Context<'_>, call: &Call) -> Reply {
    let object = call.object()?;
    let force = match object.get("force_refresh") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(force)) => *force,
        Some(_) => return Err(ApiError::of(47_001).into()),
    };
    check_grant(text(&object, "grant_type").as_deref())?;
    let asked = Asked { app_id: text(&object, "appid"), secret: text(&object, "secret") };
    let app_id = check_secret(context, call, STABLE, &SECRET_HOLDERS, asked)?;
    context.platform.meter.count(&app_id, STABLE, context.now)?;
    let token = if force {
        tokens::force(context.connection, &app_id, context.now)?
            .map_err(|tokens::TooManyForced| ApiError::of(45_009))?
    } else {
        tokens::stable(context.connection, &app_id, context.now)?
    };
    written(&TokenAnswer::new(token, call, context.now))
}
