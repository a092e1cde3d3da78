//! Journey D: from advice to a pack that arrived, and what can be done with its order.

use fantoccini::key::Key;

use crate::support::{
    driver::{Driver, Engine},
    in_both_engines,
    walk::Shop,
    world::World,
};

in_both_engines!(what_if_then_buy_then_ask_for_the_refund);

/// The smallest pack of a year.
pub(super) const PACK: &str = "q-365-1000";

async fn what_if_then_buy_then_ask_for_the_refund(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::authorising().speaking(engine.language());
    let app = at_packs(&world, &mut shop).await;

    // Hundreds of calls are left, so nothing is to be bought; with a hundred times the use it would be.
    app.see_attribute("packs.advice", "data-kind", "buy_nothing").await;
    app.press("packs.what_if.volume", &Key::End.to_string()).await;
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
    app.see_text("orders.refund", &shop.hears("orders.refund.until")).await;
    app.click("orders.refund.start").await;
    app.see_text("orders.refund.steps", &shop.hears("orders.refund.step_ask")).await;
    app.click("orders.refund.asked").await;
    app.see_attribute("orders.refund", "data-kind", "asked").await;
    // A slip of the finger is taken back.
    app.click("orders.refund.not_asked").await;
    app.see_attribute("orders.refund", "data-kind", "possible").await;
}

/// A shop that is set up, on the page where packs are bought.
pub(super) async fn at_packs<'a>(world: &'a World, shop: &mut Shop) -> &'a Driver {
    shop.walk_to(world, "done").await;
    let app = world.main().await;
    app.click("wizard.next").await;
    app.see("overview").await;
    app.click("rail.packs").await;
    app.see("packs.advice").await;
    app
}

/// Opens the only order of the list.
pub(super) async fn open_the_order(app: &Driver) {
    app.see("orders.table").await;
    let open = app.find_like("orders.open.").await;
    app.click(&open).await;
    app.see("orders.detail").await;
}
