//! Practice administration: time, traffic, fault switches, counters. Every call needs the administration token.

mod bulk;
mod guard;
mod push;
mod wire;

use crate::customers::{self, Manner, time};
use crate::faults::Fault;
use crate::model::Habits;
use crate::platform::{NotMoved, Platform};
use crate::store::error::{Stored, invalid_row};
use crate::store::{orders, programs, shops};
use axum::Router;
use axum::extract::{Json, State};
use axum::routing::{get, post};
use billing_core::time::beijing_text;
use billing_core::{Capability, order::Order};
use guard::{Admin, Answer, Body, Refused};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

pub(crate) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/practice/admin/state", get(state))
        .route("/practice/admin/clock", post(clock))
        .route("/practice/admin/faults", post(add_fault).delete(clear_faults))
        .route("/practice/admin/customers", post(send_customers))
        .route("/practice/admin/traffic", post(set_traffic))
        .route("/practice/admin/calls", get(calls))
        .merge(bulk::routes())
        .merge(push::routes())
        .merge(wire::routes())
}

async fn state(_: Admin, State(platform): State<Arc<Platform>>) -> Answer {
    let programs = platform
        .read(|connection, accounts, now| {
            let programs = programs::all(connection)?;
            let programs: Stored<Vec<Value>> = programs
                .into_iter()
                .map(|program| {
                    let shop =
                        shops::find(connection, &program.app_id)?.ok_or_else(|| invalid_row("no shop"))?;
                    let totals = accounts.get(&program.app_id, Capability::Quick)?.totals(now);
                    let orders = orders::all(connection, &program.app_id, now)?;
                    Ok(json!({
                        "app_id": program.app_id,
                        "name": program.name,
                        "kind": program.kind,
                        "subject": program.subject,
                        "category": program.category,
                        "mode": shop.mode,
                        "remaining": totals.remaining.get(),
                        "used": totals.used.get(),
                        "has_login": program.login_email_hash.is_some(),
                        "has_secret": program.secret_hash.is_some(),
                        "cards_issued": shop.cards_issued,
                        "orders": orders.iter().map(order).collect::<Vec<_>>(),
                    }))
                })
                .collect();
            Ok((now, programs?))
        })
        .await?;
    Ok(Json(json!({ "now": beijing_text(programs.0), "mini_programs": programs.1 })))
}

/// The state of an order in a word.
pub(crate) const fn order_word(order: &Order) -> &'static str {
    match order {
        Order::Pending(_) => "pending",
        Order::Paid(_) => "paid",
        Order::Refunding(_) => "refunding",
        Order::Refunded(_) => "refunded",
        Order::Cancelled(_) => "cancelled",
        Order::Expired(_) => "expired",
    }
}

fn order(stored: &orders::StoredOrder) -> Value {
    let ordered = stored.order.ordered();
    json!({
        "id": ordered.number,
        "capability": ordered.capability,
        "calls": ordered.calls.get(),
        "days": ordered.days.get(),
        "price": ordered.price,
        "state": order_word(&stored.order),
        "package": stored.lot,
        "created_at": beijing_text(ordered.created_at),
        "paid_at": stored.order.payment().map(|paid| beijing_text(paid.paid_at())),
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockRequest {
    advance_seconds: u64,
}

async fn clock(_: Admin, State(platform): State<Arc<Platform>>, body: Body<ClockRequest>) -> Answer {
    let Json(request) = body?;
    match time::advance(&platform, Duration::from_secs(request.advance_seconds)).await {
        Ok(now) => Ok(Json(json!({ "now": beijing_text(now) }))),
        Err(NotMoved::TooFar(too_far)) => Err(Refused::Bad(too_far.to_string())),
        Err(NotMoved::Store(error)) => Err(error.into()),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultRequest {
    path: String,
    fault: Fault,
    times: Option<u32>,
}

async fn add_fault(_: Admin, State(platform): State<Arc<Platform>>, body: Body<FaultRequest>) -> Answer {
    let Json(FaultRequest { path, fault, times }) = body?;
    if platform.faults.known(&path).is_none() {
        return Err(Refused::Bad(format!("{path} is no interface")));
    }
    if times == Some(0) {
        return Err(Refused::Bad("times must be at least 1, or null for ever".to_owned()));
    }
    platform.faults.add(path, fault, times);
    Ok(Json(json!({})))
}

async fn clear_faults(_: Admin, State(platform): State<Arc<Platform>>) -> Answer {
    platform.faults.clear();
    Ok(Json(json!({})))
}

async fn calls(_: Admin, State(platform): State<Arc<Platform>>) -> Answer {
    let calls = platform.faults.calls();
    Ok(Json(calls.into_iter().map(|(path, count)| json!({ "path": path, "count": count })).collect()))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomersRequest {
    app_id: String,
    count: u32,
    action: Manner,
    /// `false`: the shop's backend does not exchange the codes; they are in the answer instead.
    exchange: Option<bool>,
}

async fn send_customers(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    body: Body<CustomersRequest>,
) -> Answer {
    let Json(request) = body?;
    if !(1..=customers::SENT_MAX).contains(&request.count) {
        return Err(Refused::Bad(format!("count must be 1 to {}", customers::SENT_MAX)));
    }
    let exchange = request.exchange.unwrap_or(true);
    let sent = customers::send(&platform, &request.app_id, request.count, request.action, exchange).await?;
    let tally = sent.ok_or_else(|| Refused::Bad("there is no such mini-program".to_owned()))?;
    let mut answer = json!({
        "succeeded": tally.succeeded,
        "refused": tally.refused,
        "no_quota": tally.no_quota,
    });
    if tally.no_cards > 0 {
        answer["no_cards"] = tally.no_cards.into();
    }
    if tally.stopped > 0 {
        answer["stopped"] = tally.stopped.into();
    }
    if !exchange {
        answer["codes"] = tally.codes.into();
    }
    Ok(Json(answer))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrafficRequest {
    app_id: String,
    /// 0 ends it.
    per_hour: u32,
    #[serde(default)]
    refuse_percent: u8,
    #[serde(default)]
    repeat_percent: u8,
}

async fn set_traffic(_: Admin, State(platform): State<Arc<Platform>>, body: Body<TrafficRequest>) -> Answer {
    let Json(TrafficRequest { app_id, per_hour, refuse_percent, repeat_percent }) = body?;
    let habits = Habits::new(per_hour, refuse_percent, repeat_percent).map_err(Refused::Bad)?;
    let set = time::set_traffic(&platform, app_id, habits).await?;
    if set { Ok(Json(json!({}))) } else { Err(Refused::Bad("there is no such mini-program".to_owned())) }
}
