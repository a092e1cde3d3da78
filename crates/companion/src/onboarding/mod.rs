//! The guided journey of an account: its steps, who pays, and how usage is connected.

pub(crate) mod account_list;
pub(crate) mod connection;
pub(crate) mod eligibility;
pub(crate) mod steps;
pub(crate) mod verdict;
pub(crate) mod wizard;
