//! Cargo subcommands that the checks need: the ones on PATH, else private copies under `target/tools`.

use std::path::{Path, PathBuf};

use crate::process::{Failure, Run, answer};

/// A cargo subcommand and the version CI uses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tool {
    pub(crate) subcommand: &'static str,
    package: &'static str,
    version: &'static str,
}

pub(crate) const DENY: Tool = Tool { subcommand: "deny", package: "cargo-deny", version: "0.20.2" };
pub(crate) const MACHETE: Tool = Tool { subcommand: "machete", package: "cargo-machete", version: "0.9.2" };
pub(crate) const FUZZ: Tool = Tool { subcommand: "fuzz", package: "cargo-fuzz", version: "0.13.2" };

impl Tool {
    /// Installs the tool when there is none. Unoptimised: that halves the wait, and each runs only a moment.
    pub(crate) fn make_ready(self, repository: &Path) -> Result<(), Failure> {
        let own = self.own_copy(repository);
        if answer("cargo", &[self.subcommand, "--version"]).is_some() || own.exists() {
            return Ok(());
        }
        println!("{} is not installed; compiling it once (about two minutes).", self.package);
        let root = tools(repository).to_string_lossy().into_owned();
        let arguments =
            ["install", "--locked", "--debug", "--version", self.version, "--root", &root, self.package];
        Run::new("cargo", arguments).passed_through()
    }

    /// `cargo <subcommand> <arguments>`, by our own copy where there is one.
    pub(crate) fn run<'a>(self, repository: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Run {
        let own = self.own_copy(repository);
        let run = if own.exists() {
            Run::new(&own.to_string_lossy(), [""; 0])
        } else {
            Run::new("cargo", [self.subcommand])
        };
        run.args(arguments).at(repository)
    }

    fn own_copy(self, repository: &Path) -> PathBuf {
        let name = format!("{}{}", self.package, std::env::consts::EXE_SUFFIX);
        tools(repository).join("bin").join(name)
    }
}

fn tools(repository: &Path) -> PathBuf {
    repository.join("target").join("tools")
}
