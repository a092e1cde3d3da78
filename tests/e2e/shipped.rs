//! The installed app, started as a person starts it: without a driver, and with none of the app's own variables.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde_json::Value;

use crate::support::{
    desktop::{Desktop, Keyring},
    home::Home,
    process::{Group, wait_for},
    window,
};

/// The program to start; `cargo xtask test` installs the package it comes from.
const PROGRAM: &str = "COMPANION_INSTALLED_PROGRAM";
const PATIENCE: Duration = Duration::from_mins(1);
/// What the log says once something can be read in the window.
const CONTENT_SHOWN: &str = "milliseconds until content";

#[tokio::test]
#[ignore = "needs the installed package; run by `cargo xtask test`"]
async fn the_installed_app_opens_and_leaves_only_its_data() {
    let program = PathBuf::from(std::env::var_os(PROGRAM).expect("an installed program"));
    let home = Home::new();
    let desktop = Desktop::start(&home, Keyring::Unlocked).await;
    let data = home.root().join("data").join(identifier());
    let output = fs::File::create(home.output()).expect("a file for output");

    let mut command = desktop.command(&program);
    command.stdout(Stdio::from(output.try_clone().expect("a second handle"))).stderr(Stdio::from(output));
    let mut app = Group::start(&mut command);
    let said = || fs::read_to_string(home.output()).unwrap_or_default();
    wait_for("the first content", PATIENCE, || {
        assert!(!app.has_ended(), "the app ended: {}", said());
        let logs = fs::read_dir(data.join("logs")).into_iter().flatten().flatten();
        let mut texts = logs.map(|file| fs::read_to_string(file.path()).unwrap_or_default());
        texts.any(|text| text.contains(CONTENT_SHOWN)).then_some(())
    })
    .await;
    window::close_all(desktop.display(), app.pid());
    wait_for("the app to end", PATIENCE, || app.has_ended().then_some(())).await;

    for name in ["ledger.db", "cache.db", "logs"] {
        assert!(data.join(name).exists(), "{name} is missing in {:?}: {}", names(&data), said());
    }
    assert_eq!(names(&home.root().join("user")), [""; 0], "nothing stands in the person's own folder");
}

fn identifier() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tauri.conf.json");
    let text = fs::read_to_string(file).expect("the shell's configuration");
    let configuration: Value = serde_json::from_str(&text).expect("JSON");
    configuration["identifier"].as_str().expect("an identifier").to_owned()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}
