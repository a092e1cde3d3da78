//! A code works once, for five minutes, for its own mini-program.

use crate::support::{BOOKSHOP, RESTAURANT, World, errcode, sample, world};
use serde_json::{Value, json};

async fn code(world: &World) -> String {
    let body = json!({ "app_id": RESTAURANT, "count": 1, "action": "authorise", "exchange": false });
    let answer = world.admin("customers", body).await;
    answer["codes"][0].as_str().unwrap().to_owned()
}

async fn exchange(world: &World, token: &str, body: Value) -> Value {
    world.post_json(&format!("/wxa/business/getuserphonenumber?access_token={token}"), body).await
}

#[tokio::test]
async fn a_code_is_exchanged_once() {
    let world = world().await;
    let token = world.token(RESTAURANT).await;
    let code = code(&world).await;
    assert!(code.len() == 64 && code.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let mut answer = exchange(&world, &token, json!({ "code": code })).await;
    let mut sample = sample("getuserphonenumber");
    let acted = answer["phone_info"]["watermark"]["timestamp"].take().as_i64().unwrap();
    sample["phone_info"]["watermark"]["timestamp"].take();
    assert_eq!(answer, sample);
    assert!((world.practice().now().timestamp() - acted).abs() < 60);
    assert_eq!(errcode(&exchange(&world, &token, json!({ "code": code })).await), 40_029);
    assert_eq!(world.state(RESTAURANT).await["used"], 195, "the exchange itself costs nothing");
}

#[tokio::test]
async fn a_code_lives_five_minutes_and_was_charged_all_the_same() {
    let world = world().await;
    let token = world.token(RESTAURANT).await;
    let (in_time, late) = (code(&world).await, code(&world).await);
    world.advance(290).await;
    assert_eq!(exchange(&world, &token, json!({ "code": in_time })).await["errcode"], 0);
    world.advance(10).await;
    assert_eq!(errcode(&exchange(&world, &token, json!({ "code": late })).await), 40_029);
    assert_eq!(world.state(RESTAURANT).await["used"], 196);
}

#[tokio::test]
async fn wrong_exchanges_are_named() {
    let world = world().await;
    let token = world.token(RESTAURANT).await;
    let code = code(&world).await;
    assert_eq!(errcode(&exchange(&world, &token, json!({})).await), 40_097);
    assert_eq!(errcode(&exchange(&world, &token, json!({ "code": "0".repeat(64) })).await), 40_029);
    let stranger = json!({ "code": code, "openid": "o-somebody-else" });
    assert_eq!(errcode(&exchange(&world, &token, stranger).await), 40_003);
    let other = world.token(BOOKSHOP).await;
    assert_eq!(errcode(&exchange(&world, &other, json!({ "code": code })).await), 40_013);
    let path = "/wxa/business/getuserphonenumber";
    assert_eq!(errcode(&world.json(&format!("{path}?access_token={token}")).await), 43_002);
    assert_eq!(errcode(&world.post_json(path, json!({ "code": code })).await), 41_001);
    assert_eq!(exchange(&world, &token, json!({ "code": code })).await["errcode"], 0, "still unused");
}
