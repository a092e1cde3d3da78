//! Journey I: the window is closed, and the app goes on where the shop can see it.

use fantoccini::key::Key;

use crate::support::{
    desktop::Keyring,
    process::runs,
    unattended::Unattended,
    walk::Shop,
    world::{End, World},
};

/// The app's name, which its window has for a title.
const APP: &str = "验号管家";

#[tokio::test]
async fn a_window_that_is_closed_asks_once_and_the_app_goes_on_in_the_tray() {
    let mut world = World::prepare(Keyring::Unlocked).await;
    let panel = world.show_tray().await;
    world.start().await;
    world.main().await.see("step.welcome").await;
    let item = panel.item().await;
    item.see_tooltip("还没有小程序").await;
    assert_eq!(item.labels().await, ["还没有小程序", "打开验号管家", "现在读取用量", "隐藏数字", "退出"]);
    let pid = world.pid();

    world.close_main_window();
    world.app().see("closing").await;
    world.app().press("closing", &Key::Escape.to_string()).await;
    world.app().see_no_more("closing").await;
    world.close_main_window();
    world.app().click_away("closing.tray").await;
    world.see_no_web_process().await;
    assert!(runs(pid), "the app goes on");

    item.choose("打开").await;
    world.main().await.see("step.welcome").await;
    world.close_main_window();
    world.see_no_web_process().await;
    item.choose("退出").await;
    world.see_end().await;
}

#[tokio::test]
async fn the_tray_says_how_long_it_lasts_and_leads_to_the_account() {
    let mut world = World::prepare(Keyring::Unlocked).await;
    let panel = world.show_tray().await;
    world.start().await;
    let mut shop = Shop::frugal();
    shop.walk_to(&world, "done").await;
    let app = world.main().await;
    app.click("wizard.next").await;
    app.see("overview").await;
    app.click("rail.packs").await;
    let item = panel.item().await;
    let pictures = item.pictures().await;
    assert!(
        pictures.iter().all(|one| one.argb.len() == usize::try_from(one.width * one.height * 4).unwrap())
    );
    assert!(pictures[0].argb.iter().any(|byte| *byte != 0), "something is drawn");
    let name = world.practice.first().await.name;
    item.choose(&name).await;
    app.see("overview.remaining").await;

    // Somebody looks over a shoulder.
    item.choose("隐藏数字").await;
    app.see_text("overview.remaining", "•••").await;
    item.choose("隐藏数字").await;
    let left = world.practice.first().await.remaining;
    app.see_attribute("overview.remaining", "data-value", &left.to_string()).await;
    app.see_text("overview.remaining", &left.to_string()).await;

    // Without a window a notification says how it went, and leads to the account.
    let notifications = world.show_notifications().await;
    world.close_main_window();
    app.click_away("closing.tray").await;
    world.see_no_web_process().await;
    item.choose("现在读取").await;
    let shown = notifications.see().await;
    assert_eq!(shown.title, "用量已读取");
    assert_eq!(shown.text, item.tooltip().await);
    notifications.click(&shown).await;
    world.main().await.see("overview.remaining").await;
}

#[tokio::test]
async fn without_a_tray_closing_quits_and_the_settings_say_why() {
    let mut world = World::open().await;
    world.main().await.see("step.welcome").await;
    let app = world.app();
    app.go_to("tauri://localhost/?open=settings").await;
    app.click("settings.tab.general").await;
    app.see("settings.background.no_tray").await;
    world.end(End::Quit).await;
}

#[tokio::test]
async fn closing_the_main_window_ends_the_app_whatever_else_is_open() {
    let mut world = World::open().await;
    let mut shop = Shop::frugal();
    shop.walk_to(&world, "login").await;
    shop.first_half(&world, "login").await;
    world.app().click("login.open_phone").await;
    world.app().see_windows(2).await;
    world.close_main_window();
    world.see_end().await;
}

#[tokio::test]
async fn a_hidden_start_makes_no_web_view_until_somebody_looks() {
    let mut shop = Unattended::prepare().await;
    let panel = shop.show_tray().await;
    shop.start(&["--hidden"]);
    let item = panel.item().await;
    assert_eq!(shop.web_processes(), 0);
    assert!(shop.titles().is_empty());
    item.click().await;
    shop.see_windows(1).await;
    assert_eq!(shop.titles(), [APP]);
    shop.see_web_processes(1).await;
    item.choose("退出").await;
    shop.see_end().await;
}

#[tokio::test]
async fn a_panel_that_comes_later_gets_the_icon_too() {
    let mut shop = Unattended::prepare().await;
    shop.start(&[]);
    shop.see_windows(1).await;
    let panel = shop.show_tray().await;
    assert!(panel.item().await.tooltip().await.contains("小程序"));
}

#[tokio::test]
async fn a_hidden_start_without_a_bus_opens_the_window() {
    let mut shop = Unattended::prepare().await;
    shop.start_without_bus(&["--hidden"]);
    shop.see_windows(1).await;
    shop.close_windows();
    shop.see_end().await;
}

#[tokio::test]
async fn a_second_start_brings_back_the_window_of_the_first() {
    let mut shop = Unattended::prepare().await;
    let panel = shop.show_tray().await;
    shop.start(&["--hidden"]);
    panel.item().await;
    shop.start_again(&["--page", "guide"]).await;
    shop.see_windows(1).await;
}

#[tokio::test]
async fn windows_fit_a_small_screen_and_come_back_where_they_were() {
    for (width, height) in [(1366, 768), (1280, 672), (1024, 700)] {
        let mut shop = Unattended::prepare_on((width, height)).await;
        shop.start(&[]);
        let before = shop.see_windows(1).await;
        let (x, y, w, h) = before[0];
        let inside = x >= 0 && y >= 0 && x.unsigned_abs() + w <= width && y.unsigned_abs() + h <= height;
        assert!(inside, "{before:?} on a screen of {width} × {height}");
        shop.close_windows();
        shop.see_end().await;
        shop.start(&[]);
        assert_eq!(shop.see_windows(1).await, before);
    }
}
