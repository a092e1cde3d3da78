//! The way out: WeChat's service API and the shop's member-card platform, over one HTTP client.
//!
//! A client turns one question into one answer in our own types, or into one [`ClientError`]. It keeps nothing,
//! knows no clock and no account, and never refreshes a token by itself. Wire shapes stay in the `_wire` modules.
//!
//! WeChat wants the access token in the query string. So no address leaves this module: errors and log lines carry
//! the host alone, and what a platform wrote in prose is dropped after its codes were read.

pub mod member_card;
pub mod wechat;

mod answer;
mod error;
mod http;
mod member_card_wire;
mod refusal;
mod wechat_wire;
mod whole;

pub use error::{ClientError, Waited};
pub use http::{Http, HttpLimits, Retries};
pub use member_card::MemberCard;
pub use refusal::Refusal;
pub use wechat::Wechat;
