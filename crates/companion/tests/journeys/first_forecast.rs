//! What the first advice rests on: WeChat's average, or the sign-ups that the member-card platform counted by day.

use companion::Companion;
use companion::api::{ForecastMethod, PlansView, WhatIf};
use companion::secrets::Secret;
use serde_json::json;
use testkit::world::{World, paying};

const STATISTICS: &str = "/member-card/v1/statistics";
/// No month turns within the days of these journeys.
const START: &str = "2026-03-02T09:00:00+08:00";

async fn plans(companion: &Companion, account: &str) -> PlansView {
    companion.wait_for_forecasts_and_alerts().await;
    companion.compare_plans(account, WhatIf::default()).await.unwrap()
}

async fn basis(companion: &Companion, account: &str) -> (ForecastMethod, u32) {
    let run_out = plans(companion, account).await.run_out;
    let overview = companion.get_overview(account).await.unwrap();
    let shown = overview.usage.unwrap().run_out.unwrap().value;
    assert_eq!((shown.method, shown.known_days), (run_out.method, run_out.known_days), "one truth");
    (run_out.method, run_out.known_days)
}

#[tokio::test]
async fn counted_sign_ups_start_the_forecast_until_our_own_readings_take_over() {
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let (account, app_id) = world.connected(&companion).await;
    // 194 customers came in the last thirty days; the average of three months knows nothing of that.
    let blurred = plans(&companion, &account).await;
    assert_eq!((blurred.run_out.method, blurred.monthly_calls), (ForecastMethod::MonthlyAverage, 70));

    let key = world.access_key(&app_id).await;
    companion.connect_member_card(&account, Secret::from(key.as_str())).await.unwrap();
    // The platform also has rows for the weeks before the first customer: those days are not known to be empty.
    assert_eq!(basis(&companion, &account).await, (ForecastMethod::SignUps, 30));
    let counted = plans(&companion, &account).await;
    assert!((170..=230).contains(&counted.monthly_calls), "{}", counted.monthly_calls);
    assert!(!counted.monthly_is_estimate);
    assert!(counted.run_out.likely < blurred.run_out.likely, "{:?} {:?}", counted.run_out, blurred.run_out);

    for _ in 0..29 {
        world.customers(&app_id, 6).await;
        world.next_day().await;
        companion.sync_usage(&account).await.unwrap();
    }
    // The 29 days between, the first of them seen in part only.
    assert_eq!(basis(&companion, &account).await, (ForecastMethod::WeekdayLevel, 28));
    // A reading a day: nobody's record was read for it, and nothing of a customer can be in the files.
    assert_eq!((world.calls(STATISTICS).await, world.calls("/member-card/v1/sign-ups").await), (1, 0));
}

#[tokio::test]
async fn usage_read_through_the_platform_has_its_sign_ups_from_the_first_page_on() {
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let app_id = world.app_id(0);
    let key = world.access_key(&app_id).await;
    let account = paying(&companion).await;
    companion.connect_member_card_usage(&account, Secret::from(key.as_str())).await.unwrap();
    assert_eq!(basis(&companion, &account).await, (ForecastMethod::SignUps, 30));
    // A few days of readings come after the days that were counted.
    for _ in 0..3 {
        world.customers(&app_id, 5).await;
        world.next_day().await;
        companion.sync_usage(&account).await.unwrap();
    }
    assert_eq!(basis(&companion, &account).await, (ForecastMethod::SignUps, 32));
}

#[tokio::test]
async fn a_platform_that_counts_nothing_leaves_what_wechat_says() {
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let (account, app_id) = world.connected(&companion).await;
    let key = world.access_key(&app_id).await;
    world.fault(STATISTICS, json!({ "kind": "not_offered" }), None).await;
    companion.connect_member_card(&account, Secret::from(key.as_str())).await.unwrap();
    assert_eq!(basis(&companion, &account).await, (ForecastMethod::MonthlyAverage, 0));
    // A shop whose first customer has not come yet: rows of nothing are no usage of nothing.
    let (second, other) = (paying(&companion).await, world.app_id(1));
    world.no_faults().await;
    let key = world.access_key(&other).await;
    companion.connect_member_card_usage(&second, Secret::from(key.as_str())).await.unwrap();
    let (method, days) = basis(&companion, &second).await;
    assert_eq!((method, days), (ForecastMethod::Guess, 0));
}
