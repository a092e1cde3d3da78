//! Calls are counted, limited and cleared; refused calls can be looked up by their rid.

use crate::support::{BOOKSHOP, RESTAURANT, World, errcode, world, world_from};
use reqwest::Method;
use serde_json::{Value, json};

const USAGE: &str = "/wxa/charge/usage/get";

async fn limit(world: &World, path: &str, day: u64, minute: u64) {
    let body = json!({ "path": path, "limits": { "day": day, "minute": minute } });
    world.administer(Method::PUT, "limits", body).await;
}

async fn call(world: &World, path: &str, token: &str, body: Value) -> Value {
    world.post_json(&format!("{path}?access_token={token}"), body).await
}

async fn quota(world: &World, token: &str) -> Value {
    call(world, "/cgi-bin/openapi/quota/get", token, json!({ "cgi_path": USAGE })).await
}

fn rid_of(refused: &Value) -> String {
    refused["errmsg"].as_str().unwrap().rsplit(' ').next().unwrap().to_owned()
}

async fn look_up(world: &World, token: &str, rid: &str) -> Value {
    call(world, "/cgi-bin/openapi/rid/get", token, json!({ "rid": rid })).await
}

#[tokio::test]
async fn a_day_has_so_many_calls_and_clearing_brings_them_back() {
    // The day must not end meanwhile.
    let world = world_from("2026-12-01T10:00:00+08:00").await;
    let token = world.token_of(RESTAURANT).await;
    limit(&world, USAGE, 3, 100).await;
    for used in 0..3 {
        let reading = &quota(&world, &token).await["quota"];
        assert_eq!(reading, &json!({ "daily_limit": 3, "used": used, "remain": 3 - used }));
        assert_eq!(world.usage(&token).await["errcode"], 0);
    }
    assert_eq!(errcode(&world.usage(&token).await), 45_009);
    let other = world.token_of(BOOKSHOP).await;
    assert_eq!(world.usage(&other).await["errcode"], 0, "each account has its own");

    let one = json!({ "cgi_path": USAGE });
    assert_eq!(call(&world, "/cgi-bin/openapi/quota/clear", &token, one).await["errcode"], 0);
    assert_eq!(world.usage(&token).await["errcode"], 0);
    for _ in 0..2 {
        world.usage(&token).await;
    }
    assert_eq!(errcode(&world.usage(&token).await), 45_009);
    world.advance(86_400).await;
    let token = world.token_of(RESTAURANT).await;
    assert_eq!(world.usage(&token).await["errcode"], 0, "a new day");
}

#[tokio::test]
async fn the_stable_interface_has_the_limits_of_its_page() {
    let world = world().await;
    let token = world.token_of(RESTAURANT).await;
    let path = json!({ "cgi_path": "/cgi-bin/stable_token" });
    let told = call(&world, "/cgi-bin/openapi/quota/get", &token, path).await;
    assert_eq!(told["quota"]["daily_limit"], 500_000);
    assert_eq!(told["rate_limit"], json!({ "call_count": 10_000, "refresh_second": 60 }));
}

#[tokio::test]
async fn a_minute_has_so_many_calls() {
    let world = world().await;
    let token = world.token_of(RESTAURANT).await;
    limit(&world, USAGE, 100, 2).await;
    // To the first second of a minute, so that all of them fall into one.
    let into_minute = world.practice().now().timestamp().rem_euclid(60);
    world.advance(u64::try_from(60 - into_minute).unwrap()).await;
    for _ in 0..2 {
        assert_eq!(world.usage(&token).await["errcode"], 0);
    }
    assert_eq!(errcode(&world.usage(&token).await), 45_011);
    world.advance(60).await;
    assert_eq!(world.usage(&token).await["errcode"], 0);
}

#[tokio::test]
async fn clearing_everything_has_ten_chances_a_month_by_token_or_by_secret() {
    let world = world().await;
    let secret = world.secret_of(RESTAURANT).await;
    let answer = world.stable_token(RESTAURANT, &secret, false).await;
    let token = answer["access_token"].as_str().unwrap();
    let by_token = || call(&world, "/cgi-bin/clear_quota", token, json!({ "appid": RESTAURANT }));
    let in_body = json!({ "appid": RESTAURANT, "appsecret": secret });
    let by_body = || world.post_json("/cgi-bin/clear_quota/v2", in_body.clone());
    for _ in 0..5 {
        assert_eq!(by_token().await, json!({ "errcode": 0, "errmsg": "ok" }));
    }
    for _ in 0..4 {
        assert_eq!(by_body().await["errcode"], 0);
    }
    let path = world.at(&format!("/cgi-bin/clear_quota/v2?appid={RESTAURANT}&appsecret={secret}"));
    let by_address: Value = world.client.post(path).send().await.unwrap().json().await.unwrap();
    assert_eq!(by_address["errcode"], 0, "the sample's way");
    assert_eq!(errcode(&by_token().await), 48_006);
    assert_eq!(errcode(&by_body().await), 48_006);
    world.advance(31 * 86_400).await;
    assert_eq!(by_body().await["errcode"], 0, "another month");
}

#[tokio::test]
async fn clearing_one_interface_has_fifty_chances_a_month() {
    let world = world().await;
    let token = world.token_of(RESTAURANT).await;
    let clear = || call(&world, "/cgi-bin/openapi/quota/clear", &token, json!({ "cgi_path": USAGE }));
    for _ in 0..50 {
        assert_eq!(clear().await["errcode"], 0);
    }
    assert_eq!(errcode(&clear().await), 48_006);
    let all = call(&world, "/cgi-bin/clear_quota", &token, json!({ "appid": RESTAURANT })).await;
    assert_eq!(all["errcode"], 0, "the chances are separate");
}

#[tokio::test]
async fn wrong_questions_about_quota_are_named() {
    let world = world().await;
    let token = world.token_of(RESTAURANT).await;
    let ask = |body: Value| call(&world, "/cgi-bin/openapi/quota/get", &token, body);
    assert_eq!(errcode(&ask(json!({})).await), 76_021);
    assert_eq!(errcode(&ask(json!({ "cgi_path": "wxa/charge/usage/get" })).await), 76_021);
    assert_eq!(errcode(&ask(json!({ "cgi_path": "/sns/jscode2session" })).await), 76_022);
    let component = json!({ "cgi_path": "/cgi-bin/component/api_authorizer_token" });
    assert_eq!(errcode(&ask(component).await), 76_022);
    let clear = |body: Value| call(&world, "/cgi-bin/clear_quota", &token, body);
    assert_eq!(errcode(&clear(json!({ "appid": BOOKSHOP })).await), 40_013);
    assert_eq!(errcode(&clear(json!({})).await), 41_002);
    let by_secret = |body: Value| world.post_json("/cgi-bin/clear_quota/v2", body);
    assert_eq!(errcode(&by_secret(json!({ "appid": RESTAURANT })).await), 41_004);
    assert_eq!(errcode(&by_secret(json!({ "appsecret": "0".repeat(32) })).await), 41_002);
    let wrong = json!({ "appid": RESTAURANT, "appsecret": "0".repeat(32) });
    assert_eq!(errcode(&by_secret(wrong).await), 40_125);
}

#[tokio::test]
async fn a_rid_tells_its_own_account_what_was_asked_for_seven_days() {
    let world = world().await;
    let token = world.token_of(RESTAURANT).await;
    let path = format!("{USAGE}?access_token={token}&spuId=10000077&offset=0&limit=21");
    let refused = world.json(&path).await;
    let again = world.json(&path).await;
    assert_ne!(rid_of(&refused), rid_of(&again), "each has its own");

    let told = look_up(&world, &token, &rid_of(&refused)).await;
    assert_eq!(told["errcode"], 0, "{told}");
    let request = &told["request"];
    let response: Value = serde_json::from_str(request["response_body"].as_str().unwrap()).unwrap();
    assert_eq!(response, refused);
    let address = request["request_url"].as_str().unwrap();
    assert!(address.ends_with("&spuId=10000077&offset=0&limit=21") && !address.contains(&token), "{address}");
    assert_eq!(request["client_ip"], "127.0.0.1");
    assert!((world.practice().now().timestamp() - request["invoke_time"].as_i64().unwrap()).abs() < 60);

    let stranger = world.token_of(BOOKSHOP).await;
    assert_eq!(errcode(&look_up(&world, &stranger, &rid_of(&refused)).await), 76_003);
    assert_eq!(errcode(&look_up(&world, &token, "64ec1f2a").await), 76_002);
    let never = format!("{:08x}-00000000-00000000", world.practice().now().timestamp());
    assert_eq!(errcode(&look_up(&world, &token, &never).await), 76_001);

    world.advance(7 * 86_400 - 60).await;
    let token = world.token_of(RESTAURANT).await;
    assert_eq!(look_up(&world, &token, &rid_of(&refused)).await["errcode"], 0);
    world.advance(120).await;
    assert_eq!(errcode(&look_up(&world, &token, &rid_of(&refused)).await), 76_004);
}

#[tokio::test]
async fn a_refused_secret_is_not_kept_with_the_rid() {
    let mut world = world().await;
    let planted = "planted0secret0that0nobody0has00";
    let query = format!("grant_type=client_credential&appid={RESTAURANT}&secret={planted}");
    errcode(&world.json(&format!("/cgi-bin/token?{query}")).await);
    errcode(&world.stable_token(RESTAURANT, planted, false).await);
    let token = world.token_of(RESTAURANT).await;
    let unknown = format!("{}zzzz", &token[..token.len() - 4]);
    assert_eq!(errcode(&world.usage(&unknown).await), 40_001);
    let database = world.database();
    world.stop().await;
    let bytes = std::fs::read(database).unwrap();
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("planted") || holds("plantexxxx"), "the search finds what is there");
    assert!(!holds(planted) && !holds(&unknown));
}
