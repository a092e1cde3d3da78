//! The real app in a real web view, worked by real clicks and keys against the practice platform inside it.
//!
//! Each test has a world of its own ([`support::world`]): files, ports, display, session bus, Secret Service. The
//! journeys below [`journeys`] need Xvfb, WebKitWebDriver, dbus and gnome-keyring; `cargo xtask test` installs them.
//! Below [`looks`] the same engine shows every page in every state on recorded answers. [`shipped`] starts the
//! installed package.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "clippy allows them in tests, but does not see that helpers of tests are part of them"
)]

mod journeys;
mod looks;
mod shipped;
mod support;
