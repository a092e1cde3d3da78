//! Files in, files out: through the library and through the real binary.

#[path = "../support/files.rs"]
mod files;
mod plans;
mod refusals;
mod replays;
