//! The application without a window: what the shop's questions are answered from.
//!
//! [`Companion`] is the whole of it, one line a command. A folder a feature is handed the [`context`]: the store
//! (`store/`), the clients (`clients/`) and the keyring (`secrets/`); those three never ask each other. Rules are decided by
//! `billing-core` alone. Which platform an account speaks to – WeChat's or a stand-in – is a matter of addresses and a clock,
//! both passed in.
//!
//! Invariants: what a method has acknowledged is on disk; a failed method leaves nothing half done; no secret is
//! anywhere but in the keyring; no read waits for the network.

mod accounts;
mod alerts;
pub mod api;
mod app;
mod bill_check;
mod bulk;
mod channels;
pub mod clients;
pub mod commands;
mod context;
pub mod error;
mod export;
mod forecast;
mod guard;
mod infra;
mod keychain;
mod login;
mod member_card;
mod model;
mod onboarding;
mod paths;
pub mod ports;
mod prices;
mod purchasing;
pub mod secrets;
pub mod self_check;
mod settings;
mod snapshot;
mod store;
mod usage;
mod wechat_auth;

pub use app::Companion;
pub use channels::words::MessageWords;
pub use context::{Addresses, Platform, Platforms, Setup};
pub use error::Error;
pub use infra::jobs::log_panics;
pub use infra::tables;
pub use paths::Paths;
pub use store::StoreError;
pub use wechat_auth::authorisation::Authorisation;
