//! 消息推送: events to an address that an account configured, signed and if wanted encrypted **W** (docs/wechat.md §3).
//!
//! | module | what it does |
//! |---|---|
//! | [`address`] | where events go |
//! | [`event`] | the events and their fields, as JSON or XML |
//! | [`watch`] | which share or day was crossed |
//! | [`envelope`] | signature and encryption |
//! | [`courier`] | delivery, and the check of a new address |
//!
//! Practice speaks to this computer only, so that no figure of it leaves it by mistake.

pub(crate) mod address;
pub(crate) mod courier;
pub(crate) mod envelope;
pub(crate) mod event;
pub(crate) mod watch;
