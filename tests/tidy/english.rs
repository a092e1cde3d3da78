//! Plain English: words that readers of code do not look for, counted, and one spelling.

use crate::source::{self, Source};

/// Where they are counted.
const PLACES: [&str; 2] = ["crates/companion/src/", "src-tauri/src/"];

/// How often they stand there at most. Lower it whenever fewer are left; never raise it.
const CEILING: usize = 45;

/// Words of comments. "None" is counted where it stands for "invalid" or "not one", not as code.
const WORDS: [&str; 14] = [
    "place", "places", "placed", "kept", "told", "anew", "behind", "beside", "whoever", "so many", "try",
    "tries", "none", "nobody's",
];

/// Parts of names.
const PARTS: [&str; 9] = ["place", "places", "kept", "told", "anew", "behind", "beside", "whoever", "none"];

/// A line without its strings: code, and comment without what stands in backticks.
fn parts(line: &str) -> (String, String) {
    let (mut code, mut text) = (String::new(), false);
    let mut characters = line.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' if text => drop(characters.next()),
            '"' => text = !text,
            '/' if !text && line[at..].starts_with("//") => {
                let comment = line[at..].split('`').step_by(2).collect::<Vec<_>>().join(" ");
                return (code, comment.to_lowercase());
            }
            c if !text => code.push(c),
            _ => {}
        }
    }
    (code, String::new())
}

/// Whether `word` stands at `at` by itself.
fn is_whole(text: &str, at: usize, word: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || c == '_' || c == '\'';
    !text[..at].ends_with(letter) && !text[at + word.len()..].starts_with(letter)
}

fn in_comment(comment: &str) -> usize {
    let counted = |word: &str| {
        comment
            .match_indices(word)
            .filter(|(at, _)| is_whole(comment, *at, word))
            .filter(|(at, _)| {
                let rest = &comment[at + word.len()..];
                !(word.starts_with("tr") && (rest.starts_with(" again") || rest.starts_with(" to ")))
            })
            .count()
    };
    WORDS.iter().map(|word| counted(word)).sum()
}

/// The words of a name in any case: `told_apart`, `ToldApart`.
fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in name.chars() {
        if c == '_' || c.is_uppercase() {
            words.push(String::new());
        }
        if let (Some(last), true) = (words.last_mut(), c != '_') {
            last.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn in_code(code: &str) -> usize {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|name| *name != "None" && !name.starts_with("is_none"))
        .flat_map(words_of)
        .filter(|word| PARTS.contains(&word.as_str()))
        .count()
}

fn count(source: &Source) -> usize {
    let of_line = |line: &str| {
        let (code, comment) = parts(line);
        in_code(&code) + in_comment(&comment)
    };
    source.text.lines().map(of_line).sum()
}

#[test]
fn words_that_nobody_looks_for_become_fewer() {
    let mut counts: Vec<(usize, String)> = source::rust()
        .into_iter()
        .filter(|source| source.below(&PLACES))
        .map(|source| (count(&source), source.path))
        .filter(|(count, _)| *count > 0)
        .collect();
    counts.sort_unstable_by(|one, next| next.cmp(one));
    let all: usize = counts.iter().map(|(count, _)| count).sum();
    assert!(all <= CEILING, "{all} of at most {CEILING}: {counts:#?}");
}

/// Names with a z that are not ours: WeChat's fields, HTTP's header and status, and the member-card contract's word.
const WITH_Z: [&str; 8] = [
    "authorizer",
    "authorization\"",
    "unauthorized",
    "authorized",
    "header::authorization",
    "{authorization",
    "authorization,",
    "`authorization:",
];

#[test]
fn authorise_is_spelt_with_an_s() {
    let mut wrong = Vec::new();
    for source in source::rust().iter().filter(|source| !source.below(&["tests/tidy/"])) {
        for (number, line) in (1..).zip(source.text.lines()) {
            let mut rest = line.to_lowercase();
            for word in WITH_Z {
                rest = rest.replace(word, "");
            }
            if rest.contains("authoriz") {
                wrong.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn words_are_counted_where_they_stand_by_themselves() {
    let counted = |line: &str| {
        let (code, comment) = parts(line);
        in_code(&code) + in_comment(&comment)
    };
    assert_eq!(counted("let kept = told_apart(place); // kept in its place"), 5);
    assert_eq!(counted("return None; // `None`, to try again; placeholder"), 0);
    assert_eq!(counted("log(\"kept\"); // an address that is none"), 1);
    assert_eq!(counted("fn is_none_or() {} struct Replacement;"), 0);
}
