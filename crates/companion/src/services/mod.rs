//! One file per feature; each adds the feature's commands to [`crate::Companion`].

mod accounts;
mod advice;
pub(crate) mod authorisation;
mod bulk;
mod connection;
mod eligibility;
mod keeping;
mod login;
mod member_card;
mod mode;
pub(crate) mod network;
mod overview;
mod packs;
mod purchase;
mod repeats;
mod support;
pub(crate) mod sync;
pub(crate) mod tokens;
pub(crate) mod usage;
mod wizard;
