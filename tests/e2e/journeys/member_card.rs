//! Journey F: switch how customers' numbers are obtained, and take it back.

use crate::support::{driver::Engine, in_both_engines, walk::Shop, world::World};

in_both_engines!(switch_and_take_back);

async fn switch_and_take_back(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::frugal().speaking(engine.language());
    shop.walk_to(&world, "done").await;
    let app = world.main().await;
    app.click("wizard.next").await;
    app.see("overview").await;
    app.click("rail.member_card").await;
    // The wizard has switched to typing by hand.
    app.see_attribute("member_card.mode", "data-mode", "manual").await;
    app.see("member_card.quota").await;
    app.see("member_card.weeks").await;

    app.click("member_card.switch.authorized").await;
    app.see_attribute("member_card.mode", "data-mode", "authorized").await;
    assert_eq!(world.practice.first().await.mode, "authorized", "the platform's own mode");
    app.press("member_card.take_back", &fantoccini::key::Key::Enter.to_string()).await;
    app.see_attribute("member_card.mode", "data-mode", "manual").await;
    assert_eq!(world.practice.first().await.mode, "manual", "the platform's own mode");
    app.see_no_more("member_card.undo").await;

    // What the page draws is what customers meet.
    app.click("member_card.open_claim").await;
    let customer = app.foreign_window("/practice/claim/").await;
    customer.click("claim.get").await;
    customer.see("claim.manual.number").await;
    world.close_foreign_windows().await;
}
