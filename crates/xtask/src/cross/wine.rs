//! Programs of Windows on Linux: the tools that link them, and Wine, which runs them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::library::variable;
use crate::process::{Failure, Run};

/// Debian's packages leave it off the path.
const PROGRAMS: [&str; 3] = ["/usr/lib/wine/wine64", "/usr/bin/wine64", "/usr/bin/wine"];
/// What makes a Windows folder of its own for these tests.
const PREFIX: &str = "WINEPREFIX";
/// A test that hangs is ended by the runner after its own limit; this ends what the runner cannot see.
const SECONDS: &str = "900";

/// Every Rust program asks this library for random bytes; Wine has it since version 9.
const RANDOM: &str = "bcryptprimitives.dll";
const RANDOM_SOURCE: &str = include_str!("bcryptprimitives.c");

const GCC: &str = "x86_64-w64-mingw32-gcc";
const AR: &str = "x86_64-w64-mingw32-ar";

/// Wine with a Windows folder that only these tests use.
pub(super) struct Wine {
    program: &'static str,
    prefix: PathBuf,
    libraries: PathBuf,
}

impl Wine {
    /// Programs find their libraries in `libraries`, as beside an installed one.
    pub(super) fn make_ready(folder: &Path, libraries: PathBuf) -> Result<Self, Failure> {
        let program = PROGRAMS.into_iter().find(|program| Path::new(program).exists());
        let program = program.ok_or_else(|| Failure::Said(format!("Wine is none of {PROGRAMS:?}")))?;
        let wine = Self { program, prefix: folder.join("wine"), libraries };
        let system = wine.prefix.join("drive_c").join("windows").join("system32");
        if !system.is_dir() {
            fs::create_dir_all(&wine.prefix)
                .map_err(|error| Failure::File { path: wine.prefix.clone(), error })?;
            wine.run(Path::new("wineboot"), ["--init"]).passed_through()?;
        }
        let library = system.join(RANDOM);
        if !library.exists() {
            let source = folder.join("bcryptprimitives.c");
            fs::write(&source, RANDOM_SOURCE)
                .map_err(|error| Failure::File { path: source.clone(), error })?;
            let [source, library] = [&source, &library].map(|path| path.to_string_lossy().into_owned());
            Run::new(GCC, ["-shared", "-o", &library, &source, "-ladvapi32"]).passed_through()?;
        }
        Ok(wine)
    }

    pub(super) fn run<'a>(&self, program: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Run {
        let words = [SECONDS, self.program, &program.to_string_lossy()].map(str::to_owned);
        self.surroundings(Run::new("timeout", words).args(arguments))
    }

    /// `run` of cargo, whose programs for `target` run under Wine.
    pub(super) fn used_by(&self, run: Run, target: &str) -> Run {
        let runner = format!("timeout {SECONDS} {}", self.program);
        self.surroundings(run).env(&format!("CARGO_TARGET_{}_RUNNER", variable(target)), &runner)
    }

    fn surroundings(&self, run: Run) -> Run {
        run.env(PREFIX, &self.prefix.to_string_lossy())
            .env("WINEPATH", &path(&self.libraries))
            .env("WINEDEBUG", "-all")
            // Neither .NET nor a browser is wanted, and asking for them opens a window.
            .env("WINEDLLOVERRIDES", "mscoree,mshtml=")
    }
}

/// `run` of cargo, which links for `target` and compiles its C.
pub(super) fn tools(run: Run, target: &str) -> Run {
    let name = target.replace('-', "_");
    run.env(&format!("CARGO_TARGET_{}_LINKER", variable(target)), GCC)
        .env(&format!("CC_{name}"), GCC)
        .env(&format!("AR_{name}"), AR)
}

/// A folder of Linux as programs under Wine name it.
pub(super) fn path(folder: &Path) -> String {
    format!("Z:{}", folder.to_string_lossy().replace('/', "\\"))
}
