//! Usage: readings of one account and of all, and what past readings say.

pub(crate) mod history;
mod support;
pub(crate) mod sync;
pub(crate) mod sync_all;
