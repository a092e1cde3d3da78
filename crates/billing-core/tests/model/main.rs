//! A second, naive implementation of sections 4 to 6 and 12: one call at a time, everything looked up afresh, no shared
//! code beyond reading the scenario. Both must print the same statement, in memory and as a stream.
//!
//! `PROPTEST_CASES` sets how many histories; `cargo xtask soak` compares 200,000.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../support/history.rs"]
mod history;
mod naive;
#[path = "../support/text.rs"]
mod text;

use billing_core::replay::{History, Statement, Stream};
use proptest::prelude::*;
use std::io::Cursor;

/// How many histories are compared.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").map_or(5_000, |cases| cases.parse().expect("PROPTEST_CASES is a number"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn both_implementations_print_the_same_statement(scenario in history::history()) {
        let expected = naive::statement(&scenario);
        let statement = serde_json::to_value(Statement::of(&scenario).unwrap()).unwrap();
        prop_assert_eq!(&statement, &expected);
        let mut file = Vec::new();
        text::scenario(&mut file, scenario.setting(), scenario.events()).unwrap();
        let stream = Stream::open(Cursor::new(file)).unwrap();
        prop_assert_eq!(&serde_json::to_value(Statement::of(&stream).unwrap()).unwrap(), &expected);
    }
}
