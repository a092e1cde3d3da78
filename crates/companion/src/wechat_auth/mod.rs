//! How we prove to WeChat who asks: access tokens, and authorisations of third-party platforms.

pub(crate) mod authorisation;
pub(crate) mod caller;
pub(crate) mod credentials;
pub(crate) mod token_cache;
pub(crate) mod tokens;
