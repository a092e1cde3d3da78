//! Rules about the source that no compiler checks: sizes, who imports whom, names, commands.
//!
//! Functions of more than 70 lines are clippy's business (`clippy.toml`), text in templates and imports inside the
//! UI are ESLint's and the UI's own tests', crates in the dependency graph are cargo-deny's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy allows them in tests, but does not see that helpers of tests are part of them"
)]

mod ci;
mod circles;
mod citations;
mod commands;
mod english;
mod fidelity;
mod layers;
mod source;
mod texts;
mod workflows;
