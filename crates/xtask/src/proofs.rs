//! What proves the billing core beyond the tests of every day: benchmarks, fuzzing and mutations.

use std::{fs, path::Path};

use crate::{
    milp,
    process::{Failure, Run},
    start, tools,
};

/// Minutes of `fuzz` for each target, unless asked otherwise.
pub(crate) const MINUTES: u64 = 10;

/// Generated histories for each law while a rule is changed: fewer than CI's, as there are hundreds of changes.
const MUTANT_CASES: &str = "100";

/// Fuzz targets, and where texts to begin with are.
const TARGETS: [(&str, &str); 7] = [
    ("scenario", "tests/fixtures/replay"),
    ("plan", "tests/fixtures/plan"),
    ("forecast", "tests/fixtures/forecast"),
    ("tariff", "crates/billing-core/src/data"),
    ("snapshot", "fuzz/seeds/snapshot"),
    ("money", "fuzz/seeds/money"),
    ("units", "fuzz/seeds/units"),
];

/// The number behind an option, or what holds without it.
pub(crate) fn number(words: &[&str], option: &str, otherwise: u64) -> Result<u64, String> {
    match words {
        [] => Ok(otherwise),
        [name, number] if *name == option => match number.parse() {
            Ok(number) if number > 0 => Ok(number),
            _ => Err(format!("{option} takes a number from 1 on, not {number:?}.")),
        },
        other => Err(format!("{option} is the only option, not {:?}.", other.join(" "))),
    }
}

/// What `bench core` measures, each by itself.
pub(crate) const PARTS: [&str; 5] = ["replay", "parse", "growth", "stream", "plan"];

/// The parts a person named.
pub(crate) fn parts(words: &[&str]) -> Result<Vec<&'static str>, String> {
    let part = |word: &&str| {
        PARTS.into_iter().find(|part| part == word).ok_or(format!("`bench core` knows no {word:?}."))
    };
    words.iter().map(part).collect()
}

/// The parts named, or all; ratios next to what marks the possible.
pub(crate) fn bench(repository: &Path, parts: &[&'static str]) -> Result<(), Failure> {
    for part in if parts.is_empty() { PARTS.as_slice() } else { parts } {
        let solver = if *part == "plan" { milp::solver(repository)? } else { Vec::new() };
        Run::cargo("bench", ["--quiet", "--package", "billing-core", "--bench", "core", "--", part])
            .args(solver.iter().map(String::as_str))
            .at(repository)
            .passed_through()?;
    }
    Ok(())
}

/// Compiles the fuzz targets, which are a workspace of their own, as far as errors show.
pub(crate) fn check_fuzz_targets(repository: &Path) -> Result<(), Failure> {
    Run::cargo("check", ["--bins"])
        .env("CARGO_TARGET_DIR", &start::target(repository).to_string_lossy())
        .at(&repository.join("fuzz"))
        .passed_through()
}

/// Runs every fuzz target in turn; a crash ends it and leaves its input under `fuzz/artifacts`.
pub(crate) fn fuzz(repository: &Path, minutes: u64) -> Result<(), Failure> {
    tools::FUZZ.make_ready(repository)?;
    let seconds = format!("-max_total_time={}", minutes.saturating_mul(60));
    for (target, seeds) in TARGETS {
        let corpus = format!("fuzz/corpus/{target}");
        let folder = repository.join(&corpus);
        fs::create_dir_all(&folder).map_err(|error| Failure::File { path: folder, error })?;
        // The core has no unsafe code for a sanitizer to watch. The compiler's switches for fuzzing are the nightly's.
        tools::FUZZ
            .run(repository, ["run", "--sanitizer", "none", target, &corpus, seeds, "--"])
            .args([seconds.as_str(), "-timeout=20", "-print_final_stats=1"])
            .env("RUSTC_BOOTSTRAP", "1")
            .passed_through()?;
    }
    Ok(())
}

/// Changes the rules of the billing core one at a time, and expects a test to notice each; what is changed and what
/// notices stands in `.cargo/mutants.toml`. What nothing noticed is listed under `target/mutants.out`.
pub(crate) fn mutants(repository: &Path) -> Result<(), Failure> {
    tools::MUTANTS.make_ready(repository)?;
    tools::MUTANTS
        .run(repository, ["--package", "billing-core", "--output", "target", "--no-shuffle"])
        .args(["--cargo-arg", "--locked"])
        .env("PROPTEST_CASES", MUTANT_CASES)
        // That a test turned red is enough: nobody reads the smallest history that did it.
        .env("PROPTEST_MAX_SHRINK_ITERS", "0")
        .env("CARGO_PROFILE_TEST_DEBUG", "none")
        .passed_through()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fuzz_target_of_the_folder_is_run_with_texts_to_begin_with() {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        let mut found: Vec<String> = fs::read_dir(repository.join("fuzz/fuzz_targets"))
            .unwrap()
            .map(|file| file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        found.sort();
        let mut run: Vec<&str> = TARGETS.iter().map(|(target, _)| *target).collect();
        run.sort_unstable();
        assert_eq!(found, run);
        for (target, seeds) in TARGETS {
            let seeds = fs::read_dir(repository.join(seeds)).unwrap();
            assert!(seeds.count() > 0, "{target}");
        }
    }

    #[test]
    fn an_option_takes_one_number() {
        assert_eq!(number(&[], "--minutes", 10), Ok(10));
        assert_eq!(number(&["--minutes", "3"], "--minutes", 10), Ok(3));
        assert!(number(&["--minutes"], "--minutes", 10).is_err());
        assert!(number(&["--minutes", "0"], "--minutes", 10).is_err());
        assert!(number(&["--hours", "3"], "--minutes", 10).is_err());
    }

    #[test]
    fn only_parts_that_exist_are_measured() {
        assert_eq!(parts(&["plan", "parse"]), Ok(vec!["plan", "parse"]));
        assert!(parts(&["plans"]).is_err());
    }
}
