//! The files of the repository, and sizes.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Files may not be longer.
const LINES: usize = 400;

/// Files that may, each with the reason.
const LONGER: [(&str, &str); 2] = [
    ("ui/src/ipc/bindings.ts", "generated: as long as there are views, and nobody writes in it"),
    ("ui/src/ipc/client.ts", "generated: as long as there are commands, and nobody writes in it"),
];

/// A text file of ours.
pub(crate) struct Source {
    /// From the top of the repository, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn is(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }

    /// Whether any of the folders (or files) holds this file.
    pub(crate) fn below(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path.starts_with(place))
    }

    /// Numbered lines that are not comments.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Code outside `#[cfg(test)]` at the end of a file and outside `tests` and `benches` folders.
    pub(crate) fn product_code(&self) -> impl Iterator<Item = (usize, &str)> {
        let folder = |name: &str| self.path.contains(&format!("/{name}/"));
        let tests = folder("tests") || folder("benches") || self.path.ends_with("tests.rs");
        self.code().take_while(move |(_, line)| !tests && *line != "#[cfg(test)]")
    }
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file of ours; what is generated or fetched is not.
pub(crate) fn all() -> Vec<Source> {
    let mut found = Vec::new();
    collect(root(), &mut found);
    assert!(found.len() > 100, "only {} files: looking in the wrong place", found.len());
    found
}

pub(crate) fn rust() -> Vec<Source> {
    all().into_iter().filter(|source| source.is(&[".rs"])).collect()
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    const NOT_OURS: [&str; 6] = [".git", "target", "node_modules", "dist", "dist-preview", "gen"];
    for entry in fs::read_dir(folder).expect("a folder of the repository").flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if NOT_OURS.iter().any(|other| name == *other) {
            continue;
        }
        if path.is_dir() {
            collect(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            found.push(Source { path: below_root(&path), text });
        }
    }
}

fn below_root(path: &Path) -> String {
    let path: PathBuf = path.strip_prefix(root()).expect("below the root").into();
    path.to_string_lossy().replace('\\', "/")
}

#[test]
fn files_are_short() {
    let mut long = Vec::new();
    for source in all().iter().filter(|source| source.is(&[".rs", ".ts", ".vue"])) {
        let lines = source.text.lines().count();
        let excused = LONGER.iter().any(|(path, _)| *path == source.path);
        if lines > LINES && !excused {
            long.push(format!("{}: {lines} lines, at most {LINES}", source.path));
        }
        assert!(lines > LINES || !excused, "{} needs no exception any more", source.path);
    }
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn long_functions_are_refused_by_clippy_and_excused_by_reason() {
    let limit = fs::read_to_string(root().join("clippy.toml")).unwrap();
    assert!(limit.lines().any(|line| line == "too-many-lines-threshold = 70"), "clippy.toml:\n{limit}");
    for source in rust().iter().filter(|source| !source.below(&["tests/tidy/"])) {
        for (number, line) in source.code().filter(|(_, line)| line.contains("too_many_lines")) {
            assert!(line.contains("reason"), "{}:{number}: say why the function is long", source.path);
        }
    }
}
