//! C for macOS: libraries with C in them are compiled before the Rust around them can be linted.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    process::{Failure, Run},
    start,
    tools::ZIG,
};

/// The programs that cargo's build scripts start, and the variables by which they find them.
const PROGRAMS: [(&str, &str); 2] =
    [("CC", include_str!("apple_cc.sh")), ("AR", include_str!("apple_ar.sh"))];
/// What the first of them compiles instead of Objective-C.
const EMPTY: &str = "empty.c";

/// Zig's compiler under the names and with the arguments of Apple's.
pub(super) struct Compiler {
    folder: PathBuf,
    python: PathBuf,
}

impl Compiler {
    /// Why there is none, where Zig cannot be had.
    pub(super) fn make_ready(repository: &Path, folder: &Path) -> Result<Result<Self, String>, Failure> {
        if let Err(why) = ZIG.make_ready(repository) {
            return Ok(Err(why));
        }
        let folder = folder.join("apple");
        start::empty_folder(&folder)?;
        // Build scripts look for Apple's kit of headers here, and ask Apple's own tool for it otherwise.
        start::empty_folder(&folder.join("kit"))?;
        for (name, text) in PROGRAMS.into_iter().chain([(EMPTY, "")]) {
            let path = folder.join(name);
            write_program(&path, text).map_err(|error| Failure::File { path, error })?;
        }
        Ok(Ok(Self { folder, python: ZIG.program(repository, "python") }))
    }

    /// `run` of cargo, which compiles C for `target`.
    pub(super) fn used_by(&self, run: Run, target: &str) -> Run {
        let within = |name: &str| self.folder.join(name).to_string_lossy().into_owned();
        let suffix = target.replace('-', "_");
        let run = run.env("ZIG_PYTHON", &self.python.to_string_lossy()).env("SDKROOT", &within("kit"));
        PROGRAMS.into_iter().fold(run, |run, (name, _)| run.env(&format!("{name}_{suffix}"), &within(name)))
    }
}

#[cfg(unix)]
fn write_program(path: &Path, script: &str) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    fs::write(path, script)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn write_program(path: &Path, script: &str) -> std::io::Result<()> {
    fs::write(path, script)
}
