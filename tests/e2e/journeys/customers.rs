//! What customers meet: a quota that runs dry at the till, and the switch that lets them join again.

use crate::support::{
    driver::{Driver, Engine},
    in_both_engines,
    practice::Customers,
    walk::Shop,
    world::World,
};

in_both_engines!(run_the_account_dry_and_join_by_typing, who_refuses_costs_nothing);

/// The words of WeChat's own notice.
const NOTICE: &str = "该功能使用次数已达当前小程序上限，暂时无法使用";

async fn run_the_account_dry_and_join_by_typing(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::frugal();
    shop.walk_to(&world, "mode").await;
    shop.first_half(&world, "mode").await;

    let program = world.practice.first().await;
    let left = program.remaining;
    let fared = world.practice.customers(&program.app_id, left + 3, "authorise").await;
    assert_eq!(fared, Customers { succeeded: left, refused: 0, no_quota: 3 });
    let dry = world.practice.first().await;
    assert_eq!((dry.remaining, dry.used), (0, program.used + left));

    let customer = claim_page(&world).await;
    customer.click("claim.get").await;
    customer.see_text("claim.notice", NOTICE).await;
    world.close_foreign_windows().await;

    // The app sees it too, on the page where the shop would look.
    let app = world.app();
    app.click("wizard.step.usage").await;
    app.click("usage.sync").await;
    app.see_attribute("usage.remaining", "data-value", "0").await;
    app.click("wizard.step.mode").await;

    shop.second_half(&world, "mode").await;
    assert_eq!(world.practice.first().await.mode, "manual");
    world.main().await.click("wizard.back").await;
    let customer = claim_page(&world).await;
    customer.click("claim.get").await;
    customer.fill("claim.manual.number", "13800138000").await;
    customer.click("claim.manual.submit").await;
    customer.see("claim.success").await;
    world.close_foreign_windows().await;
    let after = world.practice.first().await;
    assert_eq!((after.remaining, after.used), (0, dry.used), "typing a number is free");
}

async fn who_refuses_costs_nothing(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::frugal();
    shop.walk_to(&world, "mode").await;
    shop.first_half(&world, "mode").await;
    let before = world.practice.first().await;

    let customer = claim_page(&world).await;
    customer.click("claim.get").await;
    customer.see("claim.sheet").await;
    customer.click("claim.refuse").await;
    customer.see("claim.refused").await;
    assert_eq!(world.practice.first().await.used, before.used);

    world.close_foreign_windows().await;
    let customer = claim_page(&world).await;
    customer.click("claim.get").await;
    customer.click("claim.authorise").await;
    customer.see("claim.success").await;
    assert_eq!(world.practice.first().await.used, before.used + 1, "one customer, one call");
}

async fn claim_page(world: &World) -> &Driver {
    world.main().await.click("mode.open_claim").await;
    world.app().foreign_window("/practice/claim/").await
}
