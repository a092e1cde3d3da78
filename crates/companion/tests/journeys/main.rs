//! The application against the practice platform, over real HTTP: whole journeys, refusals, crashes, secrets.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper that fails is a test that fails")]

mod full;
mod modes;
mod purchases;
mod refusals;
mod resume;
mod world;
