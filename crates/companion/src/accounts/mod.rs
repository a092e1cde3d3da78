//! Accounts: all of them in a table, one at a glance, and how one starts.

mod overview;
pub(crate) mod start;
mod table;
