//! The way out: WeChat's service API, the shop's member-card platform, and robots that bring alerts to the owner's phone,
//! over one HTTP client.
//!
//! A client turns one question into one answer in our own types, or into one [`ClientError`]. It keeps nothing but which
//! address of a platform answers, knows no clock and no account, and never refreshes a token by itself. Wire shapes stay
//! in the `wire` modules.
//!
//! WeChat wants the access token in the query string. So no address leaves this module: errors and log lines carry
//! the host alone, and what a platform wrote in prose is dropped after its codes were read.

pub mod member_card;
pub(crate) mod robots;
pub mod wechat;

mod answer;
mod error;
mod http;
mod pages;
mod refusal;
mod whole;

pub use error::{ClientError, Waited};
pub use http::{Hosts, Http, HttpLimits, Proxy, Retries};
pub use member_card::{MemberCard, ModeWish};
pub use refusal::Refusal;
pub use wechat::Wechat;

#[cfg(test)]
#[macro_use]
mod samples;
