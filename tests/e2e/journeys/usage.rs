//! Journey C: what was used, day by day, as a picture, as a table and as a file; by keyboard alone.

use std::{fs, path::PathBuf};

use calamine::{Data, DataType as _, Reader as _, Xlsx, open_workbook};
use fantoccini::key::Key;

use crate::support::{driver::Engine, in_both_engines, practice::DAY, walk::Shop, world::World};

in_both_engines!(the_curve_is_read_as_a_table_and_as_files);

async fn the_curve_is_read_as_a_table_and_as_files(engine: Engine) {
    let world = World::open_by_keyboard_in(engine).await;
    let mut shop = Shop::authorising().speaking(engine.language());
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
    let left = Key::Left.to_string();
    app.press("usage.keys", &left).await;
    app.see_text("usage.reading", &shop.hears("usage.page.past_open")).await;
    let reading = app.text("usage.reading").await;
    app.press("usage.keys", &left).await;
    app.see_text("usage.reading", &shop.hears("usage.page.past")).await;
    assert_ne!(app.text("usage.reading").await, reading, "the day before");
    for grain in ["week", "month", "day"] {
        app.click(&format!("usage.grain.{grain}")).await;
        app.see_attribute(&format!("usage.grain.{grain}"), "data-state", "on").await;
    }

    app.click("usage.as_table").await;
    app.see_text("usage.table", &shop.hears("usage.page.column_ahead")).await;
    let estimate = shop.hears("usage.page.origin_ahead");
    app.click("usage.export").await;
    app.click("usage.export.csv").await;
    let text = fs::read_to_string(exported(&world, "csv").await).expect("the exported table");
    assert!(text.lines().count() > 30, "days that were and days that will be: {text}");
    assert!(text.contains(&estimate), "{text}");

    app.click("usage.export").await;
    app.click("usage.export.xlsx").await;
    let mut book: Xlsx<_> = open_workbook(exported(&world, "xlsx").await).expect("a workbook");
    let sheet = book.worksheet_range_at(0).expect("a sheet").expect("its cells");
    assert_eq!(sheet.height(), text.lines().count(), "both files hold the same rows");
    for (row, line) in sheet.rows().zip(text.lines()).skip(1) {
        assert!(row[0].is_datetime(), "{row:?}: a day that is a day");
        assert!(row[3].is_string(), "{row:?}: a source in words");
        let ahead = row[3] == *estimate;
        for (place, is_number) in [(1, !ahead), (4, ahead), (5, ahead), (6, ahead)] {
            assert_eq!(row[place].is_float(), is_number, "{row:?}: a number that is a number");
            assert_eq!(row[place].is_empty(), !is_number, "{row:?}");
        }
        assert!(row[2].is_float() || row[2].is_empty(), "{row:?}: what is not known is left out");
        let plain = row.iter().map(|cell| match cell {
            Data::DateTime(_) => cell.as_date().expect("a day").to_string(),
            other => other.to_string(),
        });
        assert_eq!(plain.collect::<Vec<_>>().join(","), line, "both files say the same");
    }
}

/// The only file with this ending in the folder of exports, once the page says that it is there.
async fn exported(world: &World, ending: &str) -> PathBuf {
    let app = world.app();
    app.see_text("note", &format!(".{ending}")).await;
    app.click("note.close").await;
    let folder = fs::read_dir(world.home.app().join("exports")).expect("the folder of exports");
    let mut files: Vec<_> = folder.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == ending));
    assert_eq!(files.len(), 1, "{files:?}");
    files.remove(0)
}
