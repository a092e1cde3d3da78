//! A world of its own for each test, and the hands to work in it.

use std::{fs, path::Path};

/// Runs each journey, a function of the [`driver::Engine`], in the app's own window and once more in Chromium.
macro_rules! in_both_engines {
    ($($journey:ident),+ $(,)?) => {$(
        mod $journey {
            use crate::support::driver::Engine;

            #[tokio::test]
            async fn webkit() {
                super::$journey(Engine::WebKit).await;
            }

            #[tokio::test]
            async fn chromium() {
                super::$journey(Engine::Chromium).await;
            }
        }
    )+};
}
pub(crate) use in_both_engines;

pub(crate) mod album;
pub(crate) mod clipboard;
pub(crate) mod desktop;
pub(crate) mod driver;
pub(crate) mod home;
pub(crate) mod notifications;
pub(crate) mod practice;
pub(crate) mod process;
pub(crate) mod tray;
pub(crate) mod unattended;
pub(crate) mod walk;
pub(crate) mod window;
pub(crate) mod words;
pub(crate) mod world;

/// The pages of the rail, from the UI's own list.
pub(crate) fn pages() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/layout/pages.ts");
    let list = fs::read_to_string(file).expect("the list of pages");
    let pages: Vec<String> = list
        .lines()
        .filter_map(|line| line.trim_start().split_once(": { icon:").map(|(name, _)| name.to_owned()))
        .collect();
    assert!(pages.len() > 6, "{pages:?}");
    pages
}
