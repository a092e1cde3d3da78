//! `cargo xtask run` and `dev`: the app on the screen, or walked through where there is none.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::{
    machine,
    needs::Purpose,
    process::{Failure, Run},
    report::{Step, in_order},
};

/// Opens the app; practice is what a new account starts in.
pub(crate) fn open_or_walk(repository: &Path) -> Result<(), Failure> {
    if machine::has_display() { open(repository) } else { walk(repository) }
}

fn open(repository: &Path) -> Result<(), Failure> {
    in_order(&[
        Step::new("What this machine lacks", || machine::make_ready(Purpose::Open)),
        Step::new("UI packages", || ui_packages(repository)),
        Step::new("UI build", || ui_build(repository)),
        Step::new("App build", || {
            Run::cargo("build", ["--package", "merchant-companion"]).at(repository).passed_through()
        }),
        Step::new("The app is open (this ends when its window is closed)", || {
            Run::cargo("run", ["--package", "merchant-companion"]).at(repository).passed_through()
        }),
    ])
}

/// What the walkthrough is called in a list of steps.
pub(crate) const WALKTHROUGH: &str = "Walkthrough of the real app, in both languages";
/// The journey that is the walkthrough when it is given a folder for its pictures.
pub(crate) const WALKTHROUGH_TEST: &str = "walkthrough_from_welcome_to_done::webkit";

fn walk(repository: &Path) -> Result<(), Failure> {
    println!("There is no display: the onboarding wizard is walked headless in the real app instead.");
    in_order(&[
        Step::new("What this machine lacks", || machine::make_ready(Purpose::Drive)),
        Step::new("UI packages", || ui_packages(repository)),
        Step::new("UI build", || ui_build(repository)),
        Step::new(WALKTHROUGH, || walkthrough(repository)),
    ])
}

/// Builds the app, walks through the wizard and shows the summary; pictures and summary stay under `target/walkthrough`.
pub(crate) fn walkthrough(repository: &Path) -> Result<(), Failure> {
    let folder = repository.join("target").join("walkthrough");
    empty_folder(&folder)?;
    Run::cargo("test", ["--workspace", "--test", "e2e", "--", "--nocapture", WALKTHROUGH_TEST])
        .env("COMPANION_WALKTHROUGH_DIR", &folder.to_string_lossy())
        .at(repository)
        .passed_through()?;
    let summary = folder.join("summary.md");
    let text = fs::read_to_string(&summary).map_err(|error| Failure::File { path: summary, error })?;
    println!("\n{}\nScreenshots and summary: {}", text.trim_end(), folder.display());
    Ok(())
}

/// The window with the UI served by Vite, so that a change shows at once.
pub(crate) fn develop(repository: &Path) -> Result<(), Failure> {
    machine::make_ready(Purpose::Open)?;
    ui_packages(repository)?;
    let tauri = repository.join("ui").join("node_modules").join("@tauri-apps").join("cli").join("tauri.js");
    Run::new("node", [&*tauri.to_string_lossy(), "dev"]).at(repository).passed_through()
}

/// Builds the UI and serves it with the real application, practice and secrets in memory, until Ctrl-C.
pub(crate) fn serve_in_browser(repository: &Path) -> Result<(), Failure> {
    machine::make_ready(Purpose::Open)?;
    ui_packages(repository)?;
    ui_preview(repository)?;
    Run::cargo("run", ["--package", "browser-host", "--", "ui/dist-preview"]).at(repository).passed_through()
}

/// `npm ci` when the lock file changed since the packages were installed.
pub(crate) fn ui_packages(repository: &Path) -> Result<(), Failure> {
    let ui = repository.join("ui");
    // npm writes this copy of the lock last, so it also tells an interrupted installation from a finished one.
    let installed = modified(&ui.join("node_modules").join(".package-lock.json"));
    let wanted = modified(&ui.join("package-lock.json"));
    if is_current(installed, wanted) {
        println!("ui/node_modules is current.");
        return Ok(());
    }
    Run::npm(["ci", "--no-audit", "--ignore-scripts"]).at(&ui).passed_through()
}

pub(crate) fn ui_build(repository: &Path) -> Result<(), Failure> {
    Run::npm(["run", "build"]).at(&repository.join("ui")).passed_through()
}

/// The UI with other hosts than the app's: the browser host and the one in memory.
pub(crate) fn ui_preview(repository: &Path) -> Result<(), Failure> {
    Run::npm(["run", "build:preview"]).at(&repository.join("ui")).passed_through()
}

/// Where cargo puts what it builds.
pub(crate) fn target(repository: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository.join("target"), PathBuf::from)
}

/// Builds a program of the workspace, and returns its path. A test is named beside it, so that features are those that
/// `cargo xtask test` has compiled everything with: nothing is compiled twice.
pub(crate) fn program(repository: &Path, name: &str, test: &str) -> Result<PathBuf, Failure> {
    Run::cargo("build", ["--workspace", "--bin", name, "--test", test]).at(repository).passed_through()?;
    Ok(target(repository).join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

fn is_current(installed: Option<SystemTime>, wanted: Option<SystemTime>) -> bool {
    installed.zip(wanted).is_some_and(|(installed, wanted)| installed >= wanted)
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

pub(crate) fn empty_folder(folder: &Path) -> Result<(), Failure> {
    let failed = |error| Failure::File { path: PathBuf::from(folder), error };
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(error)),
        _ => fs::create_dir_all(folder).map_err(failed),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn packages_are_installed_anew_when_missing_or_older_than_the_lock() {
        let lock = SystemTime::UNIX_EPOCH + Duration::from_secs(100);
        let (before, after) = (lock - Duration::from_secs(1), lock + Duration::from_secs(1));
        assert!(is_current(Some(after), Some(lock)));
        assert!(!is_current(Some(before), Some(lock)));
        assert!(!is_current(None, Some(lock)));
        assert!(!is_current(Some(after), None));
    }
}
