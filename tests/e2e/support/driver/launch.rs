//! How each engine is started by its driver.

use std::path::Path;

use fantoccini::wd::Capabilities;
use serde_json::json;

/// The engines that the pages are looked at in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// The app's own on Linux.
    WebKit,
    /// That of Debian's Chromium, near to the one the app has on Windows.
    Chromium,
}

impl Engine {
    /// The language of journeys that run in both engines: each alternates, so that neither is run twice.
    pub(crate) fn language(self) -> &'static str {
        match self {
            Self::WebKit => "zh",
            Self::Chromium => "en",
        }
    }
}

/// What a driver is asked to start.
pub(crate) enum Launch<'a> {
    /// The app, or the browser that WebKitGTK brings for such tests.
    WebKit { program: &'a Path, arguments: &'a [&'a str] },
    /// Chromium with its files in `profile`.
    Chromium { profile: &'a Path },
}

/// Chromium unseen, with nothing in reach but this computer. Only pages of ours are shown, so it needs no sandbox, which
/// root would not get.
const CHROMIUM: [&str; 14] = [
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--password-store=basic",
    // Several windows are open, and all of them are looked at.
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
];

impl Launch<'_> {
    /// The driver's own program.
    pub(crate) fn driver(&self) -> &'static str {
        match self {
            Self::WebKit { .. } => "WebKitWebDriver",
            Self::Chromium { .. } => "chromedriver",
        }
    }

    /// What makes the driver listen at this port of this computer, and there alone.
    pub(super) fn listening(&self, port: u16) -> Vec<String> {
        let port = format!("--port={port}");
        match self {
            Self::WebKit { .. } => vec![port, "--host=127.0.0.1".to_owned()],
            Self::Chromium { .. } => vec![port],
        }
    }

    pub(super) fn capabilities(&self) -> Capabilities {
        let (name, options) = match self {
            Self::WebKit { program, arguments } => {
                ("webkitgtk:browserOptions", json!({ "binary": program, "args": arguments }))
            }
            Self::Chromium { profile } => {
                let profile = format!("--user-data-dir={}", profile.display());
                let arguments: Vec<&str> = CHROMIUM.into_iter().chain([profile.as_str()]).collect();
                ("goog:chromeOptions", json!({ "args": arguments }))
            }
        };
        Capabilities::from_iter([(name.to_owned(), options)])
    }
}
