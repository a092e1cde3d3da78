//! The practice platform over real HTTP, held against the platform reference and not against its own structs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod charging;
mod component;
mod console;
mod faults;
mod guard;
mod member_card;
mod phone_number;
mod records;
mod restart;
mod stand_alone;
mod support;
mod tokens;
mod traffic;
mod usage;
