//! Journey G: a provider hands packs on, and a platform that fails in between gets nothing twice.

use std::time::Duration;

use serde_json::json;

use crate::support::{driver::Engine, in_both_engines, walk::Shop, world::World};

in_both_engines!(whoever_runs_dry_gets_packs_once);

/// The smaller wholesale pack of practice.
const WHOLESALE: &str = "provider.buy.20000177";
const ASSIGN: &str = "/wxa/charge/service-provider/package/assign";

async fn whoever_runs_dry_gets_packs_once(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::authorising().speaking(engine.language());
    shop.walk_to(&world, "done").await;
    let app = world.main().await;
    app.click("wizard.next").await;
    app.see("overview").await;
    // Members authorise in this shop, so customers use its quota up.
    let program = world.practice.first().await;
    world.practice.customers(&program.app_id, program.remaining, "authorise").await;
    assert_eq!(world.practice.first().await.remaining, 0);
    world.read_again().await;

    app.click("rail.bulk").await;
    app.click("bulk.begin").await;
    app.click("bulk.connect.office").await;
    let office = app.foreign_window("/practice/provider").await;
    office.click(WHOLESALE).await;
    office.see("provider.orders").await;
    office.click("provider.generate").await;
    let app_id = office.text("provider.app_id").await;
    let secret = office.text("provider.app_secret").await;
    let app = world.close_foreign_windows().await;
    app.fill("bulk.connect.name", "晋业微").await;
    app.fill("bulk.connect.app_id", app_id.trim()).await;
    app.fill("bulk.connect.app_secret", secret.trim()).await;
    app.click("bulk.connect.save").await;

    app.see_attribute("bulk.plan.sum", "data-accounts", "1").await;
    let calls: u64 = app.attribute("bulk.plan.sum", "data-calls").await.unwrap().parse().unwrap();
    assert!(calls > 0);
    world.practice.break_path(ASSIGN, json!({ "kind": "status", "status": 502 }), None).await;
    app.click("bulk.send").await;
    app.see("bulk.retry").await;
    assert_eq!(world.practice.first().await.remaining, 0);
    world.practice.mend().await;
    app.click("bulk.retry").await;
    app.see_attribute("bulk.sent.sum", "data-failed", "0").await;
    // WeChat carries allocations out within the hour.
    app.see_text("bulk.sent.table", &shop.hears("bulk.state.accepted")).await;
    world.practice.advance(Duration::from_hours(1)).await;
    app.click_if_there("bulk.retry").await;
    app.see_attribute("bulk.sent.sum", "data-open", "0").await;
    app.see_text("bulk.sent.table", &shop.hears("bulk.state.done")).await;
    assert_eq!(world.practice.first().await.remaining, calls, "each allocation arrived once");
}
