//! Everybody can use every page of the real window: axe-core in both languages and both themes.

use crate::support::{album::choose_language, pages, walk::Shop, world::World};

const THEMES: [&str; 2] = ["light", "dark"];
const LANGUAGES: [&str; 2] = ["en", "zh"];

#[tokio::test]
async fn axe_finds_nothing_on_any_page_in_any_theme_and_language() {
    let world = World::open().await;
    let mut shop = Shop::new();
    let mut problems = Vec::new();
    // The wizard's last page first, since it ends with the pages of the rail.
    shop.walk_to(&world, "done").await;
    let app = world.main().await;
    for theme in THEMES {
        app.choose("app.theme", theme).await;
        app.see_theme(theme).await;
        for language in LANGUAGES {
            choose_language(app, language).await;
            problems.extend(problems_of(&world, "done", theme, language).await);
        }
    }
    app.click("wizard.next").await;
    app.see("overview").await;
    for theme in THEMES {
        for language in LANGUAGES {
            app.click("rail.settings").await;
            app.click("settings.tab.general").await;
            app.click(&format!("settings.theme.{theme}")).await;
            app.see_theme(theme).await;
            app.click(&format!("settings.language.{language}")).await;
            app.see_attribute(&format!("settings.language.{language}"), "data-state", "on").await;
            // With one mini-program there is no table of all.
            for page in pages().iter().filter(|page| *page != "accounts") {
                app.click(&format!("rail.{page}")).await;
                app.see(page).await;
                problems.extend(problems_of(&world, page, theme, language).await);
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

async fn problems_of(world: &World, page: &str, theme: &str, language: &str) -> Vec<String> {
    let found = world.app().axe().await;
    found.iter().map(|line| format!("{page}, {theme}, {language}: {line}")).collect()
}
