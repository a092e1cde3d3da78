//! Every command of the table is asked for by a page, and only the main window may ask.

use std::{collections::BTreeSet, fs};

use companion::commands::{COMMANDS, Kind, camel_case};

use crate::source::{self, root};

/// Practice time is moved in the practice phone; a control of the app itself has still to be drawn.
const WITHOUT_A_PAGE: [&str; 1] = ["advance_practice_clock"];

#[test]
fn every_command_is_asked_for_by_a_page() {
    let sources = source::all();
    let pages = sources.iter().filter(|source| {
        let page =
            source.below(&["ui/src/"]) && source.is(&[".ts", ".vue"]) && !source.path.contains(".test.");
        let generated = source.path == "ui/src/ipc/client.ts";
        page && !generated && !source.below(&["ui/src/testing"])
    });
    let text: String = pages.map(|source| source.text.as_str()).collect();
    let idle: Vec<_> = COMMANDS
        .iter()
        .filter(|command| {
            let name = camel_case(command.name);
            !text.contains(&format!("host.{name}(")) && !text.contains(&format!("ask.{name}("))
        })
        .map(|command| command.name)
        .collect();
    assert_eq!(idle, WITHOUT_A_PAGE, "no page asks for these");
}

#[test]
fn only_the_main_window_may_ask_and_it_may_ask_everything() {
    let folder = root().join("src-tauri/capabilities");
    let files: Vec<_> = fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path()).collect();
    let [file] = files.as_slice() else { panic!("one capability file, not {files:?}") };
    let capability: serde_json::Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    assert!(capability.get("remote").is_none(), "no page from elsewhere");
    let permissions = capability["permissions"].as_array().unwrap();
    let ours: Vec<_> =
        permissions.iter().filter(|name| !name.as_str().unwrap().starts_with("core:")).collect();
    assert_eq!(ours, ["commands"], "the generated set, which has every command");
}

#[test]
fn names_are_unique_and_reads_ask_about_something_that_changes() {
    let names: BTreeSet<_> = COMMANDS.iter().map(|command| command.name).collect();
    assert_eq!(names.len(), COMMANDS.len());
    // Asked from WeChat on request: no change of ours makes them stale.
    let asked_elsewhere = ["get_bulk_orders", "plan_allocations"];
    for command in COMMANDS.iter().filter(|command| command.kind == Kind::Read) {
        assert_eq!(command.tags.is_empty(), asked_elsewhere.contains(&command.name), "{}", command.name);
    }
}

#[test]
fn method_names_are_command_names() {
    assert_eq!(camel_case("get_app"), "getApp");
    assert_eq!(camel_case("open_practice_card_office"), "openPracticeCardOffice");
}
