//! Accounts: all of them in a table, one at a glance, and how one starts.

pub(crate) mod overview;
pub(crate) mod situation;
pub(crate) mod start;
pub(crate) mod table;
