//! `cargo xtask pictures`: every page in every state on recorded answers, in the app's web engine and in Chromium.

use std::path::Path;

use crate::{
    checks, machine,
    needs::Purpose,
    process::{Failure, Run},
    report::{Ending, Step, in_order},
    start, tools,
};

/// Tests below this path of the `e2e` target look at pages; they need the preview of the UI.
pub(crate) const LOOKS: &str = "looks::";

/// What becomes of a picture that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The test fails and leaves the picture under target/pictures/.
    Compare,
    /// It is what the page shall look like from now on.
    Accept,
}

/// Everything that is needed, then [`compare`] or the new pictures.
pub(crate) fn look(repository: &Path, answer: Answer) -> Result<(), Failure> {
    in_order(&[
        Step::new("What this machine lacks", || machine::make_ready(Purpose::DriveBothEngines)),
        Step::new("UI packages", || start::ui_packages(repository)),
        // The tests are compiled with the shell, which embeds ui/dist.
        Step::new("UI build", || start::ui_build(repository)),
        Step::new("UI build for browsers", || start::ui_preview(repository)),
        Step::new("Pages in pictures", || match answer {
            Answer::Compare => compare(repository).map(drop),
            Answer::Accept => accept(repository),
        }),
    ])
}

/// Pages beside their kept pictures; to axe, at 200 % and with longer texts in both engines.
pub(crate) fn compare(repository: &Path) -> Result<Ending, Failure> {
    checks::on_linux(|| {
        tools::NEXTEST.make_ready(repository)?;
        tests(repository, &format!("/^{LOOKS}/")).passed_through()
    })
}

fn accept(repository: &Path) -> Result<(), Failure> {
    tools::NEXTEST.make_ready(repository)?;
    let accepting =
        || tests(repository, "looks::every_scene_looks_as_it_did").env("COMPANION_PICTURES", "accept");
    accepting().passed_through()?;
    // The guide shows pictures that have only now been accepted.
    start::ui_preview(repository)?;
    accepting().env("COMPANION_PICTURES_OF", "guide").passed_through()?;
    let guide = ["vitest", "run", "src/features/guide"];
    Run::new(if cfg!(windows) { "npx.cmd" } else { "npx" }, guide)
        .env("UPDATE_GUIDE", "1")
        .at(&repository.join("ui"))
        .passed_through()
}

fn tests(repository: &Path, filter: &str) -> Run {
    tools::nextest(repository, ["--workspace", "--test", "e2e", "--filterset", &format!("test({filter})")])
}
