//! Journey J: a shop puts its house in order.

use fantoccini::key::Key;

use crate::support::{
    driver::{Driver, Engine},
    in_both_engines,
    walk::Shop,
    world::World,
};

in_both_engines!(
    an_account_is_renamed_put_aside_and_taken_away_with_its_secrets,
    a_price_of_ones_own_is_what_the_app_goes_by,
);

async fn an_account_is_renamed_put_aside_and_taken_away_with_its_secrets(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::frugal();
    shop.walk_to(&world, "console").await;
    let app = world.main().await;
    app.click("wizard.later").await;
    app.click("rail.settings").await;
    let menu = menu_of_the_account(app).await;

    // By keyboard: Enter opens the menu and takes its first entry.
    let enter = Key::Enter.to_string();
    app.press(&menu, &enter).await;
    app.press(&format!("{menu}.rename"), &enter).await;
    app.fill("settings.rename.name", "晋味总店").await;
    app.press("settings.rename.name", &enter).await;
    app.see_text("settings.accounts.table", "晋味总店").await;
    app.click("note.undo").await;
    let name = world.practice.first().await.name;
    app.see_text("settings.accounts.table", &name).await;

    app.click(&menu).await;
    app.click(&format!("{menu}.archive")).await;
    app.see("settings.accounts.empty").await;
    app.click("note.undo").await;
    app.see_text("settings.accounts.table", &name).await;

    app.click(&menu).await;
    app.click(&format!("{menu}.remove")).await;
    app.click("settings.remove.do").await;
    app.see("settings.accounts.empty").await;
    app.click("note.undo").await;
    app.see_text("settings.accounts.table", &name).await;
    app.click(&menu).await;
    app.click(&format!("{menu}.remove")).await;
    app.click("settings.remove.do").await;
    app.click("note.close").await;
    app.see_no_more("note").await;
    let account = menu.rsplit('.').next().expect("an id");
    let gone = || async { !world.home.app().join("profiles").join(account).exists() };
    assert!(gone().await, "the console's profile");
    assert!(!world.leaks(&[account]).iter().any(|leak| leak.contains("cache.db")), "its readings are gone");
}

async fn a_price_of_ones_own_is_what_the_app_goes_by(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::frugal();
    shop.walk_to(&world, "login").await;
    let app = world.main().await;
    app.click("wizard.later").await;
    app.click("rail.settings").await;
    app.click("settings.tab.prices").await;
    let row = "settings.prices.change.q-365-1000@2023-06-26";
    app.click(row).await;
    app.click(&format!("{row}.edit")).await;
    app.fill("settings.price.price", "33").await;
    app.click("settings.price.save").await;
    app.see_text("settings.prices.table", "¥33.00").await;
    app.click("settings.prices.reset").await;
    app.see_text("settings.prices.state", "自带").await;
}

/// The test id of the only account's menu.
async fn menu_of_the_account(app: &Driver) -> String {
    app.see("settings.accounts.table").await;
    app.find_like("settings.accounts.manage.").await
}
