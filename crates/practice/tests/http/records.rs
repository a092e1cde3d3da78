//! Sign-up records and statistics of the member-card interface.

use crate::support::{BOOKSHOP, RESTAURANT, World, world};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn key(world: &World, app_id: &str) -> String {
    world.post(&format!("/practice/card-office/{app_id}/key"), &[]).await.text("office.access_key")
}

async fn get(world: &World, key: &str, path: &str, query: &[(&str, &str)]) -> (StatusCode, Value) {
    let address = world.at(&format!("/member-card/v1/{path}"));
    let answer = world.client.get(address).bearer_auth(key).query(query).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_walk_meets_every_record_once_while_others_join() {
    let world = world().await;
    let key = key(&world, RESTAURANT).await;
    let (mut met, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let mut query = vec![("limit", "40")];
        if let Some(cursor) = &cursor {
            query.push(("cursor", cursor));
        }
        let (status, page) = get(&world, &key, "sign-ups", &query).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        met.extend(ids(&page));
        cursor = Some(page["next_cursor"].as_str().unwrap().to_owned());
        if page["has_more"] == false {
            break;
        }
        world.customers(RESTAURANT, 3).await;
    }
    let different: BTreeSet<_> = met.iter().collect();
    assert_eq!(different.len(), met.len(), "nobody twice");
    assert!(met.len() >= 194, "nobody lost");

    let cursor = cursor.unwrap();
    let (_, nothing) = get(&world, &key, "sign-ups", &[("cursor", &cursor)]).await;
    assert_eq!((ids(&nothing).len(), &nothing["has_more"]), (0, &false.into()));
    assert_eq!(nothing["next_cursor"], cursor.as_str());
    world.customers(RESTAURANT, 2).await;
    let (_, joined) = get(&world, &key, "sign-ups", &[("cursor", &cursor)]).await;
    assert_eq!(ids(&joined).len(), 2, "going on later meets exactly who joined");
}

#[tokio::test]
async fn records_say_what_happened_and_hide_the_number() {
    let world = world().await;
    let key = key(&world, BOOKSHOP).await;
    let repeat = json!({ "app_id": BOOKSHOP, "count": 1, "action": "repeat" });
    assert_eq!(world.admin("customers", repeat).await["succeeded"], 2);
    world
        .admin(
            "customers",
            json!({ "app_id": BOOKSHOP, "count": 1, "action": "authorise", "exchange": false }),
        )
        .await;
    world.post(&format!("/practice/card-office/{BOOKSHOP}/mode"), &[("mode", "manual")]).await;
    world.customers(BOOKSHOP, 1).await;

    let (_, page) = get(&world, &key, "sign-ups", &[]).await;
    let items = page["items"].as_array().unwrap();
    let outcomes: Vec<_> = items.iter().map(|item| item["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["card_issued", "already_member", "number_not_fetched", "card_issued"]);
    assert_eq!(items[0]["member_id"], items[1]["member_id"], "one member");
    assert_eq!(items[0]["card_number"], items[1]["card_number"], "one card");
    assert!(items[2]["member_id"].is_null() && items[2]["phone_masked"].is_null());
    assert_eq!((&items[3]["way"], &items[3]["component"]), (&"manual".into(), &Value::Null));
    assert_eq!(items[0]["phone_masked"], "120****0001");
    assert!(!page.to_string().contains("12066600001"));

    let (_, manual) = get(&world, &key, "sign-ups", &[("way", "manual")]).await;
    assert_eq!(ids(&manual).len(), 1);
    let cursor = manual["next_cursor"].as_str().unwrap();
    let (status, error) = get(&world, &key, "sign-ups", &[("cursor", cursor), ("way", "authorized")]).await;
    assert_eq!((status, &error["error"]["code"]), (StatusCode::BAD_REQUEST, &"bad_cursor".into()));
    let other = crate::records::key(&world, RESTAURANT).await;
    let (_, error) = get(&world, &other, "sign-ups", &[("cursor", cursor)]).await;
    assert_eq!(error["error"]["code"], "bad_cursor", "of another shop");

    let (_, statistics) = get(&world, &key, "statistics", &[("days", "2")]).await;
    let today = json!({
        "authorized": 3, "manual": 1, "cards_issued": 2, "already_members": 1, "numbers_not_fetched": 1,
        "no_cards_left": 0
    });
    assert_eq!(statistics["totals"], today);
    assert_eq!(statistics["days"].as_array().unwrap().len(), 2);
    assert_eq!(statistics["days"][1]["authorized"], 3);
    assert_eq!(statistics["days"][0]["authorized"], 0, "yesterday, oldest first");
}

#[tokio::test]
async fn what_is_asked_for_wrongly_is_refused() {
    let world = world().await;
    let key = key(&world, RESTAURANT).await;
    for (path, name, value) in [
        ("sign-ups", "limit", "0"),
        ("sign-ups", "limit", "201"),
        ("sign-ups", "limit", "many"),
        ("sign-ups", "from", "2026-08-01"),
        ("sign-ups", "until", ""),
        ("sign-ups", "way", "both"),
        ("sign-ups", "offset", "3"),
        ("statistics", "days", "0"),
        ("statistics", "days", "367"),
        ("statistics", "until", "yesterday"),
        ("statistics", "until", "1969-12-31"),
    ] {
        let (status, error) = get(&world, &key, path, &[(name, value)]).await;
        assert_eq!(
            (status, &error["error"]["code"]),
            (StatusCode::BAD_REQUEST, &"bad_request".into()),
            "{path} {name}={value}"
        );
    }
    let (status, error) = get(&world, &key, "sign-ups", &[("cursor", "1____0_0123456789ab")]).await;
    assert_eq!((status, &error["error"]["code"]), (StatusCode::BAD_REQUEST, &"bad_cursor".into()));
    let (status, error) = get(&world, "guess", "sign-ups", &[]).await;
    assert_eq!((status, &error["error"]["code"]), (StatusCode::UNAUTHORIZED, &"bad_key".into()));
    let (status, error) = get(&world, &key, "no/such/path", &[]).await;
    assert_eq!((status, &error["error"]["code"]), (StatusCode::NOT_FOUND, &"not_found".into()));
    let posted =
        world.client.post(world.at("/member-card/v1/sign-ups")).bearer_auth(&key).send().await.unwrap();
    assert_eq!(posted.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(posted.json::<Value>().await.unwrap()["error"]["code"], "method_not_allowed");
}

#[tokio::test]
async fn instants_bound_a_walk_half_open() {
    let world = world().await;
    let key = key(&world, BOOKSHOP).await;
    world.customers(BOOKSHOP, 1).await;
    let (_, page) = get(&world, &key, "sign-ups", &[]).await;
    let at = page["items"][0]["at"].as_str().unwrap();
    let found =
        async |name: &str, value: &str| ids(&get(&world, &key, "sign-ups", &[(name, value)]).await.1).len();
    assert_eq!((found("from", at).await, found("until", at).await), (1, 0));
    let later = at.replace("+08:00", ".5+08:00");
    assert_eq!((found("from", &later).await, found("until", &later).await), (0, 1));
}
