//! The invariants of docs/billing-rules.md §11, over generated histories, and the optimality of plans.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod accounts;
mod bills;
mod forecasts;
mod guard;
mod histories;
#[path = "../support/history.rs"]
mod history;
mod overlaps;
mod plans;
#[path = "../support/sights.rs"]
mod sights;
mod situations;
#[path = "../support/text.rs"]
mod text;
mod units;
