//! The stand-alone platform: known secrets, a start page, a page for each account, and many accounts.

use crate::support::{Page, RESTAURANT, client, first_start, world};
use practice::{Options, Practice};
use serde_json::{Value, json};

async fn page(client: &reqwest::Client, practice: &Practice, path: &str) -> Page {
    Page::read(client.get(practice.base_url().join(path).unwrap()).send().await.unwrap()).await
}

#[tokio::test]
async fn the_account_page_shows_secrets_that_work() {
    let folder = tempfile::tempdir().unwrap();
    let options =
        Options { database: folder.path().join("p.db"), first_start: first_start(), ..Options::default() };
    let practice = Practice::start_stand_alone(options, 30).await.unwrap();
    let client = client();
    let start = page(&client, &practice, "/").await;
    assert!(start.has(&format!("start.open.{RESTAURANT}")) && start.has("start.next"));
    let found = page(&client, &practice, "/?q=wxfacade0000000030").await;
    assert!(found.has("start.open.wxfacade0000000030") && !found.has(&format!("start.open.{RESTAURANT}")));

    let account = page(&client, &practice, &format!("/practice/account/{RESTAURANT}")).await;
    let secret = account.text("account.secret");
    let body = json!({ "grant_type": "client_credential", "appid": RESTAURANT, "secret": secret });
    let address = practice.base_url().join("cgi-bin/stable_token").unwrap();
    let token: Value = client.post(address).json(&body).send().await.unwrap().json().await.unwrap();
    assert!(token["access_token"].is_string(), "{token}");
    let address = practice.base_url().join("member-card/v1/settings").unwrap();
    let key = account.text("account.key");
    let settings: Value = client.get(address).bearer_auth(&key).send().await.unwrap().json().await.unwrap();
    assert_eq!(settings["app_id"], RESTAURANT);
    let checked = include_str!("../../openapi/schemathesis.toml");
    assert!(checked.contains(&format!("Bearer {key}")), "the check of the interface uses this key");
    practice.shutdown().await;
}

#[tokio::test]
async fn inside_the_app_secrets_are_still_to_be_made() {
    let world = world().await;
    let account = world.page(&format!("/practice/account/{RESTAURANT}")).await;
    assert!(!account.has("account.secret") && !account.has("account.key"), "{}", account.html);
}

#[tokio::test]
async fn many_accounts_have_pasts_that_are_the_same_each_time() {
    let totals = async || {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            database: folder.path().join("p.db"),
            admin_token: Some("many".to_owned()),
            first_start: first_start(),
            ..Options::default()
        };
        let practice = Practice::start_stand_alone(options, 40).await.unwrap();
        let address = practice.base_url().join("practice/admin/state").unwrap();
        let state: Value =
            client().get(address).bearer_auth("many").send().await.unwrap().json().await.unwrap();
        practice.shutdown().await;
        let programs = state["mini_programs"].as_array().unwrap().clone();
        assert_eq!(programs.len(), 40 + 1, "and the mini-game");
        programs
            .into_iter()
            .map(|program| [program["used"].clone(), program["remaining"].clone(), program["mode"].clone()])
            .collect::<Vec<_>>()
    };
    let (first, second) = (totals().await, totals().await);
    assert_eq!(first, second);
    assert!(first.iter().any(|[used, ..]| used.as_u64() > Some(600)), "some are late");
    assert!(first.iter().any(|[.., mode]| mode == "manual"));
}

#[tokio::test]
async fn an_account_is_run_dry_and_time_is_moved_by_hand() {
    let world = world().await;
    let account = format!("/practice/account/{RESTAURANT}");
    let left = world.post(&format!("{account}/use-up"), &[("leave", "1")]).await;
    assert!(left.text("account.remaining").starts_with('1'), "{}", left.html);
    let one = [("count", "2"), ("manner", "authorise")];
    let dry = world.post(&format!("{account}/customers"), &one).await;
    assert!(dry.text("account.remaining").starts_with('0'), "one got a card, one the notice");
    assert_eq!(world.state(RESTAURANT).await["used"], 1_000);
    let before = world.practice().now();
    let back = world.post("/practice/clock", &[("seconds", "86400"), ("back", &account)]).await;
    assert_eq!(back.path, account);
    assert!((world.practice().now() - before).num_seconds() >= 86_400);
    let strange = world.post("/practice/clock", &[("seconds", "1"), ("back", "//evil.example")]).await;
    assert_eq!(strange.path, "/");
}
