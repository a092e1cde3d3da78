//! Journeys A to E and J without a pointer: nothing but keys, and wherever they lead is seen.

use fantoccini::key::Key;

use crate::support::{driver::Engine, in_both_engines, walk::Shop, world::World};

in_both_engines!(a_shop_is_set_up_and_run_without_a_pointer, every_page_is_found_by_keyboard_alone);

const PACK: &str = "q-90-250";

async fn a_shop_is_set_up_and_run_without_a_pointer(engine: Engine) {
    let world = World::open_by_keyboard_in(engine).await;
    let mut shop = Shop::new().speaking("en");
    shop.walk_to(&world, "done").await;
    let app = world.main().await;
    app.click("wizard.next").await;
    app.see("overview").await;
    world.read_again().await;

    app.click("rail.usage").await;
    app.press("usage.keys", &Key::End.to_string()).await;
    app.see_text("usage.reading", &shop.hears("usage.page.ahead")).await;
    app.click("usage.grain.month").await;
    app.see_attribute("usage.grain.month", "data-state", "on").await;
    app.click("usage.as_table").await;
    app.click("usage.export").await;
    app.click("usage.export.csv").await;
    app.see("note").await;
    app.click("note.close").await;

    app.click("rail.packs").await;
    app.press("packs.what_if.volume", &Key::End.to_string()).await;
    app.see_attribute("packs.advice", "data-kind", "buy").await;
    app.click("packs.what_if.reset").await;
    let before = world.practice.first().await.remaining;
    shop.buy(&world, PACK).await;
    assert_eq!(world.practice.first().await.remaining, before + 250);

    let app = world.close_foreign_windows().await;
    app.click("rail.settings").await;
    app.click("settings.tab.general").await;
    app.click("settings.theme.dark").await;
    app.see_theme("dark").await;
    app.click("settings.language.zh").await;
    app.see_text("settings.theme.dark", &shop.speaking("zh").hears("app.theme.dark")).await;
}

async fn every_page_is_found_by_keyboard_alone(engine: Engine) {
    let world = World::open_by_keyboard_in(engine).await;
    let app = world.main().await;
    app.click("wizard.next").await;
    app.see("step.eligibility").await;
    app.click("wizard.later").await;
    app.see("overview").await;

    for testid in ["rail.usage", "app.find"] {
        app.tab_past_and_back_to(testid).await;
    }
    let find = format!("{}k{}", Key::Control, Key::Null);
    app.keys(&find).await;
    app.see("palette.word").await;
    app.keys("shezhi").await;
    app.see("palette.page.settings").await;
    app.keys(&Key::Enter.to_string()).await;
    app.see("settings").await;
    app.keys(&find).await;
    app.see("palette").await;
    app.keys(&Key::Escape.to_string()).await;
    app.see_no_more("palette").await;
    app.keys(&format!("{}1{}", Key::Alt, Key::Null)).await;
    app.see("overview").await;
    app.keys("?").await;
    app.see_text("shortcuts", "F8").await;
}
