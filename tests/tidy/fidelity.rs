//! `docs/fidelity.md` says which tests hold practice and the client to each statement about WeChat. Here: that every
//! statement has one, that the tests named there exist, and that it says what it rests on. `SECURITY.md` does the same
//! for what holds against attackers, and `docs/findings.md` for what an audit found.

use crate::source;

/// What a statement can rest on, from the best down.
const EVIDENCE: [&str; 6] = ["official", "SDK", "community", "seed", "assumed", "ours"];

/// Every `[name](path)` of a line.
fn links(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.split('[').skip(1).filter_map(|rest| {
        let (name, rest) = rest.split_once("](")?;
        Some((name.trim_matches('`'), rest.split_once(')')?.0))
    })
}

/// Whether a file of tests has one of that name: an attribute of a test stands right before it, or before the one that
/// stands between; or it is run in both engines; or it is one of the UI's, named by a sentence.
fn is_test(text: &str, name: &str) -> bool {
    if text.contains(&format!("it(\"{name}\", "))
        || text.contains(&format!("it.each(LANGUAGES)(\"{name}, in %s\", "))
    {
        return true;
    }
    let in_both_engines = text.split_once("in_both_engines!(").and_then(|(_, rest)| rest.split_once(");"));
    if in_both_engines.is_some_and(|(names, _)| names.split(',').any(|one| one.trim() == name)) {
        return true;
    }
    let Some((before, _)) = text.split_once(&format!("fn {name}()")) else { return false };
    before.lines().rev().take(3).any(|line| line.contains("test]") || line.contains("test("))
}

#[test]
fn every_statement_names_tests_that_exist() {
    let folder = source::root().join("docs");
    let table = std::fs::read_to_string(folder.join("fidelity.md")).unwrap();
    let rows: Vec<_> =
        table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| statement |")).collect();
    assert!(rows.len() > 60, "only {} statements", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let evidence = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        if !EVIDENCE.iter().any(|mark| evidence.starts_with(mark)) || links(row).next().is_none() {
            wrong.push(row.to_owned());
        }
        for (name, path) in links(row) {
            let text = std::fs::read_to_string(folder.join(path)).unwrap_or_default();
            if !is_test(&text, name) {
                wrong.push(format!("no such test: {name} in {path}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Rows of the table with a column "shown by", each with tests that exist below `folder`.
fn rows_with_tests(paper: &str, folder: &std::path::Path) -> usize {
    let (_, holds) = paper.split_once("| shown by |").unwrap();
    let rows: Vec<_> = holds.lines().skip(2).take_while(|line| line.starts_with("| ")).collect();
    for row in &rows {
        assert!(links(row).next().is_some(), "no test: {row}");
        for (name, path) in links(row) {
            let text = std::fs::read_to_string(folder.join(path)).unwrap_or_default();
            assert!(is_test(&text, name), "no such test: {name} in {path}");
        }
    }
    rows.len()
}

#[test]
fn what_holds_against_attackers_is_shown_by_tests_that_exist() {
    let paper = std::fs::read_to_string(source::root().join("SECURITY.md")).unwrap();
    let rows = rows_with_tests(&paper, source::root());
    assert!(rows > 10, "only {rows} statements");
}

#[test]
fn what_was_found_is_held_by_tests_that_exist() {
    let paper = std::fs::read_to_string(source::root().join("docs/findings.md")).unwrap();
    let rows = rows_with_tests(&paper, &source::root().join("docs"));
    assert!(rows > 20, "only {rows} findings");
}
