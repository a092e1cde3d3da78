//! The bill check: the shop's own sign-ups compared with WeChat's deductions.

mod columns;
pub(crate) mod compare;
mod records;
pub(crate) mod state;
mod upload;
mod view;
