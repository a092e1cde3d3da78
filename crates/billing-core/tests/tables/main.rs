//! The rules as tables in text: one line per event with its expected answer. A page shows a whole rule; each table names
//! the source of what it shows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod account;
mod advice;
mod allocations;
mod bills;
mod explanations;
mod extremes;
mod facts;
mod forecast;
mod guard;
mod limits;
mod orders;
mod pools_and_alerts;
mod script;
#[path = "../support/sights.rs"]
mod sights;
mod stock;
mod tariff;
