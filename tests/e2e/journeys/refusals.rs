//! What goes wrong is said plainly, with its code, and leaves nothing half done.

use serde_json::{Value, json};

use crate::support::{
    desktop::Keyring,
    driver::{Driver, Engine},
    in_both_engines,
    walk::Shop,
    world::World,
};

in_both_engines!(
    a_weak_or_malformed_login_is_not_stored,
    a_wrong_password_does_not_count_as_signed_in,
    a_refused_app_secret_connects_nothing,
    a_platform_in_trouble_leaves_the_last_figures_standing,
    a_wrong_access_key_connects_no_member_card,
    a_refused_switch_is_not_shown_as_done,
);

async fn a_weak_or_malformed_login_is_not_stored(engine: Engine) {
    let world = World::open_in(engine).await;
    let shop = Shop::new();
    Shop::frugal().walk_to(&world, "login").await;
    let app = world.main().await;
    for (email, password, code) in [
        ("owner-at-nowhere", shop.password.as_str(), "email_invalid"),
        (&shop.email, "12345678", "password_weak"),
        (&shop.email, "short1", "password_weak"),
    ] {
        app.fill("login.email", email).await;
        app.fill("login.password", password).await;
        app.click("login.save").await;
        app.see_error(code).await;
        assert!(!app.sees("login.saved").await, "{email} was stored");
        assert!(!app.is_ready("wizard.next").await, "{email} lets the wizard go on");
    }
    app.fill("login.email", &shop.email).await;
    app.click("login.suggest").await;
    app.click("login.save").await;
    app.see("login.saved").await;
}

async fn a_wrong_password_does_not_count_as_signed_in(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::frugal();
    shop.walk_to(&world, "console").await;
    let app = world.main().await;
    app.click("console.open").await;
    let console = app.console_window().await;
    console.fill("console.account", &shop.email).await;
    console.fill("console.password", "not-the-password-1").await;
    console.click("console.signin").await;
    console.see("page.error").await;
    let app = world.main().await;
    assert_eq!(app.attribute("console.state", "data-state").await.as_deref(), Some("waiting"));
    assert!(!app.is_ready("wizard.next").await);
}

async fn a_refused_app_secret_connects_nothing(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::frugal();
    shop.walk_to(&world, "connect").await;
    let app_id = world.practice.first().await.app_id;
    let wrong = "0123456789abcdef0123456789abcdef";
    let app = world.main().await;
    app.click("connect.way.app_secret").await;
    for (id, secret, code) in [
        ("wx123", wrong, "app_id_invalid"),
        (&*app_id, "too-short", "app_secret_invalid"),
        (&*app_id, wrong, "app_secret_wrong"),
        ("wx0000000000000000", wrong, "app_id_wrong"),
    ] {
        app.fill("connect.app_id", id).await;
        app.fill("connect.app_secret", secret).await;
        app.click("connect.save").await;
        app.see_error(code).await;
        assert_unconnected(app).await;
    }
    // What WeChat may say to a right secret.
    let (_, secret) = shop.generate_app_secret(&world).await;
    let app = world.main().await;
    app.fill("connect.app_id", &app_id).await;
    app.fill("connect.app_secret", &secret).await;
    for (errcode, code) in [
        (40164, "ip_not_allowed"),
        (40243, "app_secret_frozen"),
        (45011, "rate_minute"),
        (50007, "account_frozen"),
    ] {
        let fault = json!({ "kind": "errcode", "errcode": errcode });
        world.practice.break_path("/cgi-bin/stable_token", fault, None).await;
        app.click("connect.save").await;
        app.see_error(code).await;
        assert_unconnected(app).await;
        world.practice.mend().await;
    }
    app.click("connect.save").await;
    app.see("connect.connected").await;
    assert_eq!(world.practice.calls("/cgi-bin/token").await, 0);
}

async fn assert_unconnected(app: &Driver) {
    assert!(!app.sees("connect.connected").await);
    assert!(!app.is_ready("wizard.next").await);
}

async fn a_platform_in_trouble_leaves_the_last_figures_standing(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::frugal();
    shop.walk_to(&world, "usage").await;
    shop.first_half(&world, "usage").await;
    let app = world.main().await;
    let remaining = app.attribute("usage.remaining", "data-value").await;
    let faults: [(Value, &str); 6] = [
        (json!({ "kind": "status", "status": 502 }), "http_status"),
        (json!({ "kind": "not_json" }), "not_json"),
        (json!({ "kind": "truncated" }), "truncated"),
        (json!({ "kind": "huge", "megabytes": 30 }), "too_large"),
        (json!({ "kind": "reset" }), "unreachable"),
        (json!({ "kind": "errcode", "errcode": 48001 }), "not_permitted"),
    ];
    for (fault, code) in faults {
        world.practice.break_path("/wxa/charge/usage/get", fault, None).await;
        app.click("usage.sync").await;
        app.see_error(code).await;
        assert_eq!(app.attribute("usage.remaining", "data-value").await, remaining, "after {code}");
        world.practice.mend().await;
        app.click("usage.sync").await;
        app.see_no_more("error").await;
    }
}

#[tokio::test]
async fn a_locked_keyring_is_said_and_tried_again() {
    refused_by_the_keyring(Keyring::Locked, "keyring_locked").await;
}

#[tokio::test]
async fn an_absent_keyring_is_said_and_tried_again() {
    refused_by_the_keyring(Keyring::Absent, "keyring_absent").await;
}

async fn refused_by_the_keyring(state: Keyring, code: &str) {
    let mut world = World::open_with(state).await;
    let shop = Shop::new();
    Shop::frugal().walk_to(&world, "login").await;
    let app = world.main().await;
    app.fill("login.email", &shop.email).await;
    app.fill("login.password", &shop.password).await;
    app.click("login.save").await;
    app.see_error(code).await;
    assert!(!app.sees("login.saved").await);
    world.assert_unleaked(&[&shop.password], "no other place is a substitute");

    world.set_keyring(Keyring::Unlocked).await;
    let app = world.main().await;
    app.click("login.save").await;
    app.see("login.saved").await;
}

async fn a_wrong_access_key_connects_no_member_card(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::frugal();
    shop.walk_to(&world, "mode").await;
    let app = world.main().await;
    app.fill("mode.access_key", "not-a-key-of-this-platform").await;
    app.click("mode.connect").await;
    app.see_error("member_card_key_wrong").await;
    app.see_attribute("mode.state", "data-connected", "false").await;
    assert_eq!(world.practice.first().await.mode, "authorized");
}

async fn a_refused_switch_is_not_shown_as_done(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::frugal();
    shop.walk_to(&world, "mode").await;
    shop.first_half(&world, "mode").await;
    let settings = "/member-card/v1/settings/acquisition-mode";
    world.practice.break_path(settings, json!({ "kind": "status", "status": 503 }), None).await;
    let app = world.main().await;
    app.click("mode.manual").await;
    app.click("mode.apply").await;
    app.see_error("http_status").await;
    app.see_attribute("mode.state", "data-mode", "authorized").await;
    assert_eq!(world.practice.first().await.mode, "authorized");
    world.practice.mend().await;
    app.click("error.act").await;
    app.see_attribute("mode.state", "data-mode", "manual").await;
    assert_eq!(world.practice.first().await.mode, "manual");
}
