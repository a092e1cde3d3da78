//! Customers who come by themselves as practice time passes.

use crate::support::{ADMIN, BOOKSHOP, RESTAURANT, world, world_from};
use serde_json::json;

#[tokio::test]
async fn a_week_of_customers_passes_with_the_clock() {
    // A Monday: what a week brings depends on where it begins.
    let mut world = world_from("2026-11-30T00:00:00+08:00").await;
    let habits = json!({ "app_id": BOOKSHOP, "per_hour": 4, "refuse_percent": 20, "repeat_percent": 10 });
    world.admin("traffic", habits).await;
    world.advance(7 * 86_400).await;
    let state = world.state(BOOKSHOP).await;
    let (used, issued) = (state["used"].as_u64().unwrap(), state["cards_issued"].as_u64().unwrap());
    // 4 × 11 hours × 7.4 ordinary days; of these 80 % agree, and some of them twice.
    assert!((230..=340).contains(&used), "{used}");
    assert!(issued < used, "those who authorise twice are charged twice: {issued} cards, {used} calls");

    world.restart().await;
    assert_eq!(world.state(BOOKSHOP).await["used"], used, "nobody comes twice");
    world.advance(7 * 86_400).await;
    assert!(world.state(BOOKSHOP).await["used"].as_u64().unwrap() > used + 200, "they go on coming");

    world.admin("traffic", json!({ "app_id": BOOKSHOP, "per_hour": 0 })).await;
    let before = world.state(BOOKSHOP).await["used"].clone();
    world.advance(86_400).await;
    assert_eq!(world.state(BOOKSHOP).await["used"], before);
    assert_eq!(world.state(RESTAURANT).await["used"], 194, "the neighbour's customers are its own");
}

#[tokio::test]
async fn a_shop_that_runs_dry_on_the_way_stays_at_its_limit() {
    let world = world().await;
    world.admin("traffic", json!({ "app_id": RESTAURANT, "per_hour": 100 })).await;
    world.advance(3 * 86_400).await;
    let state = world.state(RESTAURANT).await;
    assert_eq!((&state["used"], &state["remaining"]), (&1_000.into(), &0.into()));
}

#[tokio::test]
async fn habits_that_cannot_be_are_refused() {
    let world = world().await;
    for body in [
        json!({ "app_id": BOOKSHOP, "per_hour": 1_001 }),
        json!({ "app_id": BOOKSHOP, "per_hour": 1, "refuse_percent": 60, "repeat_percent": 50 }),
        json!({ "app_id": "wx0", "per_hour": 1 }),
    ] {
        let address = world.at("/practice/admin/traffic");
        let answer = world.client.post(address).bearer_auth(ADMIN).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{body}");
    }
}
