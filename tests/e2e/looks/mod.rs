//! Every page in every state: as it looked before, usable by everybody, in any room and with any words.
//!
//! The UI runs on recorded answers with its clock stopped, so two runs show the same. `cargo xtask pictures` runs
//! these tests alone; `cargo xtask pictures --accept` keeps what the pages look like now.

mod compare;
mod engine;
mod preview;
mod scenes;

use crate::support::{driver::Engine, in_both_engines, pages};
use compare::Pictures;
use preview::with_browsers;
use scenes::{DOUBLED, Look, SCENES, Scene, all_are_wanted, sights};

in_both_engines!(
    everybody_can_use_every_scene_in_any_room,
    longer_texts_have_room_and_all_come_out_of_the_locale_files,
);

/// What is cut off or does not come out of a locale file, one line each; in a page whose texts are marked. Names and
/// figures of the shop are in the host's world, or have a mark of their own.
const FIND_STRAYS: &str = include_str!("strays.js");

/// Pictures that are taken of a page which looks otherwise, before that is said: the engine may round the edge of a box to
/// another row of pixels when it lays the page out once more, and what has changed has changed in each of them.
const TAKES: usize = 5;

#[tokio::test]
async fn every_scene_looks_as_it_did() {
    let album = Pictures::open();
    let wanted = sights();
    let mut problems =
        with_browsers(Engine::WebKit, &wanted, async |browser, (scene, look): (&Scene, Look)| {
            let mut problem = None;
            for _ in 0..TAKES {
                browser.show(scene, look).await;
                browser.unfold(scene, look).await;
                problem = album.judge(&look.file(scene), &browser.page.picture().await);
                if problem.is_none() {
                    break;
                }
            }
            problem
        })
        .await;
    let names: Vec<String> = wanted.iter().map(|(scene, look)| look.file(scene)).collect();
    if all_are_wanted() {
        problems
            .extend(album.left_over(&names).iter().map(|file| format!("{file}: no scene has this picture")));
    }
    problems.sort();
    assert!(
        problems.is_empty(),
        "look at target/pictures, and keep what is right with `cargo xtask pictures --accept`: {problems:#?}"
    );
}

/// The comparison is only worth what it notices: on every page one digit, one tint and one border, each the one that
/// is hardest to see.
#[tokio::test]
async fn a_small_change_of_any_page_is_noticed() {
    let mut wanted = sights();
    // One state and look of each page: in all of them it takes longer than every other check of pictures together.
    wanted.dedup_by_key(|(scene, _)| scene.page);
    let unnoticed = with_browsers(Engine::WebKit, &wanted, async |browser, (scene, look): (&Scene, Look)| {
        browser.show(scene, look).await;
        browser.unfold(scene, look).await;
        let kept = compare::as_kept(&browser.page.picture().await);
        let mut missed = Vec::new();
        for kind in ["digit", "tint", "border"] {
            let Some(what) = browser.alter(kind).await else { continue };
            if !compare::notices(&kept, &browser.page.picture().await) {
                missed.push(what);
            }
            browser.unalter().await;
        }
        (!missed.is_empty()).then(|| format!("{}: {missed:?}", look.file(scene)))
    })
    .await;
    assert!(unnoticed.is_empty(), "{}", unnoticed.join("\n"));
}

async fn everybody_can_use_every_scene_in_any_room(engine: Engine) {
    let mut jobs: Vec<_> = sights().into_iter().filter(|(_, look)| look.is_usual()).collect();
    if engine == Engine::Chromium {
        // Contrast and names do not depend on the engine, and were looked at in every language and theme by the other.
        jobs.dedup_by_key(|(scene, _)| scene.name());
    }
    let problems = with_browsers(engine, &jobs, async |browser, (scene, look): (&Scene, Look)| {
        browser.show(scene, look).await;
        let mut found = browser.page.axe().await;
        found.extend(browser.page.outside_window().await);
        for size in DOUBLED {
            browser.page.show_room(size).await;
            found.extend(browser.page.outside_window().await.iter().map(|line| format!("{size:?}: {line}")));
        }
        (!found.is_empty()).then(|| format!("{}: {found:#?}", look.file(scene)))
    })
    .await;
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

async fn longer_texts_have_room_and_all_come_out_of_the_locale_files(engine: Engine) {
    let jobs: Vec<_> = SCENES.iter().collect();
    let problems = with_browsers(engine, &jobs, async |browser, scene: &Scene| {
        browser.show_lengthened(scene, Look::tight()).await;
        let mut found = browser.page.lines(FIND_STRAYS).await;
        found.extend(browser.page.outside_window().await);
        (!found.is_empty()).then(|| format!("{}: {found:#?}", scene.name()))
    })
    .await;
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_page_is_a_scene() {
    let pages = pages();
    let missing: Vec<_> =
        pages.iter().filter(|page| !SCENES.iter().any(|scene| scene.name() == **page)).collect();
    assert!(missing.is_empty(), "write their scenes: {missing:?}");
}
