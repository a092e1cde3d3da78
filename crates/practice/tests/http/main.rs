//! The practice platform over real HTTP, held against docs/wechat.md and not against its own structs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod bulk;
mod charging;
mod component;
mod console;
mod credentials;
mod faults;
mod guard;
mod member_card;
mod mini_game;
mod page_key;
mod phone_number;
mod push;
mod quotas;
mod records;
mod restart;
mod samples;
mod sink;
mod stand_alone;
mod support;
mod third_party;
mod tokens;
mod traffic;
mod usage;
