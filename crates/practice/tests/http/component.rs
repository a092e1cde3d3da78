//! The component: what stops it, what its callback says, and both products charged apart.

use crate::support::{BOOKSHOP, Page, REALTIME, RESTAURANT, World, world};
use serde_json::{Value, json};

async fn press(world: &World, app_id: &str, body: Value) -> Value {
    let address = world.at(&format!("/practice/component/{app_id}"));
    world.client.post(address).json(&body).send().await.unwrap().json().await.unwrap()
}

async fn condition(world: &World, standing: &str, privacy: &str) {
    let form = [("standing", standing), ("privacy", privacy)];
    let page = world.post(&format!("/practice/claim/{RESTAURANT}/condition"), &form).await;
    assert!(page.has("claim.get"), "{}", page.html);
}

async fn tap(world: &World, setup: &str) -> Page {
    world.post(&format!("/practice/claim/{RESTAURANT}/tap{setup}"), &[]).await
}

#[tokio::test]
async fn what_stands_in_the_way_is_told_to_the_developer_and_costs_nothing() {
    let world = world().await;
    for (standing, privacy, errno) in
        [("no_permission", "on", 102), ("blocked", "on", 1_421_102), ("good", "off", 112)]
    {
        condition(&world, standing, privacy).await;
        let page = tap(&world, "").await;
        assert!(page.tag("claim.own_notice").contains(&format!("data-errno=\"{errno}\"")), "{}", page.html);
        assert!(
            page.text("claim.callback").contains(&format!("&quot;errno&quot;: {errno}")),
            "{}",
            page.html
        );
        assert!(!page.has("claim.notice"), "WeChat shows its notice for an empty quota only");
        let detail = press(&world, RESTAURANT, json!({ "answer": "agree" })).await["detail"].clone();
        assert_eq!((&detail["errno"], detail.get("code")), (&errno.into(), None), "{detail}");
    }
    condition(&world, "good", "on").await;
    assert!(tap(&world, "").await.has("claim.sheet"));
    assert_eq!(world.state(RESTAURANT).await["used"], 194);
}

#[tokio::test]
async fn a_page_that_switches_the_notice_off_is_on_its_own() {
    let world = world().await;
    world.customers(RESTAURANT, 806).await;
    assert!(tap(&world, "").await.has("claim.notice"));
    let silent = tap(&world, "?component=quick&toast=off&version=develop").await;
    assert!(!silent.has("claim.notice"), "{}", silent.html);
    assert!(silent.tag("claim.own_notice").contains("1400001"));
    let noisy = press(&world, RESTAURANT, json!({ "answer": "agree" })).await;
    assert_eq!(
        noisy["detail"],
        json!({ "errMsg": "getPhoneNumber:fail appid no enough quota", "errno": 1_400_001 })
    );
    assert_eq!(noisy["notice"], "该功能使用次数已达当前小程序上限，暂时无法使用");
    let quiet = press(&world, RESTAURANT, json!({ "answer": "agree", "no_quota_toast": false })).await;
    assert_eq!((&quiet["detail"], &quiet["notice"]), (&noisy["detail"], &Value::Null));
}

#[tokio::test]
async fn realtime_verification_has_a_quota_of_its_own() {
    let world = world().await;
    let token = world.token(RESTAURANT).await;
    world.customers(RESTAURANT, 806).await;
    let setup = "?component=realtime&toast=on&version=trial";
    assert!(tap(&world, setup).await.has("claim.sheet"), "quick is dry, realtime is not");
    let form = [("customer", "7000"), ("choice", "bound"), ("agree", "yes")];
    let done = world.post(&format!("/practice/claim/{RESTAURANT}/answer{setup}"), &form).await;
    assert!(done.has("claim.success") && done.text("claim.callback").contains("getRealtimePhoneNumber:ok"));
    let path = format!("/wxa/charge/usage/get?access_token={token}&spuId={REALTIME}&offset=0&limit=20");
    assert_eq!(world.json(&path).await["detailList"][0]["used"], "1");
    assert_eq!(world.state(RESTAURANT).await["used"], 1_000, "quick is as it was");
}

#[tokio::test]
async fn a_development_build_gets_codes_that_work_once() {
    let world = world().await;
    let token = world.token(BOOKSHOP).await;
    let pressed = press(&world, BOOKSHOP, json!({ "answer": "agree", "customer": 7 })).await;
    assert_eq!(pressed["detail"]["errMsg"], "getPhoneNumber:ok");
    let body = json!({ "code": pressed["detail"]["code"] });
    let path = format!("/wxa/business/getuserphonenumber?access_token={token}");
    let first = world.post_json(&path, body.clone()).await;
    assert_eq!(first["phone_info"]["phoneNumber"], "12066600007");
    assert_eq!(world.post_json(&path, body).await["errcode"], 40_029);
    let refused = press(&world, BOOKSHOP, json!({ "answer": "refuse" })).await;
    assert_eq!(refused["detail"], json!({ "errMsg": "getPhoneNumber:fail user deny", "errno": 103 }));
    assert_eq!(world.state(BOOKSHOP).await["used"], 1, "the refusal was free");
    let address = world.at("/practice/component/wx0");
    let unknown = world.client.post(address).json(&json!({ "answer": "agree" })).send().await.unwrap();
    assert_eq!(unknown.status(), 404);
}
