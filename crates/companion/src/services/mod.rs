//! One file per feature; each adds the feature's commands to [`crate::Companion`].

mod accounts;
mod advice;
mod connection;
mod eligibility;
mod keeping;
mod login;
mod member_card;
mod mode;
mod overview;
mod packs;
mod purchase;
pub(crate) mod tokens;
mod usage;
mod wizard;
