//! What the application answers the pages, scene by scene: the UI's tests and its preview show these recordings.
//!
//! Every answer comes through the table of commands, of the application on the practice platform. With `UPDATE_BINDINGS=1`
//! (that is what `cargo xtask bindings` does) the files are written; without, a test fails where a committed one differs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that fails is a test that fails"
)]

mod accounts;
mod bill;
mod bulk;
mod card;
mod channels;
mod overview;
mod purchases;
mod recording;
mod shop;
mod stage;
mod verdicts;
mod wizard;
