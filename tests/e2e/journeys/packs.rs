//! Journeys D and E: from advice to a pack that arrived, and what becomes of its refund.

use fantoccini::key::Key;

use crate::support::{driver::Driver, practice::DAY, walk::Shop, world::World};

/// The smallest pack of a year.
const PACK: &str = "q-365-1000";

#[tokio::test]
async fn what_if_then_buy_then_ask_for_the_refund() {
    let world = World::open().await;
    let mut shop = Shop::authorising();
    let app = at_packs(&world, &mut shop).await;

    // Hundreds of calls are left, so nothing is to be bought; with a hundred times the use it would be.
    app.see_attribute("packs.advice", "data-kind", "buy_nothing").await;
    app.press("packs.what_if.volume", &String::from(char::from(Key::End))).await;
    app.see_attribute("packs.advice", "data-kind", "buy").await;
    app.click("packs.what_if.reset").await;
    app.see_attribute("packs.advice", "data-kind", "buy_nothing").await;

    let before = world.practice.first().await.remaining;
    shop.buy(&world, PACK).await;
    assert_eq!(world.practice.first().await.remaining, before + 1000);

    let app = world.close_foreign_windows().await;
    app.click("packs.to_orders").await;
    open_the_order(app).await;
    app.see_attribute("orders.refund", "data-kind", "possible").await;
    app.see_text("orders.refund", "前可以退").await;
    app.click("orders.refund.start").await;
    app.see_text("orders.refund.steps", "申请退款").await;
    app.click("orders.refund.asked").await;
    app.see_attribute("orders.refund", "data-kind", "asked").await;
    // A slip of the finger is taken back.
    app.click("orders.refund.not_asked").await;
    app.see_attribute("orders.refund", "data-kind", "possible").await;
}

#[tokio::test]
async fn after_seven_days_the_order_says_why_there_is_no_refund() {
    let world = World::open().await;
    let mut shop = Shop::authorising();
    at_packs(&world, &mut shop).await;
    shop.buy(&world, PACK).await;
    world.practice.advance(8 * DAY).await;
    let app = world.close_foreign_windows().await;
    world.read_again().await;
    app.click("rail.orders").await;
    open_the_order(app).await;
    app.see_attribute("orders.refund", "data-kind", "refused").await;
    app.see_text("orders.refund", "付款超过 7 天").await;
}

/// A shop that is set up, on the page where packs are bought.
async fn at_packs<'a>(world: &'a World, shop: &mut Shop) -> &'a Driver {
    shop.walk_to(world, "done").await;
    let app = world.main().await;
    app.click("wizard.next").await;
    app.see("overview").await;
    app.click("rail.packs").await;
    app.see("packs.advice").await;
    app
}

/// Opens the only order of the list.
async fn open_the_order(app: &Driver) {
    app.see("orders.table").await;
    let open = app.find_like("orders.open.").await;
    app.click(&open).await;
    app.see("orders.detail").await;
}
