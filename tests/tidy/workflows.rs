//! What runs on a server of others: its actions are pinned, it may do little, and it ends.

use std::{fs, path::Path};

use crate::source;

fn workflows() -> Vec<(String, String)> {
    let folder = Path::new(source::root()).join(".github/workflows");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|file| {
            (file.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(file).unwrap())
        })
        .collect()
}

#[test]
fn actions_are_pinned_by_their_hash() {
    let is_hash = |text: &str| {
        text.len() == 40 && text.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c))
    };
    let mut pinned = 0;
    for (name, text) in workflows() {
        for line in text.lines().filter(|line| line.trim_start().starts_with("- uses:")) {
            let version = line.split_once('@').unwrap_or_default().1;
            let (hash, comment) = version.split_once(" # v").unwrap_or((version, ""));
            assert!(is_hash(hash) && !comment.is_empty(), "{name}: {line}");
            pinned += 1;
        }
    }
    assert!(pinned > 0);
}

#[test]
fn each_job_has_an_end_and_only_the_last_may_write() {
    for (name, text) in workflows() {
        assert!(text.contains("\npermissions:\n  contents: read\n"), "{name}");
        let (jobs, ends) = (text.matches("runs-on:").count(), text.matches("timeout-minutes:").count());
        assert_eq!(jobs, ends, "{name}");
        let writes: Vec<_> = text.lines().filter(|line| line.contains(": write")).collect();
        let allowed: &[&str] = if name == "release.yml" { &["      contents: write"] } else { &[] };
        assert_eq!(writes, allowed, "{name}");
    }
}
