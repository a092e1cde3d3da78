//! Plans of the billing core against HiGHS, a solver for mixed-integer programs.
//!
//! HiGHS comes from Python's registry as a finished library, in seconds; as a Rust dependency it would be compiled from C++
//! for minutes, for everybody. It gets an environment of its own under `target/tools`.

use std::path::{Path, PathBuf};

use crate::{
    process::{Failure, Run},
    report::Ending,
};

/// As many random cases as fit into a minute; all 500 are for a long run by hand.
const SECONDS: &str = "60";
const PACKAGES: [&str; 2] = ["highspy==1.15.1", "numpy==2.4.6"];

pub(crate) fn compare(repository: &Path) -> Result<Ending, Failure> {
    if cfg!(windows) {
        return Ok(Ending::Skipped("plans are compared on Unix only".into()));
    }
    let environment = repository.join("target").join("tools").join("highs");
    let python = environment.join("bin").join("python");
    let own = python.to_string_lossy();
    let installs = [
        Run::new("python3", ["-m", "venv", "--clear", &environment.to_string_lossy()]),
        Run::new(&own, ["-m", "pip", "install", "--quiet"]).args(PACKAGES),
    ];
    let there = Run::new(&own, ["-c", "import highspy, numpy"]);
    if !there.asked().is_ok_and(|(there, _)| there) {
        for install in installs {
            println!("$ {install}");
            let (installed, said) = install.asked().unwrap_or_else(|failure| (false, failure.to_string()));
            if !installed {
                println!("{}", said.trim_end());
                return Ok(Ending::Skipped("HiGHS could not be installed from here".into()));
            }
        }
    }
    Run::new("cargo", ["build", "--workspace", "--bin", "billing"]).at(repository).passed_through()?;
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository.join("target"), PathBuf::from);
    let billing = target.join("debug").join("billing");
    let script = "crates/billing-core/tests/milp/plans.py";
    let arguments = [script, "compare", &billing.to_string_lossy(), "--seconds", SECONDS];
    Run::new(&own, arguments).at(repository).passed_through().map(|()| Ending::Done)
}
