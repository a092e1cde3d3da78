//! Who may import whom.

use std::process::Command;

use crate::source::{self, Source};

/// Words that may stand in product code of these places only.
struct Door {
    words: &'static [&'static str],
    places: &'static [&'static str],
    why: &'static str,
}

const DOORS: [Door; 7] = [
    Door {
        words: &["rusqlite::", "use rusqlite", "rusqlite_migration"],
        places: &[
            "crates/companion/src/store/",
            "crates/practice/",
            "src-tauri/examples/filled_home.rs", // years of readings for the benchmark, which nobody waits years for
        ],
        why: "databases belong to the stores",
    },
    Door {
        words: &["reqwest::", "use reqwest"],
        places: &[
            "crates/companion/src/clients/",
            "crates/testkit/", // the shop's browser, in tests
        ],
        why: "only the clients speak to the network",
    },
    Door {
        words: &["keyring::", "keyring_core", "secret_service"],
        places: &["crates/companion/src/secrets/"],
        why: "only the secrets module knows the keyring",
    },
    Door {
        words: &["tauri::", "tauri_plugin", "use tauri"],
        places: &["src-tauri/"],
        why: "only the shell knows Tauri",
    },
    Door {
        words: &["axum::", "use axum", "maud::"],
        places: &["crates/practice/", "crates/browser-host/"],
        why: "only practice and the browser host serve",
    },
    Door {
        words: &["Utc::now", "Local::now", "SystemTime::now", "UNIX_EPOCH.elapsed"],
        places: &[
            "crates/companion/src/ports.rs",
            "crates/practice/src/clock.rs",
            "src-tauri/src/desktop.rs",           // the benchmark's instant
            "src-tauri/examples/empty_window.rs", // the same
            "crates/xtask/",
        ],
        why: "time is passed in",
    },
    Door {
        words: &["env::var", "env::temp_dir"],
        places: &[
            "src-tauri/",
            "crates/xtask/",
            "crates/practice/src/bin/",
            "crates/browser-host/src/main.rs",
            "crates/testkit/", // the day on which the tests take place
        ],
        why: "the environment is read where the app is put together",
    },
];

/// What the application does: a folder a feature, and what they share.
const FEATURES: [&str; 20] = [
    "accounts",
    "alerts",
    "app",
    "bill_check",
    "bulk",
    "channels",
    "context",
    "export",
    "forecast",
    "guard",
    "keychain",
    "login",
    "member_card",
    "onboarding",
    "prices",
    "purchasing",
    "settings",
    "snapshot",
    "usage",
    "wechat_auth",
];

/// Modules below the features of `companion`, and which of their neighbours they may not use. None may use a feature.
const MODULES: [(&str, &[&str]); 5] = [
    ("model", &["store", "clients", "secrets", "ports", "infra"]),
    ("store", &["clients", "secrets"]),
    ("clients", &["store", "secrets::"]),
    ("secrets", &["store", "clients"]),
    ("api", &["store", "clients", "secrets", "ports"]),
];

/// The secret values themselves are a type that clients are handed; where they are kept is not theirs to know.
const SECRET_TYPES: [&str; 2] = ["secrets::Secret", "secrets::{Secret}"];

#[test]
fn every_door_is_used_only_by_its_owner() {
    let mut wrong = Vec::new();
    for source in source::rust().iter().filter(|source| !source.below(&["tests/"])) {
        for door in DOORS.iter().filter(|door| !source.below(door.places)) {
            for (number, line) in source.product_code() {
                if door.words.iter().any(|word| has_word(line, word)) {
                    wrong.push(format!("{}:{number}: {} ({})", source.path, line.trim(), door.why));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// `word` as a path of its own, not as the end of a longer name.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_'))
}

#[test]
fn words_are_told_from_longer_names() {
    assert!(has_word("    keyring::Entry::new()", "keyring::"));
    assert!(has_word("use keyring::Entry;", "keyring::"));
    assert!(!has_word("self.my_keyring::x", "keyring::"));
}

#[test]
fn crates_of_ours_know_only_what_is_inside_them() {
    let outside: [(&str, &[&str]); 3] = [
        ("crates/billing-core/src/", &["companion::", "practice::", "merchant_companion::"]),
        ("crates/companion/src/", &["practice::", "merchant_companion::"]),
        ("crates/practice/src/", &["companion::", "merchant_companion::"]),
    ];
    let sources = source::rust();
    for (inside, others) in outside {
        for source in sources.iter().filter(|source| source.below(&[inside])) {
            refuse(source, others, "an arrow points the wrong way");
        }
    }
}

#[test]
fn parts_of_companion_do_not_know_each_other() {
    let sources = source::rust();
    for (module, others) in MODULES {
        let place = format!("crates/companion/src/{module}");
        let mut seen = 0;
        for source in sources.iter().filter(|source| source.below(&[&place])) {
            seen += 1;
            let others: Vec<String> =
                others.iter().chain(&FEATURES).map(|other| format!("crate::{other}")).collect();
            refuse(
                source,
                &others.iter().map(String::as_str).collect::<Vec<_>>(),
                "features put the parts together",
            );
        }
        assert!(seen > 0, "{place} is gone: this rule looks at nothing");
    }
    for feature in FEATURES {
        let places =
            [format!("crates/companion/src/{feature}.rs"), format!("crates/companion/src/{feature}/")];
        let places = places.each_ref().map(String::as_str);
        assert!(sources.iter().any(|source| source.below(&places)), "{feature} is gone: no rule looks at it");
    }
}

#[test]
fn features_are_given_the_context_and_none_knows_the_facade() {
    let sources = source::rust();
    let mut implementations = 0;
    for source in sources.iter().filter(|source| source.below(&["crates/companion/src/"])) {
        let is_facade = source.path.ends_with("companion/src/app.rs");
        for (number, line) in source.product_code() {
            let implements = line.trim_start().starts_with("impl Companion");
            implementations += usize::from(implements);
            let knows = implements || has_word(line, "crate::app");
            assert!(!knows || is_facade, "{}:{number}: {} (see ARCHITECTURE.md)", source.path, line.trim());
        }
    }
    assert!(implementations > 0, "the facade is gone: this rule looks at nothing");
}

fn refuse(source: &Source, words: &[&str], why: &str) {
    for (number, line) in source.product_code() {
        let excused = SECRET_TYPES.iter().any(|kind| line.contains(kind));
        let found = words.iter().find(|word| has_word(line, word));
        assert!(found.is_none() || excused, "{}:{number}: {} ({why})", source.path, line.trim());
    }
}

#[test]
fn the_core_knows_no_file_network_or_clock() {
    let forbidden = ["std::fs", "std::net", "std::process", "tokio", "std::thread", "Instant::now"];
    let sources = source::rust();
    let core = sources.iter().filter(|source| source.below(&["crates/billing-core/src/"]));
    for source in core.filter(|source| !source.path.contains("/bin/")) {
        refuse(source, &forbidden, "the core is pure");
    }
}

/// What a package is built of, a line each.
fn tree(package: &str) -> String {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--package", package, "--edges", "normal,build", "--prefix", "none", "--locked"])
        .current_dir(source::root())
        .output()
        .unwrap();
    String::from_utf8(tree.stdout).unwrap()
}

#[test]
fn no_release_contains_the_browser_host() {
    let app = tree("merchant-companion");
    assert!(app.contains("companion v"), "an unexpected tree: {app}");
    assert!(!app.contains("browser-host"), "the app depends on the browser host");
}

#[test]
fn companion_needs_no_web_view() {
    let tree = tree("companion");
    assert!(tree.contains("rusqlite"), "an unexpected tree: {tree}");
    for line in tree.lines() {
        let name = line.split(' ').next().unwrap_or_default();
        let web_view =
            name.starts_with("tauri") || name.starts_with("webkit") || ["wry", "tao"].contains(&name);
        assert!(!web_view, "companion depends on {line}");
    }
}

#[test]
fn only_the_ipc_folder_knows_tauri_in_the_ui() {
    let sources = source::all();
    let ui = sources.iter().filter(|source| source.is(&[".ts", ".vue"]) && source.below(&["ui/src/"]));
    let mut seen = 0;
    for source in ui {
        for (number, line) in source.code().filter(|(_, line)| line.contains("@tauri-apps")) {
            assert!(source.below(&["ui/src/ipc/"]), "{}:{number}: {}", source.path, line.trim());
            seen += 1;
        }
    }
    assert!(seen > 0, "nothing in the UI knows its host: this rule looks at nothing");
}
