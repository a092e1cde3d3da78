//! Two kinds of tokens that know nothing of each other.

use crate::support::{BOOKSHOP, RESTAURANT, World, errcode, world};
use serde_json::{Value, json};

async fn plain(world: &World, secret: &str) -> Value {
    let grant = "grant_type=client_credential";
    world.json(&format!("/cgi-bin/token?{grant}&appid={RESTAURANT}&secret={secret}")).await
}

fn text(answer: &Value) -> String {
    answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

async fn code_of(world: &World, token: &str) -> i64 {
    let usage = world.usage(token).await;
    if usage["errcode"] == 0 { 0 } else { errcode(&usage) }
}

#[tokio::test]
async fn a_stable_token_stays_the_same_and_is_renewed_in_its_last_five_minutes() {
    let world = world().await;
    world.sign_in(RESTAURANT).await;
    let secret = world.secret().await;
    let first = world.stable_token(RESTAURANT, &secret, false).await;
    assert_eq!(first["expires_in"], 7_200);
    assert!(first.get("errcode").is_none(), "success has no errcode");

    world.advance(6_000).await;
    let again = world.stable_token(RESTAURANT, &secret, false).await;
    assert_eq!(text(&again), text(&first));
    let left = again["expires_in"].as_i64().unwrap();
    assert!((1_190..=1_200).contains(&left), "{left}");

    world.advance(900).await;
    let renewed = world.stable_token(RESTAURANT, &secret, false).await;
    assert_ne!(text(&renewed), text(&first));
    assert_eq!(code_of(&world, &text(&first)).await, 0, "both work for the last five minutes");
    assert_eq!(code_of(&world, &text(&renewed)).await, 0);

    world.advance(300).await;
    assert_eq!(code_of(&world, &text(&first)).await, 42_001);
    assert_eq!(code_of(&world, &text(&renewed)).await, 0);
}

#[tokio::test]
async fn forcing_ends_the_old_token_at_once_but_not_twice_within_thirty_seconds() {
    let world = world().await;
    world.sign_in(RESTAURANT).await;
    let secret = world.secret().await;
    let first = text(&world.stable_token(RESTAURANT, &secret, false).await);
    let forced = text(&world.stable_token(RESTAURANT, &secret, true).await);
    assert_ne!(forced, first);
    assert_eq!(code_of(&world, &first).await, 40_001);

    let too_soon = text(&world.stable_token(RESTAURANT, &secret, true).await);
    assert_eq!(too_soon, forced, "no refresh happens");
    world.advance(31).await;
    assert_ne!(text(&world.stable_token(RESTAURANT, &secret, true).await), forced);
}

#[tokio::test]
async fn forcing_has_a_daily_limit() {
    let world = world().await;
    world.sign_in(RESTAURANT).await;
    let secret = world.secret().await;
    // To the first minute of a Beijing day, so that all of them fall on one.
    let now = world.practice().now().timestamp();
    let into_day = (now + 8 * 3_600).rem_euclid(86_400);
    world.advance(u64::try_from(86_400 - into_day + 60).unwrap()).await;
    for _ in 0..20 {
        assert!(world.stable_token(RESTAURANT, &secret, true).await.get("errcode").is_none());
        world.advance(31).await;
    }
    assert_eq!(errcode(&world.stable_token(RESTAURANT, &secret, true).await), 45_009);
    assert!(world.stable_token(RESTAURANT, &secret, false).await.get("errcode").is_none());
    world.advance(86_400).await;
    assert!(world.stable_token(RESTAURANT, &secret, true).await.get("errcode").is_none());
}

#[tokio::test]
async fn every_plain_token_kills_the_one_before_after_five_minutes_and_leaves_stable_ones_alone() {
    let world = world().await;
    world.sign_in(RESTAURANT).await;
    let secret = world.secret().await;
    let stable = text(&world.stable_token(RESTAURANT, &secret, false).await);
    let first = text(&plain(&world, &secret).await);
    let second = text(&plain(&world, &secret).await);
    assert_ne!(first, second);
    assert_eq!(code_of(&world, &first).await, 0, "usable while handing over");
    world.advance(301).await;
    assert_eq!(code_of(&world, &first).await, 40_001);
    assert_eq!(code_of(&world, &second).await, 0);
    assert_eq!(code_of(&world, &stable).await, 0);
}

#[tokio::test]
async fn wrong_requests_are_named() {
    let world = world().await;
    world.sign_in(RESTAURANT).await;
    let secret = world.secret().await;
    let ask = |body: Value| world.post_json("/cgi-bin/stable_token", body);
    let grant = "client_credential";
    assert_eq!(errcode(&ask(json!({ "appid": RESTAURANT, "secret": secret })).await), 40_002);
    assert_eq!(errcode(&ask(json!({ "grant_type": grant, "secret": secret })).await), 41_002);
    assert_eq!(errcode(&ask(json!({ "grant_type": grant, "appid": RESTAURANT })).await), 41_004);
    assert_eq!(errcode(&ask(json!({ "grant_type": grant, "appid": "wx1", "secret": secret })).await), 40_013);
    let wrong = json!({ "grant_type": grant, "appid": RESTAURANT, "secret": "0".repeat(32) });
    assert_eq!(errcode(&ask(wrong).await), 40_125);
    let no_secret = json!({ "grant_type": grant, "appid": RESTAURANT, "secret": "not one" });
    assert_eq!(errcode(&ask(no_secret).await), 40_125);
    assert_eq!(errcode(&plain(&world, &"0".repeat(32)).await), 40_001, "wrong, where 40125 is illegal");
    assert_eq!(errcode(&plain(&world, "not-one").await), 40_125);
    let none_yet = json!({ "grant_type": grant, "appid": BOOKSHOP, "secret": secret });
    assert_eq!(errcode(&ask(none_yet).await), 40_125);

    assert_eq!(errcode(&world.json("/cgi-bin/stable_token").await), 43_002);
    let send = |body: &'static str| {
        let request = world.client.post(world.at("/cgi-bin/stable_token")).body(body);
        async { request.send().await.unwrap().json::<Value>().await.unwrap() }
    };
    assert_eq!(errcode(&send("").await), 44_002);
    assert_eq!(errcode(&send("{").await), 47_001);
    assert_eq!(errcode(&send("[]").await), 47_001);
}

#[tokio::test]
async fn a_reset_secret_replaces_the_old_one() {
    let world = world().await;
    world.sign_in(RESTAURANT).await;
    let old = world.secret().await;
    let unconfirmed = world.post("/wxamp/devprofile/get_profile", &[]).await;
    assert!(unconfirmed.has("page.error") && !unconfirmed.has("dev.app_secret"));
    assert!(world.stable_token(RESTAURANT, &old, false).await.get("errcode").is_none());

    let new = world.secret().await;
    assert_ne!(old, new);
    assert_eq!(errcode(&world.stable_token(RESTAURANT, &old, false).await), 40_125);
    assert!(world.stable_token(RESTAURANT, &new, false).await.get("errcode").is_none());
    let later = world.page("/wxamp/devprofile/get_profile").await;
    assert!(!later.html.contains(&new), "shown only once");
}
