//! Everybody can use every page of the real window: axe-core in both languages and both themes, and the window at twice
//! its size.

use fantoccini::key::Key;

use crate::support::{
    album::choose_language,
    driver::Driver,
    pages,
    walk::{STEPS, Shop},
    world::World,
};

const WINDOW: (u32, u32) = (1280, 800);
const THEMES: [&str; 2] = ["dark", "light"];
const LANGUAGES: [&str; 2] = ["en", "zh"];

#[tokio::test]
async fn everybody_can_use_every_step_of_the_wizard() {
    let world = World::open().await;
    let mut shop = Shop::new();
    let mut problems = Vec::new();
    for step in STEPS {
        shop.first_half(&world, step).await;
        problems.extend(looked_at(&world, step).await);
        shop.second_half(&world, step).await;
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[tokio::test]
async fn everybody_can_use_every_page() {
    let world = World::open().await;
    let mut shop = Shop::frugal();
    shop.walk_to(&world, "done").await;
    let app = world.main().await;
    app.click("wizard.next").await;
    app.see("overview").await;
    // A second mini-program: only then there is a table of all.
    app.click("rail.wizard").await;
    app.see("step.welcome").await;
    app.fill("welcome.name", &world.practice.mini_programs().await[1].name).await;
    app.click("wizard.next").await;
    app.see("step.eligibility").await;
    app.click("wizard.later").await;

    let mut problems = Vec::new();
    for theme in THEMES {
        for language in LANGUAGES {
            app.click("rail.settings").await;
            app.click("settings.tab.general").await;
            app.click(&format!("settings.theme.{theme}")).await;
            app.see_theme(theme).await;
            let choice = format!("settings.language.{language}");
            app.click(&choice).await;
            app.see_attribute(&choice, "data-state", "on").await;
            for page in pages() {
                app.click(&format!("rail.{page}")).await;
                app.see(&page).await;
                problems.extend(violations(app, &page, theme, language).await);
                if theme == THEMES[0] {
                    problems.extend(too_wide(app, &page, language).await);
                }
            }
            app.click("rail.settings").await;
            app.see("settings.tab.about").await;
            for tab in app.all_like("settings.tab.").await {
                app.click(&tab).await;
                app.see_attribute(&tab, "data-state", "active").await;
                problems.extend(violations(app, &tab, theme, language).await);
                if theme == THEMES[0] {
                    problems.extend(too_wide(app, &tab, language).await);
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// What somebody would stumble over at the step in front.
async fn looked_at(world: &World, step: &str) -> Vec<String> {
    let app = world.main().await;
    let mut problems = Vec::new();
    for theme in THEMES {
        app.choose("app.theme", theme).await;
        app.see_theme(theme).await;
        for language in LANGUAGES {
            choose_language(app, language).await;
            problems.extend(violations(app, step, theme, language).await);
            if theme == THEMES[0] {
                problems.extend(too_wide(app, step, language).await);
            }
        }
    }
    problems
}

async fn violations(app: &Driver, place: &str, theme: &str, language: &str) -> Vec<String> {
    let found = app.axe().await;
    found.iter().map(|line| format!("{place}, {theme}, {language}: {line}")).collect()
}

/// At twice the size.
async fn too_wide(app: &Driver, place: &str, language: &str) -> Vec<String> {
    app.show_room(WINDOW).await;
    for tenths in [12, 14, 16, 18, 20] {
        app.keys(&format!("{}={}", Key::Control, Key::Null)).await;
        app.see_wide(WINDOW.0 * 10 / tenths).await;
    }
    let found = app.outside_window().await;
    app.keys(&format!("{}0{}", Key::Control, Key::Null)).await;
    app.see_wide(WINDOW.0).await;
    found.iter().map(|line| format!("{place} at 200 %, {language}: {line}")).collect()
}
