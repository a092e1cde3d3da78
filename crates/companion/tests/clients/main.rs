//! The clients against a server that answers byte by byte as told: every fault of the way, on every operation.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper that fails is a test that fails")]

mod application;
mod bulk;
mod fail_over;
mod faults;
mod leaks;
mod logs;
mod operations;
mod paging;
mod repeats;
mod tls;
mod tokens;
