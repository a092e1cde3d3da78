//! `cargo xtask bench wire`: the speed of both sides of the wire, each next to the least that could do the same.
//!
//! Every part is a benchmark of its own that measures itself and its yardstick in turn, in one run, and prints the
//! ratio. To add one, add a line to [`PARTS`].

use std::path::Path;

use crate::process::{Failure, Run};

/// A benchmark: what it compares, its package, its name.
const PARTS: [(&str, &str, &str); 2] = [
    ("Charging a verification, next to committing one row", "practice", "charging"),
    ("Syncing a thousand accounts, next to a bare loop over the same addresses", "companion", "sync"),
];

pub(crate) fn all(repository: &Path) -> Result<(), Failure> {
    for (title, package, bench) in PARTS {
        println!("\n━━ {title}");
        Run::cargo("bench", ["--quiet", "--package", package, "--bench", bench])
            .at(repository)
            .passed_through()?;
    }
    Ok(())
}
