//! `cargo xtask soak`: the tests that get better the longer they run, one after the other.
//!
//! Each is a test of its own that CI runs for a moment; a variable tells it to go on for longer. To add one, add an
//! entry to [`LOOPS`].

use std::path::Path;

use crate::{
    process::{Failure, Run},
    report::{Step, in_order},
};

/// A test that can be told how often to go round.
#[derive(Debug, Clone, Copy)]
struct Loop {
    name: &'static str,
    title: &'static str,
    /// What cargo needs to know to run it.
    test: &'static [&'static str],
    /// The variable with the number of rounds.
    variable: &'static str,
    /// Rounds when nothing else is asked for.
    rounds: u64,
}

const LOOPS: [Loop; 3] = [
    Loop {
        name: "model",
        title: "The billing core against its naive model",
        test: &["--release", "--package", "billing-core", "--test", "model"],
        variable: "PROPTEST_CASES",
        rounds: 200_000,
    },
    Loop {
        name: "crash",
        title: "Practice, killed under load",
        test: &["--package", "practice", "--test", "crash"],
        variable: "CRASH_ROUNDS",
        rounds: 200,
    },
    Loop {
        name: "client-crash",
        title: "The application, killed in the middle of everything",
        test: &["--package", "companion", "--test", "journeys", "crashes"],
        variable: "CRASH_ROUNDS",
        rounds: 200,
    },
];

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Which; otherwise all.
    pub(crate) name: Option<&'static str>,
    /// How many rounds; otherwise each has its own number.
    pub(crate) rounds: Option<u64>,
}

impl Options {
    pub(crate) fn parse(words: &[&str]) -> Result<Self, String> {
        match words {
            [] => Ok(Self::default()),
            ["--rounds", number, rest @ ..] => match number.parse() {
                Ok(rounds) if rounds > 0 => Ok(Self { rounds: Some(rounds), ..Self::parse(rest)? }),
                _ => Err(format!("--rounds takes a number from 1 on, not {number:?}.")),
            },
            [word, rest @ ..] => match LOOPS.iter().find(|one| one.name == *word) {
                Some(found) => Ok(Self { name: Some(found.name), ..Self::parse(rest)? }),
                None => Err(format!("`soak` knows no {word:?}.")),
            },
        }
    }
}

pub(crate) fn all(repository: &Path, options: &Options) -> Result<(), Failure> {
    let wanted = LOOPS.iter().filter(|one| options.name.is_none_or(|name| name == one.name));
    let steps = wanted.map(|one| {
        let rounds = options.rounds.unwrap_or(one.rounds).to_string();
        Step::new(one.title, move || {
            Run::cargo("test", one.test)
                .args(["--", "--nocapture"])
                .env(one.variable, &rounds)
                .at(repository)
                .passed_through()
        })
    });
    in_order(&steps.collect::<Vec<_>>())
}
