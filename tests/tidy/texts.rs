//! Names, left-overs and what must not stand in a committed file.

use crate::source::{self, Source};

/// Words for types that do not know what they are.
const EMPTY_WORDS: [&str; 5] = ["Manager", "Helper", "Util", "Utils", "Processor"];
const EMPTY_FILES: [&str; 6] = ["util", "utils", "helpers", "misc", "common", "manager"];
const TYPES: [&str; 7] = ["struct ", "enum ", "trait ", "type ", "class ", "interface ", "union "];

#[test]
fn types_are_named_in_the_words_of_the_field() {
    let mut wrong = Vec::new();
    for source in source::all().iter().filter(|source| source.is(&[".rs", ".ts", ".vue"])) {
        for (number, line) in source.code() {
            let name = type_name(line);
            if name.is_some_and(|name| {
                EMPTY_WORDS.iter().any(|word| name.ends_with(word) || name.starts_with(word))
            }) {
                wrong.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
        let file = source.path.rsplit('/').next().and_then(|name| name.split('.').next());
        if file.is_some_and(|file| EMPTY_FILES.contains(&file)) {
            wrong.push(source.path.clone());
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The name a line declares, if it declares a type.
fn type_name(line: &str) -> Option<&str> {
    let words = line.trim_start();
    let declared = TYPES.iter().find_map(|kind| {
        let at = words.find(kind)?;
        // Only visibility and the like stand before a declaration.
        words[..at]
            .chars()
            .all(|c| c.is_ascii_lowercase() || "() ".contains(c))
            .then(|| &words[at + kind.len()..])
    })?;
    declared.split(|c: char| !c.is_alphanumeric()).next().filter(|name| !name.is_empty())
}

#[test]
fn declarations_are_told_from_sentences() {
    assert_eq!(type_name("pub(crate) struct LotHelper {"), Some("LotHelper"));
    assert_eq!(type_name("export interface Host {"), Some("Host"));
    assert_eq!(type_name("let x = \"struct Helper\";"), None);
}

fn refuse_everywhere(needles: &[String], excused: impl Fn(&Source) -> bool) {
    let mut wrong = Vec::new();
    for source in source::all().iter().filter(|source| !excused(source)) {
        for (number, line) in (1..).zip(source.text.lines()) {
            if let Some(needle) = needles.iter().find(|needle| line.contains(needle.as_str())) {
                wrong.push(format!("{}:{number}: {needle}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Written in halves, so that this file does not hold what it forbids.
fn joined(halves: &[[&str; 2]]) -> Vec<String> {
    halves.iter().map(|halves| halves.concat()).collect()
}

#[test]
fn nothing_is_left_for_later() {
    let marks =
        [["TO", "DO"], ["FIX", "ME"], ["XX", "X"], ["HA", "CK:"], ["#[igno", "re]"], ["it.on", "ly("]];
    let skipped = [["it.sk", "ip("], ["test.sk", "ip("], ["describe.on", "ly("], ["todo", "!("]];
    let code = [".rs", ".ts", ".vue", ".toml", ".md", ".js"];
    refuse_everywhere(&joined(&[&marks[..], &skipped[..]].concat()), |source| !source.is(&code));
}

/// A test that is not run by itself is run by another, or says what it needs.
#[test]
fn ignored_tests_say_who_runs_them() {
    for source in source::rust().iter().filter(|source| !source.below(&["tests/tidy/"])) {
        for (number, line) in source.code().filter(|(_, line)| line.contains("#[ignore")) {
            let said =
                ["#[ignore = \"run by `", "#[ignore = \"needs "].iter().any(|start| line.contains(start));
            assert!(said, "{}:{number}: {}", source.path, line.trim());
        }
    }
}

#[test]
fn no_path_of_a_machine_is_committed() {
    let paths =
        [["/wo", "rk/"], ["/ro", "ot/"], ["/ho", "me/"], ["/t", "mp/"], ["/Us", "ers/"], ["C:\\Us", "ers"]];
    // Debian keeps no such files; locks are checked for registries below.
    refuse_everywhere(&joined(&paths), |source| source.path == "Cargo.lock");
}

#[test]
fn no_registry_is_committed() {
    let lock = ["\"resol", "ved\""].concat();
    refuse_everywhere(&[lock], |source| !source.path.ends_with("package-lock.json"));
    let cargo = std::fs::read_to_string(source::root().join("Cargo.lock")).unwrap();
    for line in cargo.lines().filter(|line| line.starts_with("source = ")) {
        assert_eq!(line, "source = \"registry+https://github.com/rust-lang/crates.io-index\"");
    }
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let manifest = std::fs::read_to_string(source::root().join("Cargo.toml")).unwrap();
    let table = manifest.split_once("[workspace.dependencies]").unwrap().1;
    let table = table.split_once("\n[").unwrap().0;
    for line in table.lines().filter(|line| line.contains(" = ") && !line.contains("path = ")) {
        assert!(line.contains(" # "), "{line}");
    }
}
