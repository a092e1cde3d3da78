//! A second, naive implementation of sections 4 to 6 and 12: one call at a time, everything looked up afresh, no shared
//! code beyond reading the scenario. Both must print the same statement.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../support/history.rs"]
mod history;
mod naive;

use billing_core::replay;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, ..ProptestConfig::default() })]

    #[test]
    fn both_implementations_print_the_same_statement(scenario in history::history()) {
        let statement = serde_json::to_value(replay::run(&scenario).unwrap()).unwrap();
        prop_assert_eq!(statement, naive::statement(&scenario));
    }
}
