//! The member-card platform: connected, switched, and in the states it can be in.

use serde_json::json;

use crate::shop::{Done, Shop};
use crate::stage::Stage;

/// In the wizard.
#[tokio::test]
async fn the_mode_step() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::that_did(&mut stage, Done::Payment).await;
    shop.connects_card(&mut stage).await;
    stage.scene("mode.card").await;
    shop.act(&mut stage, "set_mode", json!({ "mode": "manual" })).await;
    stage.scene("mode.manual").await;
    shop.goes_to(&mut stage, "done").await;
    stage.scene("mode.manual_done").await;
}

#[tokio::test]
async fn the_mode_step_that_keeps_the_mode() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::that_did(&mut stage, Done::Payment).await;
    shop.connects_card(&mut stage).await;
    shop.does(&mut stage, Done::Mode).await;
    stage.scene("mode.kept").await;
}

#[tokio::test]
async fn the_mode_step_of_a_shop_that_chose_manual() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::that_did(&mut stage, Done::Eligibility).await;
    shop.act(&mut stage, "choose_way", json!({ "way": "manual", "monthlyCalls": 50 })).await;
    shop.goes_to(&mut stage, "mode").await;
    stage.world.set_login(&shop.app_id).await;
    stage.world.sign_in().await;
    shop.connects_card(&mut stage).await;
    stage.scene("mode.chosen_manual").await;
}

/// After the wizard, with eight weeks of sign-ups and a mode that was changed in every way.
#[tokio::test]
async fn a_card_that_is_used() {
    let mut stage = Stage::days_ago(60).await;
    let shop = Shop::that_did(&mut stage, Done::All).await;
    shop.connects_card(&mut stage).await;
    shop.lives(&mut stage, 20).await;
    stage.world.office_mode(&shop.app_id, "manual").await;
    shop.act(&mut stage, "sync_member_card", json!({})).await;
    shop.act(&mut stage, "set_mode", json!({ "mode": "authorized" })).await;
    shop.lives(&mut stage, 40).await;
    shop.act(&mut stage, "sync_member_card", json!({})).await;
    stage.scene("member_card").await;
    let switched = shop.act(&mut stage, "set_mode", json!({ "mode": "manual" })).await;
    stage.scene("member_card.manual").await;
    let change = switched["undo"]["change"].clone();
    shop.act(&mut stage, "undo_mode", json!({ "change": change })).await;
    stage.scene("member_card.undone").await;
    stage.world.office_mode(&shop.app_id, "manual").await;
    shop.act(&mut stage, "sync_member_card", json!({})).await;
    stage.scene("member_card.elsewhere").await;
}

/// Guarded: little was left, members type, and customers authorise again after a refill.
#[tokio::test]
async fn a_card_that_is_guarded() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::that_did(&mut stage, Done::All).await;
    shop.connects_card(&mut stage).await;
    let rule = |state| {
        json!({ "state": state, "measure": "calls", "act_below": 200, "back_at": 500, "acts_a_day": 4, "pool": null,
            "this_computer": false })
    };
    shop.act(&mut stage, "set_guard", json!({ "rule": rule("dry_run") })).await;
    stage.scene("guard.dry_run").await;
    shop.act(&mut stage, "set_guard", json!({ "rule": rule("on") })).await;
    stage.scene("guard.on").await;
    shop.serves(&mut stage, 1_620).await;
    shop.act(&mut stage, "sync_usage", json!({})).await;
    shop.act(&mut stage, "sync_member_card", json!({})).await;
    stage.scene("guard.acted").await;
    shop.act(&mut stage, "set_guard", json!({ "rule": rule("off") })).await;
    stage.scene("guard.off").await;
}

#[tokio::test]
async fn a_card_that_was_just_connected() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::that_did(&mut stage, Done::All).await;
    shop.connects_card(&mut stage).await;
    stage.scene("member_card.connected").await;
    shop.serves(&mut stage, 1_806).await;
    shop.act(&mut stage, "sync_member_card", json!({})).await;
    stage.scene("member_card.dry").await;
}

#[tokio::test]
async fn a_card_whose_figures_are_old() {
    let mut stage = Stage::days_ago(2).await;
    let shop = Shop::that_did(&mut stage, Done::All).await;
    shop.connects_card(&mut stage).await;
    stage.pass_days(2).await;
    shop.act(&mut stage, "sync_usage", json!({})).await;
    stage.scene("member_card.stale").await;
    shop.act(&mut stage, "sync_member_card", json!({})).await;
    stage.scene("member_card.read_again").await;
}

#[tokio::test]
async fn a_card_of_a_free_account() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::start(&mut stage).await;
    let answers = json!({ "subject": "government", "category": "other", "verified": true });
    shop.act(&mut stage, "decide_eligibility", answers).await;
    shop.goes_to(&mut stage, "done").await;
    shop.does(&mut stage, Done::All).await;
    stage.world.set_login(&shop.app_id).await;
    stage.world.sign_in().await;
    shop.connects_card(&mut stage).await;
    stage.scene("member_card.free").await;
}
