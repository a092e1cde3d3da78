//! What a shop's owner or WeChat itself decides about the interfaces: secrets, whitelists, limits, authorisations.

use super::guard::{Admin, Answer, Body, Refused};
use crate::api;
use crate::api::meter::Limits;
use crate::assumed::whitelist_entry;
use crate::ids;
use crate::model::Kind;
use crate::platform::Platform;
use crate::store::credentials::{self, Restriction};
use crate::store::error::Stored;
use crate::store::{agents, programs};
use crate::variants::Choices;
use axum::Router;
use axum::extract::{Json, State};
use axum::routing::{get, post, put};
use ipnet::IpNet;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/practice/admin/agents", get(list_agents))
        .route("/practice/admin/secrets", post(new_secret))
        .route("/practice/admin/guards", put(set_guard))
        .route("/practice/admin/limits", put(set_limits))
        .route("/practice/admin/variants", put(set_variants))
        .route("/practice/admin/tickets", post(new_ticket))
        .route("/practice/admin/authorisations", post(authorise).delete(withdraw))
}

fn no_account(app_id: &str) -> Refused {
    Refused::Bad(format!("there is no such account: {app_id}"))
}

fn kind_of(connection: &Connection, app_id: &str) -> Stored<Option<Kind>> {
    Ok(credentials::find(connection, app_id)?.map(|credential| credential.kind))
}

async fn list_agents(_: Admin, State(platform): State<Arc<Platform>>) -> Answer {
    let agents = platform.read(|connection, _, _| agents::all(connection)).await?;
    let shown =
        |agent: &agents::Agent| json!({ "app_id": agent.app_id, "name": agent.name, "kind": agent.kind });
    Ok(Json(agents.iter().map(shown).collect()))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    app_id: String,
}

/// A new AppSecret of any account. The one before stops working at once.
async fn new_secret(_: Admin, State(platform): State<Arc<Platform>>, body: Body<Account>) -> Answer {
    let Json(Account { app_id }) = body?;
    let secret = ids::app_secret();
    let (of, new) = (app_id.clone(), secret.clone());
    let set = platform
        .write(move |connection, _, now| {
            let kind = kind_of(connection, &of)?;
            match kind {
                Some(Kind::MiniProgram) => {
                    programs::set_secret(connection, &of, &ids::digest_hex(&new), now)?;
                }
                Some(Kind::Provider | Kind::Platform) => agents::set_secret(connection, &of, &new)?,
                None => {}
            }
            Ok(kind.is_some())
        })
        .await?;
    if set { Ok(Json(json!({ "secret": secret }))) } else { Err(no_account(&app_id)) }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GuardRequest {
    app_id: String,
    /// Addresses and networks that may use the AppSecret; nothing: any.
    ip_whitelist: Option<Vec<String>>,
    #[serde(default)]
    secret_frozen: bool,
    restriction: Option<Restriction>,
}

async fn set_guard(_: Admin, State(platform): State<Arc<Platform>>, body: Body<GuardRequest>) -> Answer {
    let Json(GuardRequest { app_id, ip_whitelist, secret_frozen, restriction }) = body?;
    let entry = |entry: &String| {
        whitelist_entry(entry).ok_or_else(|| Refused::Bad(format!("{entry:?} is no address and no network")))
    };
    let whitelist: Option<Vec<IpNet>> =
        ip_whitelist.map(|entries| entries.iter().map(entry).collect()).transpose()?;
    let of = app_id.clone();
    let set = platform
        .write(move |connection, _, now| {
            if kind_of(connection, &of)?.is_none() {
                return Ok(false);
            }
            credentials::set_guard(connection, &of, whitelist.as_deref(), secret_frozen, restriction, now)?;
            Ok(true)
        })
        .await?;
    if set { Ok(Json(json!({}))) } else { Err(no_account(&app_id)) }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsRequest {
    path: String,
    limits: Limits,
}

/// Other limits for an interface, until practice is stopped.
async fn set_limits(_: Admin, State(platform): State<Arc<Platform>>, body: Body<LimitsRequest>) -> Answer {
    let Json(LimitsRequest { path, limits }) = body?;
    let interface = api::interface(&path).ok_or_else(|| Refused::Bad(format!("{path} is no interface")))?;
    platform.meter.set(interface.path, limits);
    Ok(Json(json!({})))
}

/// Chooses among forms of answers that sources show; what is not named is as usual.
async fn set_variants(_: Admin, State(platform): State<Arc<Platform>>, body: Body<Choices>) -> Answer {
    let Json(choices) = body?;
    platform.variants.set(choices);
    Ok(Json(json!({})))
}

/// A new `component_verify_ticket`. WeChat pushes one every ten minutes.
async fn new_ticket(_: Admin, State(platform): State<Arc<Platform>>, body: Body<Account>) -> Answer {
    let Json(Account { app_id }) = body?;
    let ticket = ids::ticket();
    let (of, new) = (app_id.clone(), ticket.clone());
    let set = platform
        .write(move |connection, _, _| {
            let known = kind_of(connection, &of)? == Some(Kind::Platform);
            if known {
                agents::set_ticket(connection, &of, &new)?;
            }
            Ok(known)
        })
        .await?;
    if set { Ok(Json(json!({ "component_verify_ticket": ticket }))) } else { Err(no_account(&app_id)) }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorisationRequest {
    agent: String,
    app_id: String,
    permission_sets: Vec<u32>,
}

/// The owner of a mini-program authorises a third-party platform.
async fn authorise(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    body: Body<AuthorisationRequest>,
) -> Answer {
    let Json(AuthorisationRequest { agent, app_id, permission_sets }) = body?;
    let refresh_token = ids::refresh_token();
    let granted = refresh_token.clone();
    let done = platform
        .write(move |connection, _, _| {
            let kinds = (kind_of(connection, &agent)?, kind_of(connection, &app_id)?);
            if kinds != (Some(Kind::Platform), Some(Kind::MiniProgram)) {
                return Ok(false);
            }
            agents::authorise(connection, &agent, &app_id, &permission_sets, &granted)?;
            Ok(true)
        })
        .await?;
    if done {
        Ok(Json(json!({ "authorizer_refresh_token": refresh_token })))
    } else {
        Err(Refused::Bad("a mini-program authorises a third-party platform".to_owned()))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Withdrawal {
    agent: String,
    app_id: String,
}

async fn withdraw(_: Admin, State(platform): State<Arc<Platform>>, body: Body<Withdrawal>) -> Answer {
    let Json(Withdrawal { agent, app_id }) = body?;
    platform.write(move |connection, _, _| agents::withdraw(connection, &agent, &app_id)).await?;
    Ok(Json(json!({})))
}
