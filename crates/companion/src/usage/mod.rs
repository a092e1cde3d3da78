//! Usage: readings of one account and of all, and what past readings say.

pub(crate) mod counted;
pub(crate) mod due;
pub(crate) mod history;
pub(crate) mod reading;
pub(crate) mod schedule;
pub(crate) mod state;
pub(crate) mod support;
pub(crate) mod sync;
pub(crate) mod sync_all;
pub(crate) mod sync_run;
pub(crate) mod view;
