//! Packs: advised, picked, paid, given up – in the wizard and after it – and the orders that come of it.

use serde_json::{Value, json};

use crate::shop::{Done, SMALL, Shop};
use crate::stage::Stage;

const LARGER: &str = "q-365-5000";

fn imagined(shop: &Shop, monthly_calls: Value, campaign: Value, max_purchases: Value) -> Value {
    let what_if =
        json!({ "monthly_calls": monthly_calls, "campaign": campaign, "max_purchases": max_purchases });
    shop.with(json!({ "whatIf": what_if }))
}

/// A shop with a hundred calls left.
async fn needy(stage: &mut Stage, last: Done) -> Shop {
    let shop = Shop::that_did(stage, Done::Console).await;
    stage.world.customers(&shop.app_id, 706).await;
    shop.does(stage, Done::Connect).await;
    shop.does(stage, Done::Usage).await;
    if last > Done::Usage {
        shop.act(stage, "buy_nothing", json!({})).await;
        shop.goes_to(stage, "mode").await;
        shop.does(stage, Done::Mode).await;
        shop.does(stage, Done::All).await;
    }
    shop
}

#[tokio::test]
async fn a_shop_that_needs_a_pack() {
    let mut stage = Stage::days_ago(0).await;
    let shop = needy(&mut stage, Done::All).await;
    let many = json!(1_000_000);
    let more = [
        ("compare_plans", imagined(&shop, many.clone(), Value::Null, json!(1))),
        ("compare_plans", imagined(&shop, many.clone(), Value::Null, Value::Null)),
        ("compare_plans", imagined(&shop, Value::Null, Value::Null, json!(1))),
        ("get_packs", shop.with(json!({ "monthlyCalls": many }))),
    ];
    stage.scene_with("packs.buy", &more).await;
    shop.act(&mut stage, "pick_pack", json!({ "pack": LARGER })).await;
    stage.scene("packs.picked_larger").await;
    shop.act(&mut stage, "pick_pack", json!({ "pack": SMALL })).await;
    stage.scene("packs.picked").await;
    shop.begins_purchase(&mut stage).await;
    stage.scene("packs.waiting").await;
    shop.act(&mut stage, "give_up_purchase", json!({})).await;
    stage.scene("packs.given_up").await;
    shop.resumes_purchase(&mut stage).await;
    stage.scene("packs.resumed").await;
    shop.pays(&mut stage, SMALL).await;
    stage.scene("packs.arrived").await;
}

#[tokio::test]
async fn a_shop_that_needs_a_pack_in_the_wizard() {
    let mut stage = Stage::days_ago(0).await;
    let shop = needy(&mut stage, Done::Usage).await;
    stage.scene("wizard.needy").await;
    shop.does(&mut stage, Done::Pack).await;
    stage.scene("wizard.needy_payment").await;
}

#[tokio::test]
async fn paying_in_the_wizard() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::that_did(&mut stage, Done::Pack).await;
    shop.begins_purchase(&mut stage).await;
    stage.scene("payment.waiting").await;
    shop.act(&mut stage, "give_up_purchase", json!({})).await;
    stage.scene("payment.given_up").await;
    shop.resumes_purchase(&mut stage).await;
    stage.scene("payment.resumed").await;
    shop.pays(&mut stage, SMALL).await;
    stage.scene("payment.arrived").await;
}

#[tokio::test]
async fn another_pack_arrives_than_the_picked_one() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::that_did(&mut stage, Done::Pack).await;
    shop.begins_purchase(&mut stage).await;
    shop.pays(&mut stage, LARGER).await;
    stage.scene("payment.arrived_different").await;
}

#[tokio::test]
async fn nothing_to_pay() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::that_did(&mut stage, Done::Usage).await;
    shop.act(&mut stage, "buy_nothing", json!({})).await;
    shop.goes_to(&mut stage, "payment").await;
    stage.scene("payment.none").await;
    shop.goes_to(&mut stage, "pack").await;
    stage.scene("wizard.pack_nothing").await;
    shop.goes_to(&mut stage, "mode").await;
    shop.does(&mut stage, Done::Mode).await;
    stage.scene("wizard.done_nothing").await;
}

/// The shop wrote down that it buys nothing yet.
#[tokio::test]
async fn nothing_to_buy_yet() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::that_did(&mut stage, Done::All).await;
    shop.act(&mut stage, "buy_nothing", json!({})).await;
    stage.scene("packs.noted").await;
}

/// One order in each state that a shop can bring about: it lapsed, was used up, is in use, was given back, is untouched,
/// waits.
#[tokio::test]
async fn every_order() {
    let mut stage = Stage::days_ago(400).await;
    let shop = Shop::that_did(&mut stage, Done::All).await;
    // What the first pack still had is lost a year later.
    stage.pass_days(366).await;
    shop.serves(&mut stage, 806).await;
    for _ in 0..2 {
        shop.act(&mut stage, "pick_pack", json!({ "pack": SMALL })).await;
        shop.begins_purchase(&mut stage).await;
        shop.pays(&mut stage, SMALL).await;
    }
    shop.serves(&mut stage, 1_000).await;
    shop.serves(&mut stage, 640).await;
    stage.pass_days(30).await;
    shop.act(&mut stage, "pick_pack", json!({ "pack": SMALL })).await;
    shop.begins_purchase(&mut stage).await;
    let order = shop.pays(&mut stage, SMALL).await;
    stage.world.refund(&order).await;
    shop.act(&mut stage, "sync_usage", json!({})).await;
    stage.pass_days(1).await;
    for _ in 0..2 {
        shop.act(&mut stage, "pick_pack", json!({ "pack": SMALL })).await;
        shop.begins_purchase(&mut stage).await;
        shop.pays(&mut stage, SMALL).await;
    }
    let asked = newest(&stage, &shop, "untouched").await;
    shop.act(&mut stage, "note_order", json!({ "order": asked, "note": { "kind": "refund_asked" } })).await;
    shop.act(&mut stage, "pick_pack", json!({ "pack": LARGER })).await;
    shop.begins_purchase(&mut stage).await;
    stage.pass_days(3).await;
    shop.act(&mut stage, "sync_usage", json!({})).await;
    stage.scene("orders").await;
    let untouched = newest(&stage, &shop, "untouched").await;
    let notes = [
        ("orders.refund", json!({ "kind": "refund_asked" })),
        ("orders.refund_back", json!({ "kind": "refund_not_asked" })),
        ("orders.numbered", json!({ "kind": "number", "number": "DD3034220985269100001" })),
        ("orders.invoice", json!({ "kind": "invoice_asked" })),
        ("orders.invoice_back", json!({ "kind": "invoice_not_asked" })),
    ];
    for (scene, note) in notes {
        shop.act(&mut stage, "note_order", json!({ "order": untouched, "note": note })).await;
        stage.scene(scene).await;
    }
}

/// Forty calls of the trial are left before a pack that could be given back, then ten, then none.
#[tokio::test]
async fn an_order_that_will_be_used_soon() {
    let mut stage = Stage::days_ago(3).await;
    let shop = Shop::that_did(&mut stage, Done::All).await;
    shop.serves(&mut stage, 760).await;
    shop.lives(&mut stage, 3).await;
    stage.scene("orders.used_soon").await;
    shop.serves(&mut stage, 30).await;
    stage.scene("orders.used_today").await;
    shop.serves(&mut stage, 10).await;
    stage.scene("orders.used_next").await;
}

/// The newest order in a state.
async fn newest(stage: &Stage, shop: &Shop, wanted: &str) -> Value {
    let view = stage.ask("get_orders", shop.with(json!({}))).await;
    let found = view["orders"].as_array().unwrap().iter().find(|order| order["state"] == wanted).cloned();
    found.unwrap_or_else(|| panic!("no order is {wanted}: {view:#}"))["id"].clone()
}
