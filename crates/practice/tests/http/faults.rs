//! What can go wrong on the wire goes wrong on request, as often as asked.

use crate::support::{ADMIN, RESTAURANT, World, errcode, world};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const USAGE: &str = "/wxa/charge/usage/get";

async fn switch(world: &World, path: &str, fault: Value, times: Value) {
    world.admin("faults", json!({ "path": path, "fault": fault, "times": times })).await;
}

fn address(token: &str) -> String {
    format!("{USAGE}?access_token={token}&spuId=10000077&offset=0&limit=20")
}

#[tokio::test]
async fn error_codes_and_statuses_come_as_often_as_asked() {
    let world = world().await;
    let token = world.token(RESTAURANT).await;
    switch(&world, USAGE, json!({ "kind": "errcode", "errcode": 40_164 }), 2.into()).await;
    switch(&world, USAGE, json!({ "kind": "status", "status": 502 }), 1.into()).await;
    switch(&world, USAGE, json!({ "kind": "not_json" }), 1.into()).await;
    for _ in 0..2 {
        assert_eq!(errcode(&world.usage(&token).await), 40_164);
    }
    let bad_gateway = world.get(&address(&token)).await;
    assert_eq!(bad_gateway.status(), StatusCode::BAD_GATEWAY);
    let page = world.get(&address(&token)).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.json::<Value>().await.is_err());
    assert_eq!(world.usage(&token).await["errcode"], 0);

    switch(&world, USAGE, json!({ "kind": "errcode", "errcode": -1 }), Value::Null).await;
    for _ in 0..3 {
        assert_eq!(errcode(&world.usage(&token).await), -1);
    }
    let cleared = world.client.delete(world.at("/practice/admin/faults")).bearer_auth(ADMIN).send().await;
    assert_eq!(cleared.unwrap().status(), StatusCode::OK);
    assert_eq!(world.usage(&token).await["errcode"], 0);
}

#[tokio::test]
async fn answers_break_off_come_late_or_never() {
    let world = world().await;
    let token = world.token(RESTAURANT).await;
    switch(&world, USAGE, json!({ "kind": "truncated" }), 1.into()).await;
    let broken = world.get(&address(&token)).await;
    assert!(broken.content_length().is_some_and(|length| length > 200));
    assert!(broken.bytes().await.is_err());

    switch(&world, USAGE, json!({ "kind": "reset" }), 1.into()).await;
    let error = world.client.get(world.at(&address(&token))).send().await.unwrap_err();
    assert!(error.is_request(), "{error:?}");

    switch(&world, USAGE, json!({ "kind": "delay", "millis": 300 }), 1.into()).await;
    let asked = Instant::now();
    assert_eq!(world.usage(&token).await["errcode"], 0);
    assert!(asked.elapsed() >= Duration::from_millis(300));

    switch(&world, USAGE, json!({ "kind": "huge", "megabytes": 3 }), 1.into()).await;
    let huge = world.get(&address(&token)).await.bytes().await.unwrap();
    assert!(huge.len() > 3 << 20);
}

#[tokio::test]
async fn a_change_whose_answer_is_lost_has_happened() {
    let world = world().await;
    let page = world.post(&format!("/practice/card-office/{RESTAURANT}/key"), &[]).await;
    let key = page.text("office.access_key");
    let path = "/member-card/v1/settings/acquisition-mode";
    switch(&world, path, json!({ "kind": "truncated" }), 1.into()).await;
    let body = json!({ "acquisition_mode": "manual", "request_id": "lost-answer-1", "reason": "test" });
    let request = || world.client.put(world.at(path)).bearer_auth(&key).json(&body);
    assert!(request().send().await.unwrap().bytes().await.is_err());
    assert_eq!(world.state(RESTAURANT).await["mode"], "manual");
    assert_eq!(request().send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn a_shop_whose_backend_call_fails_was_charged_without_a_card() {
    let world = world().await;
    let path = "/wxa/business/getuserphonenumber";
    switch(&world, path, json!({ "kind": "status", "status": 500 }), 1.into()).await;
    let form = [("customer", "4000"), ("choice", "bound"), ("agree", "yes")];
    let page = world.post(&format!("/practice/claim/{RESTAURANT}/answer"), &form).await;
    assert!(page.has("claim.failed"), "{}", page.html);
    let state = world.state(RESTAURANT).await;
    assert_eq!((&state["used"], &state["cards_issued"]), (&195.into(), &646.into()));
}

#[tokio::test]
async fn calls_are_counted() {
    let world = world().await;
    let token = world.token(RESTAURANT).await;
    for _ in 0..3 {
        world.usage(&token).await;
    }
    let calls = world.client.get(world.at("/practice/admin/calls")).bearer_auth(ADMIN).send().await;
    let calls: Value = calls.unwrap().json().await.unwrap();
    let count = |path: &str| {
        let calls = calls.as_array().unwrap();
        calls.iter().find(|call| call["path"] == path).map(|call| call["count"].as_u64().unwrap())
    };
    assert_eq!(
        (count(USAGE), count("/cgi-bin/stable_token"), count("/cgi-bin/token")),
        (Some(3), Some(1), None)
    );
}

#[tokio::test]
async fn nonsense_is_refused() {
    let world = world().await;
    for body in [
        json!({ "path": "/nowhere", "fault": { "kind": "reset" }, "times": 1 }),
        json!({ "path": USAGE, "fault": { "kind": "fire" }, "times": 1 }),
        json!({ "path": USAGE, "fault": { "kind": "reset" }, "times": 0 }),
        json!({ "path": USAGE, "fault": { "kind": "status" } }),
    ] {
        let path = world.at("/practice/admin/faults");
        let answer = world.client.post(path).bearer_auth(ADMIN).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{body}");
    }
}
