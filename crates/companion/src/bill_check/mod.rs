//! The bill check: the shop's own sign-ups compared with WeChat's deductions.

mod columns;
pub(crate) mod compare;
mod records;
mod upload;
mod view;
