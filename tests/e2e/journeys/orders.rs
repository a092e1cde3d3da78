//! Journey E: the money can come back for a while, and no longer once time or the first call has closed that.

use std::time::Duration;

use fantoccini::key::Key;

use super::packs::{PACK, at_packs, open_the_order};
use crate::support::{
    driver::{Driver, Engine},
    in_both_engines,
    practice::DAY,
    walk::Shop,
    world::World,
};

in_both_engines!(
    the_countdown_moves_nearer_with_use_and_ends_with_the_first_call,
    after_seven_days_neither_the_order_nor_the_console_gives_the_money_back,
);

const CROWD: u64 = 150;
const CROWDED_DAYS: u64 = 3;

async fn the_countdown_moves_nearer_with_use_and_ends_with_the_first_call(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::authorising().speaking(engine.language());
    at_packs(&world, &mut shop).await;
    let older = world.practice.first().await;
    shop.buy(&world, PACK).await;
    let app = world.close_foreign_windows().await;
    see_refund(&world, "possible", &shop.hears("orders.refund.limit.window")).await;
    let at_first = until(app).await;

    // A crowd, day after day: at this pace the older quota is gone, and the pack touched, before its seven days are over.
    for _ in 0..CROWDED_DAYS {
        world.practice.advance(DAY).await;
        world.practice.customers(&older.app_id, CROWD, "authorise").await;
        read_again(&world).await;
    }
    see_refund(&world, "possible", &shop.hears("orders.refund.limit.first_use")).await;
    assert_ne!(until(app).await, at_first, "by the first use instead of the seven days");

    let left = older.remaining - CROWDED_DAYS * CROWD;
    world.practice.customers(&older.app_id, left, "authorise").await;
    see_refund(&world, "possible", &shop.hears("orders.refund.limit.next_use")).await;
    world.practice.customers(&older.app_id, 1, "authorise").await;
    see_refund(&world, "refused", &shop.hears("orders.reason.used")).await;
}

async fn after_seven_days_neither_the_order_nor_the_console_gives_the_money_back(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::authorising();
    at_packs(&world, &mut shop).await;
    shop.buy(&world, PACK).await;
    let app = world.close_foreign_windows().await;
    see_refund(&world, "possible", &shop.hears("orders.refund.limit.window")).await;
    let at_first = until(app).await;

    // An hour before the end it is the same moment, and the console still gives the money back.
    world.practice.advance(Duration::from_hours(7 * 24 - 1)).await;
    read_again(&world).await.see("overview.orders").await;
    see_refund(&world, "possible", &shop.hears("orders.refund.until")).await;
    assert_eq!(until(app).await, at_first);
    app.click("orders.refund.start").await;
    let console = shop.console_window(&world, "orders.refund.console", "console.tab.orders").await;
    console.click("console.tab.orders").await;
    console.see("console.orders.all").await;
    let refund = console.find_like("console.refund.").await;

    world.practice.advance(Duration::from_hours(2)).await;
    console.click("console.tab.orders").await;
    console.see(&refund.replace("refund", "refund_reason")).await;
    assert!(!console.sees(&refund).await, "the console still offers the refund");
    see_refund(&world, "refused", &shop.hears("orders.reason.too_late")).await;
}

/// Reads again and looks at the only order, whose refund is this and says so.
async fn see_refund(world: &World, kind: &str, words: &str) {
    let app = read_again(world).await;
    app.click("rail.orders").await;
    open_the_order(app).await;
    app.see_attribute("orders.refund", "data-kind", kind).await;
    app.see_text("orders.refund", words).await;
}

/// Reads the usage again, with no order in the way.
async fn read_again(world: &World) -> &Driver {
    let app = world.main().await;
    if app.sees("orders.detail").await {
        app.press("orders.detail", &Key::Escape.to_string()).await;
        app.see_no_more("orders.detail").await;
    }
    world.read_again().await;
    app
}

/// Until when the money can come back.
async fn until(app: &Driver) -> String {
    app.attribute("orders.refund", "data-until").await.expect("the money can come back")
}
