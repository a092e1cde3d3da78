//! What the shell's configuration lets a page do. The policy is tested, not only written: a missing quote in a
//! content security policy turns a keyword into a host name.
#![allow(
    clippy::unwrap_used,
    reason = "clippy allows it in tests, but does not see that helpers are part of them"
)]

mod table_process;

use std::{fs, path::Path};

use serde_json::Value;

fn json(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap()
}

#[test]
fn content_security_policy_is_closed_by_default() {
    let config = json("tauri.conf.json");
    let policy = config["app"]["security"]["csp"].as_object().unwrap();
    // The last three do not fall back to default-src.
    for closed in ["default-src", "object-src", "base-uri", "form-action", "frame-ancestors"] {
        assert_eq!(policy[closed], "'none'", "{closed}");
    }
    for (directive, sources) in policy {
        for source in sources.as_str().unwrap().split(' ') {
            let allowed = ["'none'", "'self'", "data:", "ipc:", "http://ipc.localhost"].contains(&source);
            assert!(allowed, "{directive} allows {source}");
            assert!(source != "data:" || directive == "img-src", "{directive} allows data:");
        }
    }
    assert_eq!(config["app"]["withGlobalTauri"], false);
    assert_eq!(config["app"]["windows"], Value::Array(vec![]), "windows are made in code");
}

/// What the main window may have of the shell's own: hearing that something changed, and zooming itself.
const CORE: [&str; 3] =
    ["core:event:allow-listen", "core:event:allow-unlisten", "core:webview:allow-set-webview-zoom"];

#[test]
fn only_the_main_window_has_a_capability() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/capabilities");
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, ["main.json"]);
    let main = json("src-tauri/capabilities/main.json");
    assert_eq!(main["windows"], serde_json::json!(["main"]));
    for field in ["remote", "webviews", "platforms"] {
        assert!(main.get(field).is_none(), "{field}");
    }
    for permission in main["permissions"].as_array().unwrap() {
        let name = permission.as_str().unwrap();
        assert!(CORE.contains(&name) || !name.contains(':'), "{name} opens more than our own commands");
    }
}

/// Marks texts that were made longer for looking at pages (`lengthened` in ui/vite.config.ts).
const LENGTHENED: &str = "⟦";

#[test]
fn the_app_has_nothing_in_it_that_is_for_tests() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/dist/assets");
    let mut pictures = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.extension().is_some_and(|suffix| suffix == "png") {
            pictures.push(name);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            assert!(!text.contains(LENGTHENED), "{name} has the longer texts");
        }
    }
    // The guide shows each page as a shop usually finds it; other states are for comparing alone.
    assert!(!pictures.is_empty());
    let states: Vec<_> =
        pictures.iter().filter(|name| name.split('.').next().unwrap().contains('-')).collect();
    assert!(states.is_empty(), "{states:?}");
}
