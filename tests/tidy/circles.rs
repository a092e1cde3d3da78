//! No import circle of more than two files inside a crate: whoever reads one of its files would have to read all.

use std::collections::{BTreeMap, BTreeSet};

use crate::source;

/// The crates that are looked at, with the folder of their sources.
const CRATES: [&str; 3] = ["crates/billing-core/src/", "crates/companion/src/", "crates/practice/src/"];

/// A pair may know each other, such as a folder and its file.
const FILES_MAX: usize = 2;

type Imports = BTreeMap<String, BTreeSet<String>>;

/// `usage/mod.rs` and `usage.rs` are both `usage`; the crate's own root is no module of it.
fn module(path: &str) -> Option<String> {
    let name = path.strip_suffix(".rs")?;
    let name = name.strip_suffix("/mod").unwrap_or(name);
    let is_outside = ["lib", "main"].contains(&name) || name.starts_with("bin/") || name.ends_with("tests");
    (!is_outside).then(|| name.replace('/', "::"))
}

/// Every path below the crate that some code names, with the lists of `use` taken apart.
fn named(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, start) in code.match_indices("crate::") {
        let rest = &code[at + start.len()..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(rest.len());
        let (path, after) = rest.split_at(end);
        match after.strip_prefix('{').and_then(|list| list.split_once('}')) {
            Some((list, _)) if path.ends_with("::") => found.extend(
                list.split(',').map(|name| format!("{path}{}", name.trim().trim_start_matches("self"))),
            ),
            _ => found.push(path.to_owned()),
        }
    }
    found
}

/// The module that a path leads into: its longest beginning that is one.
fn target(path: &str, modules: &BTreeSet<String>) -> Option<String> {
    let mut path = path.trim_end_matches(':');
    loop {
        if modules.contains(path) {
            return Some(path.to_owned());
        }
        path = path.rsplit_once("::")?.0;
    }
}

fn imports(folder: &str) -> Imports {
    let sources = source::rust();
    let inside = || {
        sources.iter().filter_map(|source| {
            let name = module(source.path.strip_prefix(folder)?)?;
            Some((name, source))
        })
    };
    let modules: BTreeSet<String> = inside().map(|(name, _)| name).collect();
    assert!(modules.len() > 10, "{folder} has {} modules: looking in the wrong place", modules.len());
    let of = |(name, source): (String, &source::Source)| {
        let code: Vec<&str> = source.product_code().map(|(_, line)| line).collect();
        let targets = named(&code.join("\n")).iter().filter_map(|path| target(path, &modules)).collect();
        (name, targets)
    };
    inside().map(of).collect()
}

fn reached(from: &str, imports: &Imports) -> BTreeSet<String> {
    let (mut seen, mut next) = (BTreeSet::new(), vec![from.to_owned()]);
    while let Some(name) = next.pop() {
        for target in imports.get(&name).into_iter().flatten() {
            if seen.insert(target.clone()) {
                next.push(target.clone());
            }
        }
    }
    seen
}

/// Every circle once, as the set of its modules.
fn circles(imports: &Imports) -> BTreeSet<BTreeSet<String>> {
    let reached: BTreeMap<&str, BTreeSet<String>> =
        imports.keys().map(|name| (name.as_str(), reached(name, imports))).collect();
    let circle = |name: &str| -> BTreeSet<String> {
        reached[name].iter().filter(|other| reached[other.as_str()].contains(name)).cloned().collect()
    };
    imports.keys().map(|name| circle(name)).filter(|circle| circle.len() > FILES_MAX).collect()
}

#[test]
fn no_file_imports_itself_through_others() {
    for folder in CRATES {
        let found = circles(&imports(folder));
        assert!(found.is_empty(), "{folder}: {found:#?}");
    }
}

#[test]
fn a_circle_is_seen() {
    let imports = |pairs: &[(&str, &[&str])]| -> Imports {
        let entry = |(name, targets): &(&str, &[&str])| {
            ((*name).to_owned(), targets.iter().map(|target| (*target).to_owned()).collect())
        };
        pairs.iter().map(entry).collect()
    };
    let round = imports(&[("a", &["b"]), ("b", &["c"]), ("c", &["a"]), ("d", &["a"])]);
    assert_eq!(circles(&round).len(), 1);
    let pair = imports(&[("a", &["b"]), ("b", &["a", "c"]), ("c", &[])]);
    assert!(circles(&pair).is_empty());
    assert_eq!(named("use crate::a::{self, B};\nlet x = crate::c::d();"), ["a::", "a::B", "c::d"]);
}
