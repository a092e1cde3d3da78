//! The member-card interface: settings, one change per request id, WeChat's figures passed on.

use crate::support::{BOOKSHOP, RESTAURANT, World, errcode, world};
use reqwest::StatusCode;
use serde_json::{Value, json};

async fn key(world: &World, app_id: &str) -> String {
    let page = world.post(&format!("/practice/card-office/{app_id}/key"), &[]).await;
    page.text("office.access_key")
}

async fn get(world: &World, key: &str, path: &str) -> (StatusCode, Value) {
    let path = world.at(&format!("/member-card/v1/{path}"));
    let answer = world.client.get(path).bearer_auth(key).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn put_mode(world: &World, key: &str, body: Value) -> (StatusCode, Value) {
    let path = world.at("/member-card/v1/settings/acquisition-mode");
    let answer = world.client.put(path).bearer_auth(key).json(&body).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

#[tokio::test]
async fn settings_are_as_on_the_page() {
    let world = world().await;
    let key = key(&world, RESTAURANT).await;
    let (status, mut settings) = get(&world, &key, "settings").await;
    assert_eq!(status, StatusCode::OK);
    let changed = settings["mode_changed_at"].take();
    chrono::DateTime::parse_from_rfc3339(changed.as_str().unwrap()).unwrap();
    let expected = json!({
        "shop": "晋味小馆", "app_id": RESTAURANT, "acquisition_mode": "authorized", "mode_changed_at": null,
        "card_quota": 10_000, "cards_issued": 646, "cards_remaining": 9_354, "sms_balance": 550
    });
    assert_eq!(settings, expected);
    let page = world.page(&format!("/practice/card-office/{RESTAURANT}")).await;
    assert_eq!(page.text("office.issued"), "646");
    assert!(!page.html.contains(&key), "shown only once");
}

#[tokio::test]
async fn a_key_opens_its_own_shop_until_it_is_replaced() {
    let world = world().await;
    let (first, other) = (key(&world, RESTAURANT).await, key(&world, BOOKSHOP).await);
    assert_eq!(get(&world, &other, "settings").await.1["app_id"], BOOKSHOP);
    let second = key(&world, RESTAURANT).await;
    let (status, body) = get(&world, &first, "settings").await;
    assert_eq!((status, &body["error"]["code"]), (StatusCode::UNAUTHORIZED, &"bad_key".into()));
    assert_eq!(get(&world, &second, "settings").await.0, StatusCode::OK);
    let bare = world.get("/member-card/v1/settings").await;
    assert_eq!(bare.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn one_request_id_is_one_change_with_one_answer() {
    let world = world().await;
    let key = key(&world, RESTAURANT).await;
    let manual =
        json!({ "acquisition_mode": "manual", "request_id": "0190-aaaa-bbbb", "reason": "额度快用完" });
    let (status, first) = put_mode(&world, &key, manual.clone()).await;
    assert_eq!((status, &first["acquisition_mode"]), (StatusCode::OK, &"manual".into()));

    world.advance(60).await;
    let back = json!({ "acquisition_mode": "authorized", "request_id": "0190-cccc-dddd", "reason": "" });
    assert_eq!(put_mode(&world, &key, back).await.1["acquisition_mode"], "authorized");
    world.advance(60).await;
    let (status, again) = put_mode(&world, &key, manual).await;
    assert_eq!((status, &again), (StatusCode::OK, &first), "the same answer");
    assert_eq!(world.state(RESTAURANT).await["mode"], "authorized", "and no second change");

    let reused = json!({ "acquisition_mode": "authorized", "request_id": "0190-aaaa-bbbb", "reason": "" });
    let (status, body) = put_mode(&world, &key, reused).await;
    assert_eq!((status, &body["error"]["code"]), (StatusCode::CONFLICT, &"request_id_reused".into()));
    let page = world.page(&format!("/practice/card-office/{RESTAURANT}")).await;
    assert!(page.html.contains("额度快用完") && page.tag("office.mode").contains("authorized"));
}

#[tokio::test]
async fn a_change_may_depend_on_the_mode_that_was_seen() {
    let world = world().await;
    let key = key(&world, RESTAURANT).await;
    let body =
        |id: &str, to: &str, seen: &str| json!({ "acquisition_mode": to, "request_id": id, "if_mode": seen });
    let (status, refused) = put_mode(&world, &key, body("0190-aaaa-0001", "authorized", "manual")).await;
    assert_eq!((status, &refused["error"]["code"]), (StatusCode::CONFLICT, &"mode_differs".into()));
    assert_eq!(refused["error"]["acquisition_mode"], "authorized", "what is in force");
    let (status, _) = put_mode(&world, &key, body("0190-aaaa-0002", "manual", "authorized")).await;
    assert_eq!((status, &world.state(RESTAURANT).await["mode"]), (StatusCode::OK, &"manual".into()));
    let (status, _) = put_mode(&world, &key, body("0190-aaaa-0002", "manual", "authorized")).await;
    assert_eq!(status, StatusCode::OK, "a repeat is answered like the first time");
    let (status, _) = put_mode(&world, &key, body("0190-aaaa-0001", "authorized", "manual")).await;
    assert_eq!(status, StatusCode::OK, "what was refused did not use its request id up");
    assert_eq!(world.state(RESTAURANT).await["mode"], "authorized");
    let null = json!({ "acquisition_mode": "manual", "request_id": "0190-aaaa-0003", "if_mode": null });
    let (status, _) = put_mode(&world, &key, null).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "nothing was seen, or something");
    assert_eq!(world.state(RESTAURANT).await["mode"], "authorized");
}

async fn put_lease(world: &World, key: &str, body: Value) -> (StatusCode, Value) {
    let path = world.at("/member-card/v1/guard-lease");
    let answer = world.client.put(path).bearer_auth(key).json(&body).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

#[tokio::test]
async fn one_computer_guards_until_its_lease_ends() {
    let world = world().await;
    let key = key(&world, RESTAURANT).await;
    let lease =
        |holder: &str, seconds: i64| json!({ "holder": holder, "label": &holder[..4], "seconds": seconds });
    let (status, given) = put_lease(&world, &key, lease("till-0001", 900)).await;
    assert_eq!((status, &given["holder"]), (StatusCode::OK, &"till-0001".into()));
    let (status, refused) = put_lease(&world, &key, lease("desk-0001", 900)).await;
    assert_eq!((status, &refused["error"]["code"]), (StatusCode::CONFLICT, &"lease_held".into()));
    assert_eq!((&refused["error"]["label"], &refused["error"]["until"]), (&"till".into(), &given["until"]));
    assert_eq!(
        put_lease(&world, &key, lease("till-0001", 900)).await.0,
        StatusCode::OK,
        "its own is renewed"
    );

    let change = |id: &str, mode: &str, holder: &str| json!({ "acquisition_mode": mode, "request_id": id, "lease": holder });
    let (status, refused) = put_mode(&world, &key, change("0190-aaaa-0001", "manual", "desk-0001")).await;
    assert_eq!((status, &refused["error"]["code"]), (StatusCode::CONFLICT, &"lease_lost".into()));
    assert_eq!(world.state(RESTAURANT).await["mode"], "authorized");
    let (status, _) = put_mode(&world, &key, change("0190-aaaa-0002", "manual", "till-0001")).await;
    assert_eq!((status, &world.state(RESTAURANT).await["mode"]), (StatusCode::OK, &"manual".into()));

    // Given back, and over by itself.
    assert_eq!(put_lease(&world, &key, lease("till-0001", 0)).await.0, StatusCode::OK);
    assert_eq!(put_lease(&world, &key, lease("desk-0001", 60)).await.0, StatusCode::OK);
    world.advance(61).await;
    let (status, _) = put_mode(&world, &key, change("0190-aaaa-0003", "authorized", "desk-0001")).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(put_lease(&world, &key, lease("till-0001", 60)).await.0, StatusCode::OK);
    for bad in [lease("till-0001", -1), lease("till-0001", 3_601), lease("till", 60), json!({})] {
        assert_eq!(put_lease(&world, &key, bad.clone()).await.0, StatusCode::BAD_REQUEST, "{bad}");
    }
    assert_eq!(put_lease(&world, "guess", lease("till-0001", 60)).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_platform_can_answer_a_change_that_it_does_not_make() {
    let world = world().await;
    let key = key(&world, RESTAURANT).await;
    let path = "/member-card/v1/settings/acquisition-mode";
    world.admin("faults", json!({ "path": path, "fault": { "kind": "no_effect" }, "times": 1 })).await;
    let change = json!({ "acquisition_mode": "manual", "request_id": "0190-aaaa-bbbb" });
    let (status, answer) = put_mode(&world, &key, change.clone()).await;
    assert_eq!((status, &answer["acquisition_mode"]), (StatusCode::OK, &"manual".into()));
    assert_eq!(world.state(RESTAURANT).await["mode"], "authorized");
    put_mode(&world, &key, change).await;
    assert_eq!(world.state(RESTAURANT).await["mode"], "manual", "once");
}

#[tokio::test]
async fn bad_changes_are_refused() {
    let world = world().await;
    let key = key(&world, RESTAURANT).await;
    for body in [
        json!({}),
        json!({ "acquisition_mode": "both", "request_id": "0190-aaaa-bbbb" }),
        json!({ "acquisition_mode": "manual" }),
        json!({ "acquisition_mode": "manual", "request_id": "short" }),
        json!({ "acquisition_mode": "manual", "request_id": "x".repeat(65) }),
        json!({ "acquisition_mode": "manual", "request_id": "0190-aaaa-bbbb", "extra": 1 }),
    ] {
        let (status, answer) = put_mode(&world, &key, body.clone()).await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (StatusCode::BAD_REQUEST, &"bad_request".into()),
            "{body}"
        );
    }
    let stranger = json!({ "acquisition_mode": "manual", "request_id": "0190-aaaa-bbbb" });
    assert_eq!(put_mode(&world, "guess", stranger).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(world.state(RESTAURANT).await["mode"], "authorized");
}

#[tokio::test]
async fn wechat_figures_are_passed_on_word_for_word() {
    let world = world().await;
    let token = world.token(RESTAURANT).await;
    let restaurant = key(&world, RESTAURANT).await;
    let (_, passed) = get(&world, &restaurant, "wechat-usage").await;
    assert_eq!(passed["usage"], world.usage(&token).await);
    assert_eq!(passed["average"]["averageData"], 70);
    chrono::DateTime::parse_from_rfc3339(passed["as_of"].as_str().unwrap()).unwrap();
    let bookshop = key(&world, BOOKSHOP).await;
    assert_eq!(errcode(&get(&world, &bookshop, "wechat-usage").await.1["average"]), 10_122_000);
}
