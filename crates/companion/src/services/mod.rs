//! One file per feature; each adds the feature's commands to [`crate::Companion`].

mod accounts;
mod connection;
mod eligibility;
mod login;
mod member_card;
mod overview;
mod packs;
mod purchase;
mod usage;
mod wizard;
