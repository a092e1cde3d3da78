//! `cargo xtask bench ui`: what the window loads before it shows something, how soon it does with many accounts, and how
//! smooth the table of them is.

use std::{fs, path::Path};

use crate::{
    bench::{self, Built, EVERY_DAY, FIRST_DAY},
    machine,
    needs::Purpose,
    process::{Failure, Run},
    start,
};

/// An agency after three years.
const ACCOUNTS: &str = "1000";
const DAYS: &str = "1095";

pub(crate) fn all(repository: &Path, options: &bench::Options) -> Result<(), Failure> {
    machine::make_ready(Purpose::Drive)?;
    start::ui_packages(repository)?;
    start_path(repository)?;
    start::ui_build(repository)?;
    let built = bench::build(repository, options, &["empty_window", "filled_home"])?;
    let (_display, display) = bench::display()?;
    let homes = repository.join("target").join("bench-ui");
    fill(&built, &homes)?;
    println!("\n━━ First content with {ACCOUNTS} accounts and {DAYS} days, next to an empty window");
    bench::compare(&built, &homes, display.as_deref(), options.runs)?;
    println!("\n━━ The table of all accounts");
    let table = repository.join("ui").join("bench").join("table.mjs");
    let mut run = Run::new("node", [table.to_string_lossy(), built.app.to_string_lossy()])
        .env("COMPANION_HOME", &homes.join(EVERY_DAY).to_string_lossy());
    if let Some(display) = &display {
        run = run.env("DISPLAY", display).env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    }
    run.passed_through()
}

/// A build of its own, since a manifest would be shipped with the app.
fn start_path(repository: &Path) -> Result<(), Failure> {
    println!("\n━━ JavaScript on the start path, gzipped");
    let (ui, dist) = (repository.join("ui"), repository.join("target").join("bench-ui-dist"));
    let dist = dist.to_string_lossy();
    let vite = [
        "exec",
        "--",
        "vite",
        "build",
        "--manifest",
        "--emptyOutDir",
        "--logLevel",
        "warn",
        "--outDir",
        &dist,
    ];
    Run::npm(vite).at(&ui).passed_through()?;
    Run::new("node", ["bench/start-path.mjs", &dist]).at(&ui).passed_through()
}

/// Both homes alike, filled anew: readings must be of today.
fn fill(built: &Built, homes: &Path) -> Result<(), Failure> {
    println!("\n━━ Filling a home");
    let (first, second) = (homes.join(EVERY_DAY), homes.join(FIRST_DAY));
    start::empty_folder(&first)?;
    start::empty_folder(&second)?;
    let filled = built.example("filled_home");
    Run::new(&filled.to_string_lossy(), [&*first.to_string_lossy(), ACCOUNTS, DAYS]).passed_through()?;
    for name in ["ledger.db", "cache.db"] {
        let (from, to) = (first.join(name), second.join(name));
        fs::copy(&from, &to).map_err(|error| Failure::File { path: from, error })?;
    }
    Ok(())
}
