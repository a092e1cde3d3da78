//! The guided journey of an account: its steps, who pays, and how usage is connected.

mod connection;
mod eligibility;
pub(crate) mod steps;
pub(crate) mod verdict;
mod wizard;
