//! Journey C: what was used, day by day, as a picture, as a table and as a file.

use std::fs;

use fantoccini::key::Key;

use crate::support::{practice::DAY, walk::Shop, world::World};

#[tokio::test]
async fn the_curve_is_read_by_keyboard_as_a_table_and_as_a_file() {
    let world = World::open().await;
    let mut shop = Shop::authorising();
    shop.walk_to(&world, "done").await;
    let app = world.main().await;
    app.click("wizard.next").await;
    app.see("overview").await;

    // WeChat has no figures by day: they come of readings on several days.
    let program = world.practice.first().await;
    for customers in [7, 4] {
        world.practice.advance(DAY).await;
        world.practice.customers(&program.app_id, customers, "authorise").await;
        world.read_again().await;
    }
    let used = world.practice.first().await.used;
    assert_eq!(used, program.used + 11);

    app.click("rail.usage").await;
    app.see_attribute("usage.used", "data-value", &used.to_string()).await;
    app.see("usage.chart").await;
    app.press("usage.keys", &String::from(char::from(Key::Left))).await;
    app.see_text("usage.reading", "到现在用了").await;
    let today = app.text("usage.reading").await;
    app.press("usage.keys", &String::from(char::from(Key::Left))).await;
    app.see_text("usage.reading", "用了").await;
    assert_ne!(app.text("usage.reading").await, today, "the day before");
    for grain in ["week", "month", "day"] {
        app.click(&format!("usage.grain.{grain}")).await;
        app.see_attribute(&format!("usage.grain.{grain}"), "data-state", "on").await;
    }

    app.click("usage.as_table").await;
    app.see_text("usage.table", "预计").await;
    app.click("usage.export").await;
    app.click("usage.export.csv").await;
    app.see("usage.export.saved").await;
    let exports = fs::read_dir(world.home.app().join("exports")).expect("the folder of exports");
    let files: Vec<_> = exports.flatten().map(|entry| entry.path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let table = fs::read_to_string(&files[0]).expect("the exported table");
    assert!(table.lines().count() > 30, "days that were and days that will be: {table}");
    assert!(table.contains("预计"), "{table}");
}
