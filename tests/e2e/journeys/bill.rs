//! Journey H: customers authorise, and the page says which calls made no member, and why.

use std::fs;

use fantoccini::key::Key;
use serde_json::json;

use crate::support::{
    driver::{Driver, Engine},
    in_both_engines,
    practice::DAY,
    walk::Shop,
    world::World,
};

in_both_engines!(the_bill_is_explained_and_what_is_left_becomes_a_ticket);

async fn the_bill_is_explained_and_what_is_left_becomes_a_ticket(engine: Engine) {
    let world = World::open_in(engine).await;
    let mut shop = Shop::frugal().speaking(engine.language());
    shop.walk_to(&world, "done").await;
    let app = world.main().await;
    app.click("wizard.next").await;
    app.see("overview").await;
    app.click("rail.bill").await;
    app.see("bill.no_days").await;
    app.click("rail.member_card").await;
    app.click("member_card.switch.authorized").await;
    app.see_attribute("member_card.mode", "data-mode", "authorized").await;
    app.click("rail.overview").await;

    // Six calls on one day: three members, one of whom authorised again, and a code that was never exchanged.
    let app_id = world.practice.first().await.app_id;
    let now = world.practice.advance(DAY).await;
    world.practice.customers(&app_id, 3, "authorise").await;
    world.practice.customers(&app_id, 1, "repeat").await;
    world.practice.leave_codes(&app_id, 1).await;
    read_usage(&world, app).await;
    world.practice.advance(DAY).await;
    world.practice.customers(&app_id, 1, "authorise").await;
    read_usage(&world, app).await;

    app.click("rail.bill").await;
    app.click("bill.fetch").await;
    app.see_attribute("bill.answer", "data-kind", "explained").await;
    app.see_text("bill.charged", "6").await;
    app.see_text("bill.members", "4").await;
    app.see_attribute("bill.reason.again", "data-value", "1").await;
    app.see_attribute("bill.reason.not_fetched", "data-value", "1").await;
    let day = now.get(..10).expect("a day");
    app.click(&format!("bill.days.open.{day}")).await;
    app.see("bill.day.not_fetched").await;
    app.press("bill.day", &Key::Escape.to_string()).await;
    app.see_no_more("bill.day").await;

    // A file that lacks one of the calls, and begins before their day and ends after it.
    app.click("bill.again").await;
    let rows = (1..=5).map(|one| format!("{now},1380013800{one}\n")).collect::<Vec<_>>().concat();
    hand_over(
        app,
        "会员.csv",
        &format!("时间,手机号\n2020-01-01,13800138008\n{rows}2099-01-01,13800138009\n"),
    )
    .await;
    app.see_text("bill.sample", "138****8001").await;
    app.click("bill.compare").await;
    app.see_attribute("bill.answer", "data-kind", "missing").await;
    app.see_text("bill.missing", "1").await;
    app.click("bill.ticket.copy").await;
    app.see("bill.ticket.copied").await;
    // The browser host has no clipboard.
    if engine == Engine::WebKit {
        see_pasted(app, &ticket_on_screen(app).await).await;
    }
    app.click("bill.ticket.save").await;
    app.see("bill.ticket.saved").await;
    let files = fs::read_dir(world.home.app().join("exports")).expect("the folder for exports");
    let files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    let [ticket] = files.as_slice() else { panic!("one file, not {files:?}") };
    let text = fs::read_to_string(ticket).expect("the ticket");
    assert!(text.contains(&app_id) && text.contains(&format!("· {day}")), "{text}");
    world.assert_unleaked(&["13800138001"], "after a file was compared");
    world.assert_unleaked(&shop.secrets(), "after a ticket was written");
}

async fn read_usage(world: &World, app: &Driver) {
    app.click("overview.sync").await;
    let remaining = world.practice.first().await.remaining.to_string();
    app.see_attribute("overview.remaining", "data-value", &remaining).await;
}

/// Picks a file: the dialog of the system is out of a driver's reach, the field behind it is not.
async fn hand_over(app: &Driver, name: &str, text: &str) {
    app.see("bill.file").await;
    let (name, text) = (json!(name), json!(text));
    let script = format!(
        "const field = document.querySelector('[data-testid=\"bill.file.input\"]');
         const files = new DataTransfer();
         files.items.add(new File([{text}], {name}));
         field.files = files.files;
         field.dispatchEvent(new Event('change', {{ bubbles: true }}));
         arguments[0](field.files.length);"
    );
    app.execute_async(&script).await;
}

async fn ticket_on_screen(app: &Driver) -> String {
    let text = app
        .execute_async("arguments[0](document.querySelector('[data-testid=\"bill.ticket.text\"]').value)")
        .await;
    text.as_str().expect("a text").to_owned()
}

/// Pastes into the one line that is never far: what finds a page.
async fn see_pasted(app: &Driver, text: &str) {
    app.keys(&format!("{}k{}", Key::Control, Key::Null)).await;
    app.see("palette.word").await;
    app.keys(&format!("{}v{}", Key::Control, Key::Null)).await;
    app.see_value("palette.word", &text.replace('\n', " ")).await;
    app.keys(&Key::Escape.to_string()).await;
    app.see_no_more("palette.word").await;
}
