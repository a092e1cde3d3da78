//! Whatever the app has acknowledged survives a power cut and a closed window, in the middle of every step.

use serde_json::json;

use crate::support::{
    process::wait_for,
    walk::{STEPS, Shop},
    world::{End, World},
};

#[tokio::test]
async fn killed_in_the_middle_of_every_step() {
    interrupted_in_every_step(End::Killed).await;
}

#[tokio::test]
async fn quit_in_the_middle_of_every_step() {
    interrupted_in_every_step(End::Quit).await;
}

async fn interrupted_in_every_step(how: End) {
    let mut world = World::open().await;
    let mut shop = Shop::new();
    for step in STEPS {
        shop.first_half(&world, step).await;
        let before = wizard_state(&world).await;
        world.restart(how).await;
        world.main().await.see(&format!("step.{step}")).await;
        assert_eq!(wizard_state(&world).await, before, "{how:?} in the middle of {step}");
        if step == "login" {
            assert_login_is_kept(&world, &shop).await;
        }
        shop.second_half(&world, step).await;
    }
    let program = world.practice.first().await;
    assert_eq!(
        (program.orders.len(), program.mode.as_str()),
        (1, shop.mode),
        "{how:?}: once, and what was chosen"
    );
    let before = world.main().await.attribute("overview.remaining", "data-value").await;
    world.restart(how).await;
    world.assert_unleaked(&shop.secrets(), "an interrupted write is no excuse");
    world.main().await.see("overview").await;
    assert_eq!(world.app().attribute("overview.remaining", "data-value").await, before);
}

/// The state of every step, as the list at the left shows it.
async fn wizard_state(world: &World) -> Vec<(&'static str, Option<String>)> {
    let app = world.main().await;
    let mut states = Vec::new();
    for step in STEPS {
        states.push((step, app.attribute(&format!("wizard.step.{step}"), "data-state").await));
    }
    states
}

async fn assert_login_is_kept(world: &World, shop: &Shop) {
    let app = world.app();
    for (button, shown, expected) in [
        ("login.show.email", "login.shown.email", &shop.email),
        ("login.show", "login.shown.password", &shop.password),
    ] {
        app.click(button).await;
        app.see_text(shown, expected).await;
    }
}

#[tokio::test]
async fn a_switch_cut_off_half_way_waits_for_the_shop_after_the_next_start() {
    let mut world = World::open().await;
    let mut shop = Shop::frugal();
    shop.walk_to(&world, "mode").await;
    shop.first_half(&world, "mode").await;
    let settings = "/member-card/v1/settings/acquisition-mode";
    world.practice.break_path(settings, json!({ "kind": "delay", "millis": 8000 }), None).await;

    let app = world.main().await;
    app.click("mode.manual").await;
    app.click("mode.apply").await;
    app.see_attribute("mode.apply", "aria-busy", "true").await;
    world.restart(End::Killed).await;

    // Faults do not outlive the platform that had them; the intent does, and is not sent before the shop says so.
    let app = world.main().await;
    app.see("mode.unfinished").await;
    app.see_attribute("mode.state", "data-mode", "authorized").await;
    assert_eq!(world.practice.first().await.mode, "authorized");
    app.click("mode.finish").await;
    app.see_attribute("mode.state", "data-mode", "manual").await;
    assert_eq!(world.practice.first().await.mode, "manual");
}

#[tokio::test]
async fn paid_while_the_app_was_gone() {
    let mut world = World::open().await;
    let mut shop = Shop::new();
    shop.walk_to(&world, "payment").await;
    // The app dies the moment the money has left; it may not even have seen the page that says so.
    shop.first_half(&world, "payment").await;
    let pid = world.pid();
    world.restart(End::Killed).await;
    wait_for("another process", std::time::Duration::from_secs(1), || (world.pid() != pid).then_some(()))
        .await;
    let app = world.main().await;
    app.see_attribute("payment.state", "data-state", "arrived").await;
    assert_eq!(world.practice.first().await.orders.len(), 1);
}
