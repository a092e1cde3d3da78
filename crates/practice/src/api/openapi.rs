//! Call counters, rids and the way back: `/cgi-bin/openapi/…`, `/cgi-bin/clear_quota…`, `/cgi-bin/callback/check` **W**.

use super::call::{Call, text};
use super::caller::{Asked, Caller, check_secret};
use super::context::{Context, Reply, done, written};
use super::error::{ApiError, Stop};
use super::meter::Limits;
use super::{Interface, interface};
use crate::assumed::SECRET_HOLDERS;
use crate::ids;
use crate::store::clears::{self, Scope};
use crate::store::pushes;
use crate::store::rids::{self, RID_LIFE};
use serde::Serialize;
use std::net::TcpStream;
use std::time::{Duration, Instant};

#[derive(Debug, Serialize)]
struct QuotaAnswer {
    errcode: i64,
    errmsg: &'static str,
    quota: Quota,
    rate_limit: RateLimit,
    component_rate_limit: RateLimit,
}

#[derive(Debug, Serialize)]
struct Quota {
    daily_limit: u64,
    used: u64,
    remain: u64,
}

#[derive(Debug, Clone, Copy, Serialize)]
struct RateLimit {
    call_count: u64,
    refresh_second: u32,
}

/// The interface named in `cgi_path`, if this account can call it: 76021 for an unknown path, 76022 for one of
/// another kind of account or below `/sns/`.
fn named(call: &Call, caller: &Caller) -> Result<&'static Interface, Stop> {
    let object = call.object()?;
    let path = text(&object, "cgi_path").ok_or_else(|| ApiError::of(76_021))?;
    if path.contains("/sns/") {
        return Err(ApiError::of(76_022).into());
    }
    let interface = interface(&path).ok_or_else(|| ApiError::of(76_021))?;
    if interface.serves(caller.kind) { Ok(interface) } else { Err(ApiError::of(76_022).into()) }
}

/// `POST /cgi-bin/openapi/quota/get`
pub(super) fn quota(context: &mut Context<'_>, call: &Call, caller: &Caller) -> Reply {
    let interface = named(call, caller)?;
    let reading = context.platform.meter.read(&caller.app_id, interface.path, context.now);
    let Limits { day, minute } = reading.limits;
    let rate = RateLimit { call_count: minute, refresh_second: 60 };
    written(&QuotaAnswer {
        errcode: 0,
        errmsg: "ok",
        quota: Quota { daily_limit: day, used: reading.used, remain: day.saturating_sub(reading.used) },
        rate_limit: rate,
        component_rate_limit: rate,
    })
}

/// `POST /cgi-bin/openapi/quota/clear`: fifty times a month. One line of the page wants a path below `/channels/ec/`,
/// another any path; any is taken.
pub(super) fn clear_one(context: &mut Context<'_>, call: &Call, caller: &Caller) -> Reply {
    let interface = named(call, caller)?;
    clear(context, &caller.app_id, Scope::One, Some(interface.path))
}

/// `POST /cgi-bin/clear_quota`: ten times a month, together with [`clear_all_by_secret`].
pub(super) fn clear_all(context: &mut Context<'_>, call: &Call, caller: &Caller) -> Reply {
    let app_id = text(&call.object()?, "appid").ok_or_else(|| ApiError::of(41_002))?;
    if app_id != caller.app_id {
        return Err(ApiError::of(40_013).into());
    }
    clear(context, &app_id, Scope::All, None)
}

/// `POST /cgi-bin/clear_quota/v2`: works when the token's own calls are used up. The page's table wants the parameters in
/// the body, its sample shows them in the address; both are read.
pub(super) fn clear_all_by_secret(context: &mut Context<'_>, call: &Call) -> Reply {
    let in_address = |name| call.parameter(name).map(str::to_owned);
    let asked = if call.body.is_empty() {
        Asked { app_id: in_address("appid"), secret: in_address("appsecret") }
    } else {
        let object = call.object()?;
        let given = |name| text(&object, name).or_else(|| in_address(name));
        Asked { app_id: given("appid"), secret: given("appsecret") }
    };
    let app_id = check_secret(context, call, "/cgi-bin/clear_quota/v2", &SECRET_HOLDERS, asked)?;
    clear(context, &app_id, Scope::All, None)
}

fn clear(context: &mut Context<'_>, app_id: &str, scope: Scope, only: Option<&str>) -> Reply {
    if !clears::spend(context.connection, app_id, scope, context.now)? {
        return Err(ApiError::of(48_006).into());
    }
    context.platform.meter.clear(app_id, only);
    Ok(done())
}

#[derive(Debug, Serialize)]
struct RidAnswer {
    errcode: i64,
    errmsg: &'static str,
    request: rids::Asked,
}

/// `POST /cgi-bin/openapi/rid/get`: refused calls of the same account, for seven days.
pub(super) fn rid(context: &mut Context<'_>, call: &Call, caller: &Caller) -> Reply {
    let rid = text(&call.object()?, "rid").ok_or_else(|| ApiError::of(76_002))?;
    let at = ids::instant_of_rid(&rid).ok_or_else(|| ApiError::of(76_002))?;
    if at < context.now - RID_LIFE {
        return Err(ApiError::of(76_004).into());
    }
    match rids::find(context.connection, &rid)? {
        None => Err(ApiError::of(76_001).into()),
        Some((owner, request)) if owner.as_deref() == Some(&caller.app_id) => {
            written(&RidAnswer { errcode: 0, errmsg: "ok", request })
        }
        Some(_) => Err(ApiError::of(76_003).into()),
    }
}

#[derive(Debug, Serialize)]
struct CheckAnswer {
    dns: Vec<Resolved>,
    ping: Vec<Pinged>,
}

#[derive(Debug, Serialize)]
struct Resolved {
    ip: String,
    real_operator: String,
}

#[derive(Debug, Serialize)]
struct Pinged {
    ip: String,
    from_operator: String,
    package_loss: &'static str,
    time: String,
}

/// How long the address may take to accept a connection.
const PATIENCE: Duration = Duration::from_secs(1);

/// `POST /cgi-bin/callback/check`: whether the configured push address can be reached. On success there is no `errcode`
/// **W**. WeChat pings; practice opens a connection, which says more and needs no rights.
pub(super) fn callback_check(context: &mut Context<'_>, call: &Call, caller: &Caller) -> Reply {
    let object = call.object()?;
    let action = text(&object, "action").unwrap_or_default();
    if !["dns", "ping", "all"].contains(&action.as_str()) {
        return Err(ApiError::of(40_202).into());
    }
    let operator = text(&object, "check_operator").unwrap_or_default();
    if !["CHINANET", "UNICOM", "CAP", "DEFAULT"].contains(&operator.as_str()) {
        return Err(ApiError::of(40_203).into());
    }
    let url = pushes::url_of(context.connection, &caller.app_id)?.ok_or_else(|| ApiError::of(40_201))?;
    let addresses = url.socket_addrs(|| None).unwrap_or_default();
    let mut answer = CheckAnswer { dns: Vec::new(), ping: Vec::new() };
    for address in addresses {
        let ip = address.ip().to_string();
        if action != "ping" {
            answer.dns.push(Resolved { ip: ip.clone(), real_operator: operator.clone() });
        }
        if action != "dns" {
            let started = Instant::now();
            let reached = TcpStream::connect_timeout(&address, PATIENCE).is_ok();
            let time = format!("{:.3}ms", started.elapsed().as_secs_f64() * 1_000.0);
            let package_loss = if reached { "0%" } else { "100%" };
            answer.ping.push(Pinged { ip, from_operator: operator.clone(), package_loss, time });
        }
    }
    written(&answer)
}
