//! A mini-game: its call with `isRealtime`, what it is charged, and charge reads that do not know it.

use crate::support::{Page, QUICK, REALTIME, RESTAURANT, World, errcode, world, world_from};
use reqwest::StatusCode;
use serde_json::{Value, json};

const GAME: &str = "wxfacade00000000e1";

async fn press(world: &World, app_id: &str, body: Value) -> (StatusCode, Value) {
    let address = world.at(&format!("/practice/component/{app_id}"));
    let answer = world.client.post(address).json(&body).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

/// What the console shows of both capabilities: used and left, quick first. The game's owner is signed in.
async fn figures(world: &World) -> [(String, String); 2] {
    let overview = world.page("/wxamp/wxacharge").await;
    let of = |end: &str| {
        (overview.text(&format!("console.used{end}")), overview.text(&format!("console.remaining{end}")))
    };
    [of(""), of(".realtime")]
}

fn calls(used: &str, left: &str) -> (String, String) {
    (used.to_owned(), left.to_owned())
}

async fn answer(world: &World, setup: &str, agree: &str) -> Page {
    let form = [("customer", "7000"), ("choice", "bound"), ("agree", agree)];
    world.post(&format!("/practice/claim/{GAME}/answer{setup}"), &form).await
}

#[tokio::test]
async fn the_button_of_a_mini_game_takes_is_realtime() {
    let world = world().await;
    world.sign_in(GAME).await;
    assert_eq!(figures(&world).await, [calls("36次", "964次"), calls("0次", "1,000次")]);
    let quick = world.page(&format!("/practice/claim/{GAME}")).await;
    assert_eq!(quick.text("claim.component"), "wx.getPhoneNumber");
    assert!(quick.html.contains("isRealtime") && quick.html.contains("phoneNumberNoQuotaToast"));
    assert!(!quick.html.contains("open-type"), "a mini-game draws its button itself");

    let setup = "?component=realtime&toast=on&version=release";
    let realtime = world.page(&format!("/practice/claim/{GAME}{setup}")).await;
    assert_eq!(realtime.text("claim.component"), "wx.getPhoneNumber({ isRealtime: true })");
    let refused = answer(&world, setup, "no").await;
    assert!(refused.text("claim.callback").contains("getPhoneNumber:fail user deny"));
    let done = answer(&world, setup, "yes").await;
    assert!(done.has("claim.success"), "{}", done.html);
    assert!(done.text("claim.callback").contains("getPhoneNumber:ok"));
    assert_eq!(figures(&world).await, [calls("36次", "964次"), calls("1次", "999次")], "each has its own");
}

#[tokio::test]
async fn a_development_build_of_a_mini_game_says_is_realtime_and_no_open_type() {
    let world = world().await;
    world.sign_in(GAME).await;
    let (_, pressed) = press(&world, GAME, json!({ "is_realtime": true, "answer": "agree" })).await;
    assert_eq!(pressed["detail"]["errMsg"], "getPhoneNumber:ok");
    let (_, pressed) = press(&world, GAME, json!({ "is_realtime": false, "answer": "agree" })).await;
    assert!(pressed["detail"]["code"].is_string(), "{pressed}");
    let (_, pressed) = press(&world, GAME, json!({ "answer": "agree" })).await;
    assert!(pressed["detail"]["code"].is_string(), "{pressed}");
    assert_eq!(figures(&world).await, [calls("38次", "962次"), calls("1次", "999次")]);
    for (app_id, setting) in [(GAME, "open_type"), (RESTAURANT, "is_realtime")] {
        let value = if setting == "open_type" { json!("getPhoneNumber") } else { json!(true) };
        let (status, refused) = press(&world, app_id, json!({ setting: value, "answer": "agree" })).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(refused["error"]["message"].as_str().unwrap().contains(setting), "{refused}");
    }
}

#[tokio::test]
async fn quick_calls_of_a_mini_game_are_charged_two_years_later_than_realtime_ones() {
    let world = world_from("2025-08-03T23:00:00+08:00").await;
    world.sign_in(GAME).await;
    for realtime in [false, true] {
        press(&world, GAME, json!({ "is_realtime": realtime, "answer": "agree" })).await;
    }
    assert_eq!(figures(&world).await, [calls("0次", "1,000次"), calls("1次", "999次")]);
    world.advance(3_600).await;
    for realtime in [false, true] {
        press(&world, GAME, json!({ "is_realtime": realtime, "answer": "agree" })).await;
    }
    assert_eq!(figures(&world).await, [calls("1次", "999次"), calls("2次", "998次")]);
}

#[tokio::test]
async fn charge_reads_do_not_know_a_mini_game_and_its_codes_work() {
    let world = world().await;
    let token = world.token(GAME).await;
    for spu in [QUICK, REALTIME] {
        let detail = format!("/wxa/charge/usage/get?access_token={token}&spuId={spu}&offset=0&limit=20");
        assert_eq!(errcode(&world.json(&detail).await), 48_001);
        let average = format!("/wxa/charge/usage/get_recent_average?access_token={token}&spuId={spu}");
        assert_eq!(errcode(&world.json(&average).await), 48_001);
    }
    let key = world.post(&format!("/practice/card-office/{GAME}/key"), &[]).await.text("office.access_key");
    let address = world.at("/member-card/v1/wechat-usage");
    let passed_on: Value =
        world.client.get(address).bearer_auth(key).send().await.unwrap().json().await.unwrap();
    assert_eq!(errcode(&passed_on["usage"]), 48_001, "the member-card platform cannot read it either");

    let (_, pressed) = press(&world, GAME, json!({ "answer": "agree", "customer": 7 })).await;
    let path = format!("/wxa/business/getuserphonenumber?access_token={token}");
    let exchanged = world.post_json(&path, json!({ "code": pressed["detail"]["code"] })).await;
    assert_eq!(exchanged["phone_info"]["phoneNumber"], "12066600007");
}
