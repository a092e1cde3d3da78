//! Third-party platforms call in the name of mini-programs that authorised them, as far as they were authorised.

use crate::support::{BOOKSHOP, PLATFORM, PROVIDER, RESTAURANT, World, errcode, sample, shape, world};
use reqwest::Method;
use serde_json::{Value, json};

async fn component_answer(world: &World) -> Value {
    let secret = world.secret_of(PLATFORM).await;
    let ticket = world.admin("tickets", json!({ "app_id": PLATFORM })).await;
    let body = json!({
        "component_appid": PLATFORM,
        "component_appsecret": secret,
        "component_verify_ticket": ticket["component_verify_ticket"],
    });
    world.post_json("/cgi-bin/component/api_component_token", body).await
}

async fn component_token(world: &World) -> String {
    component_answer(world).await["component_access_token"].as_str().unwrap().to_owned()
}

async fn authorise(world: &World, app_id: &str, sets: Value) -> String {
    let body = json!({ "agent": PLATFORM, "app_id": app_id, "permission_sets": sets });
    let answer = world.admin("authorisations", body).await;
    answer["authorizer_refresh_token"].as_str().unwrap().to_owned()
}

async fn refresh(world: &World, component: &str, app_id: &str, refresh_token: &str) -> Value {
    let body = json!({
        "component_appid": PLATFORM,
        "authorizer_appid": app_id,
        "authorizer_refresh_token": refresh_token,
    });
    let path = "/cgi-bin/component/api_authorizer_token";
    world.post_json(&format!("{path}?component_access_token={component}"), body).await
}

#[tokio::test]
async fn an_authorised_platform_reads_usage_and_exchanges_codes() {
    let world = world().await;
    let answer = component_answer(&world).await;
    assert_eq!(shape(&answer), shape(&sample("component_token")));
    let component = answer["component_access_token"].as_str().unwrap();
    let refresh_token = authorise(&world, RESTAURANT, json!([1, 18])).await;
    let answer = refresh(&world, component, RESTAURANT, &refresh_token).await;
    assert_eq!(shape(&answer), shape(&sample("authorizer_token")));
    let token = answer["authorizer_access_token"].as_str().unwrap();
    assert_eq!(world.usage(token).await["effectiveUse"], "194");
    let number = format!("/wxa/business/getuserphonenumber?access_token={token}");
    assert_eq!(errcode(&world.post_json(&number, json!({ "code": "0".repeat(64) })).await), 40_029);

    let second = refresh(&world, component, RESTAURANT, &refresh_token).await;
    let second = second["authorizer_access_token"].as_str().unwrap();
    assert_eq!(world.usage(token).await["errcode"], 0, "the one before works for five minutes");
    world.advance(301).await;
    assert_eq!(errcode(&world.usage(token).await), 40_001);
    assert_eq!(world.usage(second).await["errcode"], 0);
}

#[tokio::test]
async fn a_platform_gets_no_further_than_it_was_authorised() {
    let world = world().await;
    let component = component_token(&world).await;
    let refresh_token = authorise(&world, RESTAURANT, json!([1])).await;
    let answer = refresh(&world, &component, RESTAURANT, &refresh_token).await;
    let token = answer["authorizer_access_token"].as_str().unwrap();
    assert_eq!(errcode(&world.usage(token).await), 61_007);
    let quota = format!("/cgi-bin/openapi/quota/get?access_token={token}");
    let asked = json!({ "cgi_path": "/wxa/charge/usage/get" });
    assert_eq!(world.post_json(&quota, asked).await["errcode"], 0, "any permission set will do for this");

    let authorised = authorise(&world, RESTAURANT, json!([18])).await;
    assert_eq!(world.usage(token).await["errcode"], 0);
    assert_eq!(errcode(&refresh(&world, &component, RESTAURANT, &refresh_token).await), 61_023);
    let withdrawal = json!({ "agent": PLATFORM, "app_id": RESTAURANT });
    world.administer(Method::DELETE, "authorisations", withdrawal).await;
    assert_eq!(errcode(&world.usage(token).await), 61_003);
    assert_eq!(errcode(&refresh(&world, &component, RESTAURANT, &authorised).await), 61_003);
    assert_eq!(errcode(&refresh(&world, &component, BOOKSHOP, &authorised).await), 61_003);
}

#[tokio::test]
async fn a_token_is_good_for_its_kind_of_account_only() {
    let world = world().await;
    let component = component_token(&world).await;
    let provider = world.token_of(PROVIDER).await;
    let own = world.token_of(RESTAURANT).await;
    assert_eq!(errcode(&world.usage(&component).await), 48_001);
    assert_eq!(errcode(&world.usage(&provider).await), 48_001);
    assert_eq!(errcode(&refresh(&world, &own, RESTAURANT, "any").await), 48_001);
    let asked = json!({ "cgi_path": "/cgi-bin/component/api_authorizer_token" });
    let quota = |token: &str| format!("/cgi-bin/openapi/quota/get?access_token={token}");
    assert_eq!(world.post_json(&quota(&component), asked.clone()).await["errcode"], 0, "its own quota");
    assert_eq!(errcode(&world.post_json(&quota(&own), asked).await), 76_022);
}

#[tokio::test]
async fn a_platform_proves_itself_with_secret_and_ticket() {
    let world = world().await;
    let secret = world.secret_of(PLATFORM).await;
    let ticket = world.admin("tickets", json!({ "app_id": PLATFORM })).await;
    let ask = |app_id: &str, secret: &str, ticket: &Value| {
        let body = json!({
            "component_appid": app_id, "component_appsecret": secret, "component_verify_ticket": ticket
        });
        let world = &world;
        async move { errcode(&world.post_json("/cgi-bin/component/api_component_token", body).await) }
    };
    let ticket = &ticket["component_verify_ticket"];
    assert_eq!(ask(PLATFORM, &secret, &"ticket@@@other".into()).await, 61_006);
    assert_eq!(ask(PLATFORM, &"0".repeat(32), ticket).await, 40_125);
    assert_eq!(ask(RESTAURANT, &secret, ticket).await, 40_013, "a mini-program is no platform");
    let whitelist = json!({ "app_id": PLATFORM, "ip_whitelist": ["203.0.113.7"] });
    world.administer(Method::PUT, "guards", whitelist).await;
    assert_eq!(ask(PLATFORM, &secret, ticket).await, 61_004);
    assert_eq!(errcode(&world.stable_token(PLATFORM, &secret, false).await), 40_013);
}
