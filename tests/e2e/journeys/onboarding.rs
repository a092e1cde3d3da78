//! Journey A: from the first start to a shop that is set up.

use std::path::PathBuf;

use crate::support::{driver::Engine, in_both_engines, walk::Shop, world::World};

in_both_engines!(
    walkthrough_from_welcome_to_done,
    an_account_that_pays_nothing_ends_early,
    advice_to_buy_nothing_is_an_answer,
);

/// With this folder given, pictures of every page are left in it: `cargo xtask run` without a display.
const ALBUM: &str = "COMPANION_WALKTHROUGH_DIR";

async fn walkthrough_from_welcome_to_done(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::new();
    if let (Engine::WebKit, Some(folder)) = (engine, std::env::var_os(ALBUM)) {
        shop = shop.with_album(PathBuf::from(folder));
    }
    let before = world.practice.first().await;
    shop.walk_to(&world, "done").await;

    let app = world.main().await;
    let program = world.practice.first().await;
    app.see_text("done.summary", &program.name).await;
    app.see_text("done.summary", &program.app_id).await;
    app.click("done.picture").await;
    app.see("done.picture.saved").await;
    shop.keep_file(&sheet_picture(&world), "summary-picture");
    shop.first_half(&world, "done").await;
    shop.second_half(&world, "done").await;

    // What the platform says happened is what the shop wanted, once each.
    assert_eq!(program.mode, shop.mode);
    assert_eq!(program.orders.len(), 1, "{:?}", program.orders);
    assert_eq!(program.used, before.used, "setting up charges nothing");
    assert_eq!(program.remaining, before.remaining + 1000);
    assert_eq!(
        world.practice.calls("/cgi-bin/token").await,
        0,
        "that call would cut off the shop's own backend"
    );

    app.see_attribute("overview.remaining", "data-value", &program.remaining.to_string()).await;
    assert_eq!(app.attribute("overview.mode", "data-mode").await.as_deref(), Some(shop.mode));
    shop.finish_album(app, &program).await;
}

/// The picture of the summary in the folder for exports: as wide as its paper at twice its size, and not empty.
fn sheet_picture(world: &World) -> PathBuf {
    let files = std::fs::read_dir(world.home.app().join("exports")).expect("the folder for exports");
    let pictures: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    let [picture] = pictures.as_slice() else { panic!("one file, not {pictures:?}") };
    let bytes = std::fs::read(picture).expect("the picture");
    // IHDR is the first chunk, its width the first number (PNG specification, section 11.2.2).
    let width = u32::from_be_bytes(bytes[16..20].try_into().expect("four bytes"));
    assert_eq!(width, 2 * 44 * 16);
    assert!(bytes.len() > 20_000, "a sheet with text on it, not {} bytes", bytes.len());
    picture.clone()
}

async fn an_account_that_pays_nothing_ends_early(engine: Engine) {
    let world = World::open_in(engine).await;
    let app = world.main().await;
    app.click("wizard.next").await;
    app.see("step.eligibility").await;
    app.choose("eligibility.subject", "government").await;
    app.choose("eligibility.category", "other").await;
    app.click("wizard.next").await;
    app.see_attribute("eligibility.verdict", "data-kind", "free").await;
    app.see_attribute("eligibility.verdict", "data-rule", "government_or_non_profit").await;
    app.click("wizard.next").await;
    app.see("step.done").await;
    for skipped in ["way", "login", "console", "pack", "payment"] {
        app.see_attribute(&format!("wizard.step.{skipped}"), "data-state", "skipped").await;
    }
    app.click("wizard.next").await;
    app.see("overview").await;
}

async fn advice_to_buy_nothing_is_an_answer(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::frugal();
    shop.walk_to(&world, "pack").await;
    let app = world.main().await;
    // 806 calls left at a few hundred a month at most: a dated pack bought now would only age.
    assert_eq!(app.attribute("pack.advice", "data-kind").await.as_deref(), Some("buy_nothing"));
    shop.walk_to(&world, "mode").await;
    app.see_attribute("wizard.step.payment", "data-state", "skipped").await;
    assert_eq!(world.practice.first().await.orders.len(), 0);
}
