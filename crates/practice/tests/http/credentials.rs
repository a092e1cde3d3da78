//! What keeps a right AppSecret from getting a token.

use crate::support::{RESTAURANT, World, errcode, world};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn guard(world: &World, body: Value) {
    world.administer(Method::PUT, "guards", body).await;
}

/// Both token interfaces, and the one that clears counters by AppSecret.
async fn ask_all(world: &World, secret: &str) -> Vec<Value> {
    let query = format!("grant_type=client_credential&appid={RESTAURANT}&secret={secret}");
    let clear = json!({ "appid": RESTAURANT, "appsecret": secret });
    vec![
        world.json(&format!("/cgi-bin/token?{query}")).await,
        world.stable_token(RESTAURANT, secret, false).await,
        world.post_json("/cgi-bin/clear_quota/v2", clear).await,
    ]
}

async fn codes(world: &World, secret: &str) -> Vec<i64> {
    let refused =
        |answer: &Value| if answer["errcode"].is_null() { 0 } else { answer["errcode"].as_i64().unwrap() };
    ask_all(world, secret).await.iter().map(refused).collect()
}

#[tokio::test]
async fn a_whitelist_keeps_other_addresses_from_using_the_secret_but_not_the_token() {
    let world = world().await;
    let secret = world.secret_of(RESTAURANT).await;
    let answer = world.stable_token(RESTAURANT, &secret, false).await;
    let token = answer["access_token"].as_str().unwrap();

    guard(&world, json!({ "app_id": RESTAURANT, "ip_whitelist": ["203.0.113.7", "198.51.100.0/24"] })).await;
    for refused in ask_all(&world, &secret).await {
        assert_eq!(errcode(&refused), 40_164);
        let message = refused["errmsg"].as_str().unwrap();
        let seen = "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: ";
        assert!(message.starts_with(seen), "{message}");
    }
    assert_eq!(world.usage(token).await["errcode"], 0, "calls with a token are not filtered");

    for lets_in in
        [json!(["127.0.0.1"]), json!(["127.0.0.0/8"]), json!(["10.0.0.1", "127.0.0.1"]), json!(null)]
    {
        guard(&world, json!({ "app_id": RESTAURANT, "ip_whitelist": lets_in })).await;
        assert_eq!(codes(&world, &secret).await, [0, 0, 0], "{lets_in}");
    }
    let body = json!({ "app_id": RESTAURANT, "ip_whitelist": ["*.example"] });
    let path = world.at("/practice/admin/guards");
    let bad = world.client.put(path).bearer_auth(crate::support::ADMIN).json(&body).send().await.unwrap();
    assert_eq!(bad.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn freezing_a_secret_takes_ten_minutes_and_so_does_unfreezing() {
    let world = world().await;
    let secret = world.secret_of(RESTAURANT).await;
    guard(&world, json!({ "app_id": RESTAURANT, "secret_frozen": true })).await;
    world.advance(590).await;
    assert_eq!(codes(&world, &secret).await, [0, 0, 0], "not yet");
    world.advance(10).await;
    assert_eq!(codes(&world, &secret).await, [40_243; 3]);
    guard(&world, json!({ "app_id": RESTAURANT, "secret_frozen": false })).await;
    world.advance(590).await;
    assert_eq!(codes(&world, &secret).await, [40_243; 3], "still");
    world.advance(10).await;
    assert_eq!(codes(&world, &secret).await, [0, 0, 0]);
}

#[tokio::test]
async fn an_account_that_is_restricted_is_told_so() {
    let world = world().await;
    let token = world.token_of(RESTAURANT).await;
    let secret = world.secret_of(RESTAURANT).await;
    let exchange = json!({ "code": "0".repeat(64) });
    let exchange_path = format!("/wxa/business/getuserphonenumber?access_token={token}");
    for (restriction, by_secret, by_token, for_number) in [
        (json!("frozen"), 50_007, 50_002, 50_002),
        (json!("tokens_forbidden"), 50_004, 0, 40_029),
        (Value::Null, 0, 0, 40_029),
    ] {
        guard(&world, json!({ "app_id": RESTAURANT, "restriction": restriction })).await;
        assert_eq!(codes(&world, &secret).await, [by_secret; 3], "{restriction}");
        assert_eq!(world.usage(&token).await["errcode"], by_token, "{restriction}");
        let exchanged = world.post_json(&exchange_path, exchange.clone()).await;
        assert_eq!(errcode(&exchanged), for_number, "{restriction}");
    }
}
