//! What draws the pages here, and what drew the kept pictures: the same draws the same to the pixel.

use std::{fs, path::Path, process::Command};

/// Packages that decide what a page looks like.
const PACKAGES: [&str; 5] =
    ["libwebkit2gtk-4.1-0", "libfreetype6", "libfontconfig1", "libharfbuzz0b", "fonts-noto-cjk"];
const FILE: &str = "engine.txt";

/// The processor, the system and the versions of [`PACKAGES`], a line each.
fn here() -> String {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let system = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).unwrap_or("unknown");
    let mut lines = vec![std::env::consts::ARCH.to_owned(), system.trim_matches('"').to_owned()];
    for package in PACKAGES {
        let mut query = Command::new("dpkg-query");
        query.args(["--show", "--showformat", "${Package} ${Version}\n", package]);
        let said = query.output().map(|output| output.stdout).unwrap_or_default();
        lines.push(String::from_utf8_lossy(&said).lines().next().unwrap_or(package).to_owned());
    }
    lines.join("\n") + "\n"
}

/// Whether the pictures in this folder were drawn as they would be here.
pub(super) fn drew(folder: &Path) -> bool {
    fs::read_to_string(folder.join(FILE)).is_ok_and(|kept| kept == here())
}

/// Notes that the pictures in this folder were drawn here.
pub(super) fn note(folder: &Path) {
    fs::write(folder.join(FILE), here()).expect("a file among the pictures");
}

pub(super) fn is_note(file: &str) -> bool {
    file == FILE
}
