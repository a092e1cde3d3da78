//! Files in, files out: through the library and through the real binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../support/files.rs"]
mod files;
mod forecasts;
mod plans;
mod refusals;
mod replays;
mod tariffs;
