//! `cargo xtask`: the commands a person types.
//!
//! It looks at the machine ([`machine`]), decides what is missing and who installs it ([`needs`], pure and
//! tested), and runs other programs with their output passed through ([`process`]). It knows nothing about
//! the application beyond the names of its build steps.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks on its output")]

mod bench;
mod checks;
mod contract;
mod cross;
mod days;
mod machine;
mod milp;
mod needs;
mod package;
mod pictures;
mod practice;
mod process;
mod proofs;
mod report;
mod sdk;
mod soak;
mod start;
mod tools;
mod ui;
mod wire;

use std::{path::PathBuf, process::ExitCode};

use process::{Failure, Run};

const HELP: &str = "\
Usage: cargo xtask <command>

  run                     install what is missing, build, and open the app in practice mode;
                          with no display, walk the onboarding wizard headless instead and leave
                          screenshots and a summary under target/walkthrough/
  test [WORDS]            install what is missing and run everything CI runs, or the steps with WORDS in their titles
  dev                     open the app with the UI reloading on every change
  dev --browser           serve the UI with the real application to a browser; prints the address
  pictures [--accept]     look at every page in every state; or keep what it looks like now, also for the guide
  bindings                write what the UI gets from Rust: types, commands, recorded answers
  package                 build the Debian package as it is shipped, install it, start it and remove it
  cross                   lint for Windows and macOS, run the tests for Windows under Wine (Debian and Ubuntu)
  bench startup [--runs N] [--release]
                          time to first content, next to that of an empty Tauri window
  bench ui [--runs N] [--release]
                          JavaScript on the start path; first content with 1,000 accounts and three years of days;
                          filter and scrolling of their table, in the app's own window
  bench core [PART...]    the billing core next to what marks the possible, in ratios; PART is replay, parse,
                          growth, stream (writes and reads a file of 1 GB) or plan (HiGHS takes minutes)
  bench wire              calls a second of both sides of the wire, next to the least that could do the same
  fuzz [--minutes N]      every fuzz target of the billing core, 10 minutes each
  mutants                 changes the rules of the billing core one at a time: a test must notice each
  soak [NAME] [--rounds N]
                          tests that get better the longer they run, all of them or one: model (the billing core
                          against its naive model, 200,000 histories), crash (practice killed under load, 200 times)
  help                    this text
";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
enum Task {
    Run,
    Test(String),
    Dev,
    DevInBrowser,
    Pictures(pictures::Answer),
    Bindings,
    Package,
    Cross,
    BenchStartup(bench::Options),
    BenchUi(bench::Options),
    BenchCore(Vec<&'static str>),
    BenchWire,
    Fuzz { minutes: u64 },
    Mutants,
    Soak(soak::Options),
    Help,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let task = match parse(&arguments) {
        Ok(task) => task,
        Err(problem) => {
            eprintln!("{problem}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match carry_out(task, &repository()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn parse(arguments: &[String]) -> Result<Task, String> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] | ["help" | "-h" | "--help", ..] | [_, "-h" | "--help"] => Ok(Task::Help),
        ["run"] => Ok(Task::Run),
        ["test", words @ ..] => Ok(Task::Test(words.join(" "))),
        ["dev"] => Ok(Task::Dev),
        ["dev", "--browser"] => Ok(Task::DevInBrowser),
        ["pictures"] => Ok(Task::Pictures(pictures::Answer::Compare)),
        ["pictures", "--accept"] => Ok(Task::Pictures(pictures::Answer::Accept)),
        ["bindings"] => Ok(Task::Bindings),
        ["package"] => Ok(Task::Package),
        ["cross"] => Ok(Task::Cross),
        ["bench", "startup", options @ ..] => bench::Options::parse(options).map(Task::BenchStartup),
        ["bench", "ui", options @ ..] => bench::Options::parse(options).map(Task::BenchUi),
        ["bench", "core", parts @ ..] => proofs::parts(parts).map(Task::BenchCore),
        ["fuzz", options @ ..] => {
            proofs::number(options, "--minutes", proofs::MINUTES).map(|minutes| Task::Fuzz { minutes })
        }
        ["mutants"] => Ok(Task::Mutants),
        ["bench", "wire"] => Ok(Task::BenchWire),
        ["soak", options @ ..] => soak::Options::parse(options).map(Task::Soak),
        other => Err(format!("`cargo xtask {}` is not a command.", other.join(" "))),
    }
}

fn carry_out(task: Task, repository: &std::path::Path) -> Result<(), Failure> {
    match task {
        Task::Help => {
            print!("{HELP}");
            Ok(())
        }
        Task::Run => start::open_or_walk(repository),
        Task::Dev => start::develop(repository),
        Task::DevInBrowser => start::serve_in_browser(repository),
        Task::Test(part) => checks::run(repository, &part),
        Task::Pictures(answer) => pictures::look(repository, answer),
        Task::Bindings => {
            Run::cargo("test", ["--package", "companion", "--test", "bindings", "--test", "recordings"])
                .env("UPDATE_BINDINGS", "1")
                .at(repository)
                .passed_through()
        }
        Task::Package => {
            report::in_order(&[report::Step::skippable("Package", || package::check(repository))])
        }
        Task::Cross => checks::run(repository, cross::TITLE),
        Task::BenchStartup(options) => bench::startup(repository, &options),
        Task::BenchUi(options) => ui::all(repository, &options),
        Task::BenchCore(parts) => proofs::bench(repository, &parts),
        Task::Fuzz { minutes } => proofs::fuzz(repository, minutes),
        Task::Mutants => proofs::mutants(repository),
        Task::BenchWire => wire::all(repository),
        Task::Soak(options) => soak::all(repository, &options),
    }
}

/// The repository this was compiled in: two folders above this crate.
fn repository() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map_or_else(|| here.clone(), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Task, String> {
        parse(&line.split_whitespace().map(String::from).collect::<Vec<_>>())
    }

    #[test]
    fn every_command_of_the_help_is_understood() {
        for line in HELP.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
            let command = line.split("  ").nth(1).unwrap_or_default();
            let command = command.split(" [").next().unwrap_or_default();
            assert!(parsed(command).is_ok(), "{command:?}");
        }
    }

    #[test]
    fn options_and_mistakes() {
        assert_eq!(parsed(""), Ok(Task::Help));
        assert_eq!(parsed("test --help"), Ok(Task::Help));
        assert!(parsed("tset").is_err());
        assert!(parsed("run now").is_err());
        assert!(parsed("bench startup --runs none").is_err());
        assert!(parsed("bench startup --runs 0").is_err());
        assert!(parsed("soak --rounds 0").is_err());
        assert!(parsed("soak nothing").is_err());
        let Ok(Task::Soak(options)) = parsed("soak crash --rounds 300") else { panic!() };
        assert_eq!((options.name, options.rounds), (Some("crash"), Some(300)));
        assert_eq!(parsed("soak"), Ok(Task::Soak(soak::Options { name: None, rounds: None })));
        let Ok(Task::BenchStartup(options)) = parsed("bench startup --runs 3 --release") else { panic!() };
        assert_eq!((options.runs, options.release), (3, true));
    }
}
