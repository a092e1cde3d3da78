//! What the README tells a person to type is what CI runs.

use std::{fs, path::Path};

use crate::source;

const READMES: [&str; 2] = ["README.md", "README.zh-CN.md"];

/// What CI runs besides the README's commands: it may stop at nothing, and skip nothing.
const SURROUNDINGS: [&str; 5] = [
    "set -euo pipefail",
    r#"cd "$(dirname "$0")/..""#,
    "export CI=true",
    "export CARGO_INCREMENTAL=0",
    "unset DISPLAY WAYLAND_DISPLAY",
];

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(source::root()).join(path)).unwrap()
}

/// The lines between fences that begin at the margin.
fn fenced(text: &str) -> Vec<&str> {
    let blocks = text.split("\n```").skip(1).step_by(2);
    blocks.flat_map(|block| block.lines().skip(1)).collect()
}

#[test]
fn ci_runs_the_commands_of_both_readmes_and_nothing_else() {
    let ci = read(".ci/run");
    let lines: Vec<&str> = ci.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    let (surroundings, commands) = lines.split_at(SURROUNDINGS.len());
    assert_eq!(surroundings, SURROUNDINGS);
    for readme in READMES {
        let text = read(readme);
        let mut fenced = fenced(&text);
        fenced.retain(|line| line.starts_with("cargo xtask "));
        assert_eq!(fenced, commands, "{readme}");
    }
    assert_eq!(commands, ["cargo xtask run", "cargo xtask test"]);
}

#[test]
fn cargo_keeps_to_the_lock_file_wherever_we_call_it() {
    let calls = source::all();
    let calls = calls.iter().filter(|file| file.below(&["crates/xtask/src/", ".cargo/", ".ci/"]));
    let mut loose = Vec::new();
    for file in calls {
        for (number, line) in file.product_code() {
            let direct = line.contains(r#"Run::new("cargo""#) || line.starts_with("xtask = ");
            // `cargo fmt` reads no lock; subcommands that are programs of their own say it themselves.
            let fine = ["--locked", r#"["fmt""#, "self.subcommand"].iter().any(|part| line.contains(part));
            if direct && !fine {
                loose.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    assert!(loose.is_empty(), "use Run::cargo: {loose:#?}");
}
