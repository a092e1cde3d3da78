//! `cargo xtask test`: everything CI runs, the quick and telling checks first.
//!
//! Every Rust step names the whole workspace: with one set of features nothing is compiled twice.

use std::path::Path;

use crate::{
    contract, cross, days, machine, milp,
    needs::Purpose,
    package, pictures,
    process::{Failure, Run},
    proofs,
    report::{Ending, Step, in_order, only},
    sdk, start, tools,
};

/// Tests below this path of the `e2e` target drive the real app; all others do not.
const JOURNEYS: &str = "journeys::";

/// All checks, or those with `part` in their titles.
pub(crate) fn run(repository: &Path, part: &str) -> Result<(), Failure> {
    let ui = repository.join("ui");
    in_order(&only(
        part,
        vec![
            Step::new("What this machine lacks", || machine::make_ready(Purpose::Check)),
            Step::check("Rust formatting", || {
                Run::new("cargo", ["fmt", "--all", "--check"]).at(repository).passed_through()
            }),
            Step::new("UI packages", || start::ui_packages(repository)),
            Step::check("UI lint", || Run::npm(["run", "lint"]).at(&ui).passed_through()),
            Step::check("UI tests", || Run::npm(["run", "test"]).at(&ui).passed_through()),
            // The shell embeds ui/dist when it is compiled, so the UI comes first.
            Step::new("UI build", || start::ui_build(repository)),
            Step::new("UI build for browsers", || start::ui_preview(repository)),
            Step::check("Rust lints, also of benchmarks and examples", || {
                let lints = ["--workspace", "--all-targets", "--", "-D", "warnings"];
                Run::cargo("clippy", lints).at(repository).passed_through()
            }),
            Step::check("Fuzz targets compile", || proofs::check_fuzz_targets(repository)),
            Step::new("The test runner", || tools::NEXTEST.make_ready(repository)),
            Step::check("Rust tests, bindings and source rules", || rust_tests(repository)),
            Step::check(days::ALSO_ON_OTHER_DAYS, || days::rust_tests(repository)),
            Step::check("Examples in Rust documentation", || {
                Run::cargo("test", ["--workspace", "--doc"]).at(repository).passed_through()
            }),
            Step::skippable("Plans against HiGHS", || milp::compare(repository)),
            Step::skippable("Member-card interface against its document", || contract::check(repository)),
            Step::skippable("Libraries of others against the practice platform", || sdk::check(repository)),
            Step::skippable("Every page in pictures, for everybody, with longer texts", || {
                pictures::compare(repository)
            }),
            Step::skippable(start::WALKTHROUGH, || on_linux(|| start::walkthrough(repository))),
            Step::skippable("Journeys through the real app, and in Chromium", || {
                on_linux(|| journeys(repository))
            }),
            Step::skippable("The package, as it is shipped", || package::check(repository)),
            Step::skippable(cross::TITLE, || cross::check(repository)),
            Step::check("Documentation", || documentation(repository)),
            Step::check("Unused dependencies", || {
                tools::MACHETE.make_ready(repository)?;
                tools::MACHETE.run(repository, ["--skip-target-dir"]).passed_through()
            }),
            Step::check("Licences, bans and sources of dependencies", || {
                tools::DENY.make_ready(repository)?;
                let checks = ["--locked", "check", "bans", "licenses", "sources"];
                tools::DENY.run(repository, checks).passed_through()
            }),
            Step::skippable("Known holes in Rust dependencies", || rust_advisories(repository)),
            Step::skippable("Known holes in UI dependencies", || ui_advisories(&ui)),
        ],
    ))
}

/// The journeys and the pictures have steps of their own.
fn rust_tests(repository: &Path) -> Result<(), Failure> {
    let wanted = format!("not test(/^({JOURNEYS}|{})/)", pictures::LOOKS);
    tools::nextest(repository, ["--workspace", "--filterset", &wanted]).passed_through()
}

/// The walkthrough has a step of its own.
fn journeys(repository: &Path) -> Result<(), Failure> {
    let wanted = format!("test(/^{JOURNEYS}/) and not test({})", start::WALKTHROUGH_TEST);
    tools::nextest(repository, ["--workspace", "--test", "e2e", "--filterset", &wanted]).passed_through()
}

/// What drives the app's web view exists on Linux only.
pub(crate) fn on_linux(work: impl Fn() -> Result<(), Failure>) -> Result<Ending, Failure> {
    if cfg!(target_os = "linux") {
        return work().map(|()| Ending::Done);
    }
    Ok(Ending::Skipped("the driver of the app's web view exists on Linux only".into()))
}

/// Only people who work on it read it, so private items are in it and may be linked to. The shell is left out: without
/// its tests it has other features, and the web view would be compiled once more.
fn documentation(repository: &Path) -> Result<(), Failure> {
    Run::cargo("doc", ["--no-deps", "--document-private-items", "--quiet"])
        .args(["--package", "billing-core", "--package", "companion", "--package", "practice"])
        .env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links")
        .at(repository)
        .passed_through()
}

fn rust_advisories(repository: &Path) -> Result<Ending, Failure> {
    let check = tools::DENY.run(repository, ["--locked", "check", "advisories"]);
    println!("$ {check}");
    let (passed, said) = check.asked()?;
    judged(&check, passed, &said, said.contains("failed to fetch advisory database"), "the advisory database")
}

fn ui_advisories(ui: &Path) -> Result<Ending, Failure> {
    let check = Run::npm(["audit", "--omit=dev"]).at(ui);
    println!("$ {check}");
    let (passed, said) = check.asked()?;
    // npm tells a hole from a silent registry by this line only; both end with status 1.
    judged(&check, passed, &said, said.contains("audit endpoint returned an error"), "the registry's audit")
}

/// A check that needs the network: its verdict, or that it could not be reached.
fn judged(check: &Run, passed: bool, said: &str, unreachable: bool, what: &str) -> Result<Ending, Failure> {
    println!("{}", said.trim_end());
    match (passed, unreachable) {
        (true, _) => Ok(Ending::Done),
        (false, true) => Ok(Ending::NotReached(format!("{what} does not answer from here"))),
        (false, false) => Err(Failure::Failed { command: check.to_string(), status: "see above".into() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_unreachable_network_is_excused() {
        let check = Run::npm(["audit"]);
        assert_eq!(judged(&check, true, "", false, "it").unwrap(), Ending::Done);
        assert!(matches!(judged(&check, false, "", true, "it"), Ok(Ending::NotReached(_))));
        assert!(judged(&check, false, "1 high severity vulnerability", false, "it").is_err());
    }
}
