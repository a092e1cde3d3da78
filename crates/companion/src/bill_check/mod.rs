//! The bill check: the shop's own sign-ups compared with WeChat's deductions.

mod columns;
mod compare;
mod records;
pub(crate) mod upload;
mod view;
