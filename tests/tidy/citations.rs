//! Comments cite the source of a rule: a document of this repository, and where it has numbers, a section.

use crate::source::{self, Source};
use std::collections::BTreeMap;

/// Files whose comments are read.
const COMMENTED: [&str; 8] = [".rs", ".ts", ".vue", ".css", ".sql", ".yaml", ".toml", ".py"];

/// How old comments named documents that were never in the repository.
const GONE: [&str; 3] = ["of the reference", "(reference ", "platform reference"];

const BILLING_RULES: &str = "docs/billing-rules.md";

/// A document named in a comment, with its section if there is one.
#[derive(Debug, PartialEq, Eq)]
struct Citation<'a> {
    document: &'a str,
    section: Option<&'a str>,
}

/// The comment of a line, or the line of a file that is all comment.
fn comment<'a>(source: &Source, line: &'a str) -> Option<&'a str> {
    let marks: &[&str] = match source.path.rsplit('.').next() {
        Some("sql") => &["--"],
        Some("toml" | "yaml" | "py") => &["# "],
        _ => &["// ", "/// ", "//! ", " * ", "/* ", "<!-- "],
    };
    marks.iter().filter_map(|mark| line.find(mark)).min().and_then(|at| line.get(at..))
}

fn is_part_of_a_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-./".contains(c)
}

/// Where a comment names a document, and which: by its path, or the billing rules by their name.
fn documents(comment: &str) -> Vec<(usize, &str)> {
    let by_path = comment.match_indices(".md").filter_map(|(at, _)| {
        if comment[at + 3..].starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            return None;
        }
        let begins = comment[..at]
            .rfind(|c| !is_part_of_a_path(c))
            .map_or(0, |before| before + comment[before..].chars().next().map_or(1, char::len_utf8));
        let document = comment[begins..at + 3].trim_start_matches('/');
        (document.len() > 3).then_some((at, document))
    });
    let by_name = comment.match_indices("illing rules §").map(|(at, _)| (at, BILLING_RULES));
    by_path.chain(by_name).collect()
}

/// Every document that a comment names, and every section with the document named last before it.
fn citations(comment: &str) -> Vec<Citation<'_>> {
    let documents = documents(comment);
    let sections = comment.match_indices('§').map(|(at, mark)| {
        let rest = &comment[at + mark.len()..];
        let ends = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let before = documents.iter().filter(|(named, _)| *named < at).max_by_key(|(named, _)| *named);
        let document = before.map_or("", |(_, document)| *document);
        Citation { document, section: Some(rest[..ends].trim_end_matches('.')) }
    });
    let whole = documents.iter().map(|(_, document)| Citation { document, section: None });
    whole.chain(sections).collect()
}

/// Whether a document has a heading with that number.
fn has_section(document: &str, section: &str) -> bool {
    document.lines().filter(|line| line.starts_with('#')).any(|heading| {
        let title = heading.trim_start_matches('#').trim_start().trim_start_matches('§');
        title.split_whitespace().next().is_some_and(|number| number.trim_end_matches('.') == section)
    })
}

#[test]
fn every_citation_leads_somewhere() {
    let all = source::all();
    let documents: BTreeMap<&str, &str> = all
        .iter()
        .filter(|source| source.is(&[".md"]))
        .map(|source| (source.path.as_str(), source.text.as_str()))
        .collect();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for source in all.iter().filter(|source| source.is(&COMMENTED) && !source.below(&["tests/tidy/"])) {
        for (number, line) in (1..).zip(source.text.lines()) {
            let Some(comment) = comment(source, line) else { continue };
            let place = format!("{}:{number}", source.path);
            for citation in citations(comment) {
                seen += 1;
                match (documents.get(citation.document), citation.section) {
                    (_, Some(_)) if citation.document.is_empty() => {
                        wrong.push(format!("{place}: § of which document?"));
                    }
                    // The rules are on their way into the repository.
                    (None, _) if citation.document == BILLING_RULES => {}
                    (None, _) => wrong.push(format!("{place}: there is no {}", citation.document)),
                    (Some(text), Some(section)) if !has_section(text, section) => {
                        wrong.push(format!("{place}: {} has no §{section}", citation.document));
                    }
                    (Some(_), _) => {}
                }
            }
            if let Some(gone) = GONE.iter().find(|gone| comment.contains(**gone)) {
                wrong.push(format!("{place}: name the document instead of “{}”", gone.trim()));
            }
        }
    }
    assert!(seen > 9, "only {seen} citations: looking in the wrong place");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn citations_are_told_from_other_words() {
    let cited = |document, section| Citation { document, section };
    let wechat = "docs/wechat.md";
    assert_eq!(citations("// why (docs/wechat.md §4.2)."), [cited(wechat, None), cited(wechat, Some("4.2"))]);
    assert_eq!(citations("/// As `docs/wechat.md` §9. Then").last(), Some(&cited(wechat, Some("9"))));
    assert_eq!(citations("//! Tables of `docs/forecast.md`."), [cited("docs/forecast.md", None)]);
    let rules = citations("// (billing rules §4, §5)");
    assert_eq!(rules[1..], [cited(BILLING_RULES, Some("4")), cited(BILLING_RULES, Some("5"))]);
    assert_eq!(citations("// as in §3"), [cited("", Some("3"))]);
    assert_eq!(citations("// appending .md to it, x.mdx"), []);
    assert!(has_section("## 4. Tokens\n### 4.2 `POST`\n", "4.2") && has_section("## §15 Bills\n", "15"));
    assert!(has_section("## 4. Tokens\n", "4") && !has_section("## 4. Tokens\n", "4.1"));
}
