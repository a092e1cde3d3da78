//! The application without a window: what the shop's questions are answered from.
//!
//! [`Companion`] is the whole of it. Services (`services/`) ask the store (`store/`), the clients (`clients/`) and the
//! keyring (`secrets/`); those three never ask each other. Rules are decided by `billing-core` alone. Which platform an
//! account speaks to – WeChat's or a stand-in – is a matter of addresses and a clock, both passed in.
//!
//! Invariants: what a method has acknowledged is on disk; a failed method leaves nothing half done; no secret is
//! anywhere but in the keyring; no read waits for the network.

pub mod clients;
mod companion;
pub mod error;
mod flight;
mod paths;
pub mod ports;
pub mod secrets;
mod services;
mod store;
mod together;
pub mod views;

pub use companion::{Addresses, Companion, Platform, Platforms, Setup};
pub use error::Error;
pub use paths::Paths;
pub use services::authorisation::Authorisation;
pub use store::StoreError;
