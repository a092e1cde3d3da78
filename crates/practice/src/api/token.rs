//! Access tokens: `/cgi-bin/token` and `/cgi-bin/stable_token` **W**.

use super::call::text;
use super::caller::{Asked, check_secret};
use super::error::ApiError;
use super::{Call, Desk, Reply, written};
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
pub(super) fn plain(desk: &mut Desk<'_>, call: &Call) -> Reply {
    check_grant(call.parameter("grant_type"))?;
    let text = |name| call.parameter(name).map(str::to_owned);
    let asked = Asked { app_id: text("appid"), secret: text("secret") };
    let app_id = check_secret(desk, call, PLAIN, &SECRET_HOLDERS, asked)?;
    desk.platform.meter.count(&app_id, PLAIN, desk.now)?;
    let token = tokens::issue_plain(desk.connection, &app_id, desk.now)?;
    written(&TokenAnswer::new(token, call, desk.now))
}

/// `POST /cgi-bin/stable_token`
pub(super) fn stable(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let object = call.object()?;
    let force = match object.get("force_refresh") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(force)) => *force,
        Some(_) => return Err(ApiError::of(47_001).into()),
    };
    check_grant(text(&object, "grant_type").as_deref())?;
    let asked = Asked { app_id: text(&object, "appid"), secret: text(&object, "secret") };
    let app_id = check_secret(desk, call, STABLE, &SECRET_HOLDERS, asked)?;
    desk.platform.meter.count(&app_id, STABLE, desk.now)?;
    let token = if force {
        tokens::force(desk.connection, &app_id, desk.now)?
            .map_err(|tokens::TooManyForced| ApiError::of(45_009))?
    } else {
        tokens::stable(desk.connection, &app_id, desk.now)?
    };
    written(&TokenAnswer::new(token, call, desk.now))
}
