//! No import circle of more than two files inside a crate: whoever reads one of its files would have to read all. A folder
//! and its own files know each other; a circle that leaves its folder is one all the same.

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

/// Every path that some code of a module names, from the crate's root on, with the lists of `use` taken apart.
fn named(code: &str, module: &str) -> Vec<String> {
    let mut found = Vec::new();
    let begins = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start).filter(|(at, _)| begins(*at)) {
            let (mut base, mut rest) = (module, &code[at..]);
            while let Some(above) = rest.strip_prefix("super::") {
                (base, rest) = (base.rsplit_once("::").map_or("", |(base, _)| base), above);
            }
            if let Some(below) = rest.strip_prefix("crate::") {
                (base, rest) = ("", below);
            }
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(rest.len());
            let (path, after) = rest.split_at(end);
            let path = if base.is_empty() { path.to_owned() } else { format!("{base}::{path}") };
            match after.strip_prefix('{').and_then(|list| list.split_once('}')) {
                Some((list, _)) if path.is_empty() || path.ends_with("::") => found.extend(
                    list.split(',').map(|name| format!("{path}{}", name.trim().trim_start_matches("self"))),
                ),
                _ => found.push(path),
            }
        }
    }
    found
}

/// The files of a folder that its own file names without their folder: `use event::EventId` in `account`.
fn children(code: &str, module: &str, modules: &BTreeSet<String>) -> BTreeSet<String> {
    let inside =
        modules.iter().filter_map(|other| Some((other, other.strip_prefix(module)?.strip_prefix("::")?)));
    inside
        .filter(|(_, child)| {
            let path = format!("{child}::");
            code.match_indices(&path)
                .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
        })
        .map(|(other, _)| other.clone())
        .collect()
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

/// Who names whom; `with_children`: also a folder its own files.
fn imports(folder: &str, with_children: bool) -> Imports {
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
        let code = code.join("\n");
        let paths = named(&code, &name);
        let mut targets: BTreeSet<String> = paths.iter().filter_map(|path| target(path, &modules)).collect();
        if with_children {
            targets.extend(children(&code, &name, &modules));
        }
        targets.remove(&name);
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
        let found = circles(&imports(folder, false));
        assert!(found.is_empty(), "{folder}: {found:#?}");
    }
}

#[test]
fn no_circle_leaves_its_folder() {
    let top = |name: &str| name.split_once("::").map_or(name, |(top, _)| top).to_owned();
    for folder in CRATES {
        let mut found = circles(&imports(folder, true));
        found.retain(|circle| circle.iter().map(|name| top(name)).collect::<BTreeSet<_>>().len() > 1);
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
    assert_eq!(named("use crate::a::{self, B};\nlet x = crate::c::d();", "e"), ["a::", "a::B", "c::d"]);
    assert_eq!(
        named("use super::{B, c::D};\nlet x = super::super::f();", "a::b::e"),
        ["a::b::B", "a::b::c::D", "a::f"]
    );
    let modules = ["account", "account::event", "lot"].map(str::to_owned).into();
    assert_eq!(
        children("pub use event::EventId;", "account", &modules),
        ["account::event".to_owned()].into()
    );
    assert!(children("use crate::event::x;\nuse prevent::y;", "account", &modules).is_empty());
}
