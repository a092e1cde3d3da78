//! Shops that have finished the wizard, in what can become of them.

use serde_json::json;

use crate::shop::{Done, Shop};
use crate::stage::Stage;

/// A shop whose figures are of the day before yesterday.
#[tokio::test]
async fn figures_that_are_old() {
    let mut stage = Stage::days_ago(2).await;
    let shop = Shop::that_did(&mut stage, Done::All).await;
    stage.pass_days(2).await;
    stage.scene("shop.stale").await;
    shop.act(&mut stage, "sync_usage", json!({})).await;
    stage.scene("shop.read_again").await;
}

#[tokio::test]
async fn figures_that_cannot_be_read_again() {
    let mut stage = Stage::days_ago(2).await;
    let shop = Shop::that_did(&mut stage, Done::All).await;
    stage.pass_days(2).await;
    shop.fails_to_read(&mut stage).await;
    stage.scene("shop.offline").await;
}

#[tokio::test]
async fn nothing_was_read() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::that_did(&mut stage, Done::Eligibility).await;
    shop.act(&mut stage, "choose_way", json!({ "way": "manual", "monthlyCalls": 50 })).await;
    shop.goes_to(&mut stage, "mode").await;
    stage.scene("wizard.manual").await;
    shop.does(&mut stage, Done::Mode).await;
    shop.does(&mut stage, Done::All).await;
    stage.scene("shop.empty").await;
    shop.goes_to(&mut stage, "connect").await;
    stage.scene("shop.connecting").await;
}

#[tokio::test]
async fn nothing_is_left() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::that_did(&mut stage, Done::Usage).await;
    shop.act(&mut stage, "buy_nothing", json!({})).await;
    shop.goes_to(&mut stage, "mode").await;
    stage.scene("wizard.nothing").await;
    shop.serves(&mut stage, 806).await;
    stage.scene("wizard.dry").await;
    shop.goes_to(&mut stage, "pack").await;
    stage.scene("wizard.dry_pack").await;
    shop.does(&mut stage, Done::Mode).await;
    shop.does(&mut stage, Done::All).await;
    stage.scene("shop.dry").await;
    shop.connects_card(&mut stage).await;
    stage.scene("shop.dry_card").await;
    shop.act(&mut stage, "set_mode", json!({ "mode": "manual" })).await;
    stage.scene("shop.dry_manual").await;
}

#[tokio::test]
async fn nothing_is_left_in_the_wizard() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::that_did(&mut stage, Done::Connect).await;
    shop.serves(&mut stage, 806).await;
    stage.scene("wizard.usage_dry").await;
}

#[tokio::test]
async fn a_reminder() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::that_did(&mut stage, Done::All).await;
    shop.act(&mut stage, "set_reminder", json!({ "day": "2027-06-01" })).await;
    stage.scene("shop.reminder").await;
    shop.act(&mut stage, "set_reminder", json!({ "day": null })).await;
    stage.scene("shop.no_reminder").await;
    shop.act(&mut stage, "set_reminder", json!({ "day": "2026-11-21" })).await;
    stage.scene("shop.reminded").await;
}

/// Usage of every day, over a short and a long time.
#[tokio::test]
async fn a_history_of_two_months() {
    let mut stage = Stage::days_ago(60).await;
    let shop = Shop::that_did(&mut stage, Done::All).await;
    shop.lives(&mut stage, 60).await;
    stage.scene("usage.days").await;
}

#[tokio::test]
async fn a_history_of_most_of_a_year() {
    let mut stage = Stage::days_ago(320).await;
    let shop = Shop::that_did(&mut stage, Done::All).await;
    shop.lives(&mut stage, 320).await;
    stage.scene("usage").await;
}

#[tokio::test]
async fn a_history_that_is_old() {
    let mut stage = Stage::days_ago(62).await;
    let shop = Shop::that_did(&mut stage, Done::All).await;
    shop.lives(&mut stage, 60).await;
    stage.pass_days(2).await;
    stage.scene("usage.stale").await;
    shop.fails_to_read(&mut stage).await;
    stage.scene("usage.offline").await;
}

#[tokio::test]
async fn figures_that_were_typed_in() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::that_did(&mut stage, Done::Console).await;
    let figures = json!({ "used": 194, "remaining": 806, "total": 1_000 });
    shop.act(&mut stage, "connect_typed_in", json!({ "figures": figures })).await;
    shop.goes_to(&mut stage, "usage").await;
    stage.scene("wizard.typed").await;
    shop.goes_to(&mut stage, "connect").await;
    stage.scene("wizard.typing").await;
}
